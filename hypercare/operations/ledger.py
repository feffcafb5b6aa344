"""The ledger that sales and payments are posted to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, case, func, literal_column, select

from hypercare.operations.asked_days import AskedDays
from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import whole
from hypercare.operations_model.records import Records
from hypercare.operations_model.violations import Shown, ViolationQuery, Violations
from hypercare.plan.calendar import Period
from hypercare.seals import Seals

_ROUNDING_TOLERANCE: ColumnElement[Any] = literal_column("0.001")


class Ledger:
    def __init__(self, model: Model, seals: Seals) -> None:
        self.model = model
        self._days = AskedDays(model, seals, "postings", "ledger_entry", "posted_at")

    def where_a_posting_is_not_balanced(self, period: Period | None = None) -> Violations:
        """Postings whose debits and credits differ, with what was posted for them on other days as well."""
        entry = self.model.records("ledger_entry")
        posted = entry.instant("posted_at")
        # There are many entries a sale: of more than are bearable only the last days are watched.
        window = replace(self._days, period=period).of("balance", since=self.model.watched(posted, entry).start)
        debit, credit = _sides(entry)
        postings = (
            select(
                entry["posting"].label("posting"),
                debit.label("debit"),
                credit.label("credit"),
                func.min(posted.raw).label("posted"),
            )
            .select_from(entry.source)
            .where(window.within(posted))
            .group_by(entry["posting"])
            .subquery("postings")
        )
        first = replace(posted, raw=postings.c.posted)
        gap = func.abs(postings.c.debit - postings.c.credit)
        query = ViolationQuery(
            source=postings,
            wrong=and_(gap > _ROUNDING_TOLERANCE, self._in_all(postings, gap) > _ROUNDING_TOLERANCE),
            stake=whole(gap),
            show={
                "posting": Shown(postings.c.posting),
                "debit": self.model.shown_minor(whole(postings.c.debit)),
                "credit": self.model.shown_minor(whole(postings.c.credit)),
            },
            place=entry.place,
            if_none="Nothing was posted in the period.",
            dated=first,
            worth=func.abs(postings.c.debit),
            days=window,
            day=window.day_of(first),
        )
        return Violations(self.model, query)

    def _in_all(self, postings: FromClause, gap: ColumnElement[Any]) -> ColumnElement[Any]:
        """What the sides of a posting differ by in all: it may have been made on two days, of which one is asked."""
        entry = self.model.records("ledger_entry", "entry_of_posting")
        debit, credit = _sides(entry)
        whole_posting = select(func.abs(debit - credit)).select_from(entry.source)
        of_it = whole_posting.where(entry["posting"] == postings.c.posting).scalar_subquery()
        return case((postings.c.posting.is_(None), gap), else_=of_it)


def _sides(entry: Records) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    debit, credit = (func.coalesce(func.sum(entry.amount(side).exact), 0) for side in ("debit", "credit"))
    return debit, credit
