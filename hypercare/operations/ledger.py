"""The ledger that sales and payments are posted to."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, literal_column, select

from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import whole
from hypercare.operations_model.violations import Shown, ViolationQuery, Violations
from hypercare.plan.calendar import Period


class Ledger:
    def __init__(self, model: Model) -> None:
        self.model = model

    @property
    def watched(self) -> Period:
        entry = self.model.records("ledger_entry")
        return self.model.watched(entry.instant("posted_at"), entry)

    def where_a_posting_is_not_balanced(self, period: Period | None = None) -> Violations:
        """Postings whose debits and credits differ."""
        entry = self.model.records("ledger_entry")
        posted = entry.instant("posted_at")
        debit = func.coalesce(func.sum(entry.amount("debit").exact), 0)
        credit = func.coalesce(func.sum(entry.amount("credit").exact), 0)
        postings = (
            select(
                entry["posting"].label("posting"),
                debit.label("debit"),
                credit.label("credit"),
                func.min(posted.raw).label("posted"),
            )
            .select_from(entry.source)
            .where(posted.within(period or self.watched))
            .group_by(entry["posting"])
            .subquery("postings")
        )
        gap = func.abs(postings.c.debit - postings.c.credit)
        query = ViolationQuery(
            source=postings,
            wrong=gap > literal_column("0.001"),
            stake=whole(gap),
            show={
                "posting": Shown(postings.c.posting),
                "debit": self.model.shown_minor(whole(postings.c.debit)),
                "credit": self.model.shown_minor(whole(postings.c.credit)),
            },
            place=entry.place,
            if_none="Nothing was posted in the period.",
            dated=replace(posted, raw=postings.c.posted),
            worth=func.abs(postings.c.debit),
        )
        return Violations(self.model, query)
