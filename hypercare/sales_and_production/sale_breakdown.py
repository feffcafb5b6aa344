"""The sales of a period by their state, and what was paid for them by its method."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import counted_by
from hypercare.outcome.intake import took_in
from hypercare.plan.calendar import Period

_NOT_SAID = "not said"


@dataclass(frozen=True)
class SaleBreakdown:
    model: Model

    def by_state(self, period: Period) -> Mapping[str, int]:
        """How many sales that were entered in the period are drafts, final or void now."""
        sale = self.model.records("sale")
        each = select(sale.word("state").label("state")).where(
            sale.instant("created_at").within(period), *self.model.excluding_canary(sale)
        )
        found: Counter[str] = Counter()
        for row in self.model.database.rows(counted_by(each), about="sales by state"):
            found[str(row["state"] or _NOT_SAID)] += int(row["many"])
        took_in(sale.place, "rows", found.total())
        return dict(found)

    def paid_by_method(self, period: Period) -> Mapping[str, Decimal]:
        """What was paid in the period, less what was given back, by its method."""
        payment = self.model.records("payment")
        each = select(payment.word("method").label("method"), payment.amount("amount").minor.label("minor")).where(
            payment.instant("paid_at").within(period),
            *self.model.excluding_canary(payment),
            *self.model.synthetic.not_of_synthetic_sale(payment),
        )
        found: dict[str, Decimal] = defaultdict(Decimal)
        for row in self.model.database.rows(counted_by(each), about="payments by method"):
            found[str(row["method"] or _NOT_SAID)] += int(row["many"]) * self.model.money(row["minor"])
        took_in(payment.place, "rows", len(found))
        return dict(found)
