"""The sales of a period by their state, and what was paid for them by its method."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import counted_by
from hypercare.outcome.intake import took_in
from hypercare.plan.calendar import Period

_NOT_SAID = "not said"


@dataclass(frozen=True)
class SalesByHour:
    """Sales by their state, of each of the hours by its number; one without a sale is left out.

    Where the target keeps only the day of a sale, the sums are right and the hours say nothing: not `tells_hours`.
    """

    hours: Sequence[Period]
    found: Mapping[int, Mapping[str, int]]
    tells_hours: bool

    def by_state(self, since: datetime) -> Mapping[str, int]:
        """The sums of the hours from an instant on."""
        found: Counter[str] = Counter()
        for number, states in self.found.items():
            if self.hours[number].start >= since:
                found.update(states)
        return dict(found)

    def by_hour(self) -> Sequence[int]:
        """Of each hour all its sales."""
        return [sum(self.found.get(number, {}).values()) for number in range(len(self.hours))]


@dataclass(frozen=True)
class SaleBreakdown:
    model: Model

    def by_state_and_hour(self, hours: Sequence[Period]) -> SalesByHour:
        """How many sales that were entered in each of the hours, which follow each other, are drafts, final or void."""
        sale = self.model.records("sale")
        created = sale.instant("created_at")
        each = select(sale.word("state").label("state"), created.bucket(hours).label("hour")).where(
            created.within(Period(hours[0].start, hours[-1].end)), *self.model.excluding_canary(sale)
        )
        found: dict[int, Counter[str]] = defaultdict(Counter)
        for row in self.model.database.rows(counted_by(each), about="sales by state and hour"):
            if row["hour"] is not None:
                found[int(row["hour"])][str(row["state"] or _NOT_SAID)] += int(row["many"])
        took_in(sale.place, "rows", sum(one.total() for one in found.values()))
        return SalesByHour(hours, found, created.tells_hours)

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
