"""What all branches have together, beside the whole: added up from what is remembered of each day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, func, literal_column, not_, null, or_, select

from hypercare.operations_model.amounts import total_of
from hypercare.operations_model.model import Model
from hypercare.operations_model.records import Records
from hypercare.seals import Seals, Watch, Window

TooLate = Callable[[Records, Records], ColumnElement[bool]]
_WHOLE, _TOGETHER = "the whole", "branches together"


@dataclass(frozen=True)
class Sums:
    """How many records there are, and what they come to in minor units: in all, and in all branches together."""

    entity: str
    many: int = 0
    amount: int = 0
    many_together: int = 0
    amount_together: int = 0

    def plus(self, *numbers: int) -> Sums:
        own = (self.many, self.amount, self.many_together, self.amount_together)
        return Sums(self.entity, *(one + other for one, other in zip(own, numbers, strict=True)))

    @property
    def differs(self) -> bool:
        return (self.many, self.amount) != (self.many_together, self.amount_together)

    def gap(self, model: Model) -> Decimal:
        return abs(model.money(self.amount) - model.money(self.amount_together))

    def row(self, model: Model) -> dict[str, object]:
        """As a row of a sample."""
        shown: dict[str, object] = {
            "what": "final sales" if self.entity == "sale" else "production orders",
            "whole": self.many,
            "branches together": self.many_together,
        }
        if self.entity == "sale":
            shown["amount of the whole"] = str(model.money(self.amount))
            shown["amount of the branches"] = str(model.money(self.amount_together))
        return shown


@dataclass
class SumsOfBranches:
    """Of final sales or of production orders. What came too late for its branch is none of its own."""

    model: Model
    seals: Seals
    entity: str
    too_late: TooLate
    _of_no_day: list[int] = field(default_factory=lambda: [0] * 4)

    def in_all(self) -> Sums:
        if not self.model.records(self.entity).has("created_at"):
            # What no date tells apart is added up anew each time.
            self._of_window(None)
            return Sums(self.entity).plus(*self._of_no_day)
        watch = Watch(self.entity, "created_at", beside=("branch",))
        by_day = self.seals.daily(f"sums of branches, {self.entity}", watch, self._of_window)
        found = Sums(self.entity).plus(*self._of_no_day)
        for numbers in by_day.values():
            found = found.plus(*numbers)
        return found

    def _of_window(self, window: Window | None) -> Mapping[date, list[int]]:
        """By day, the numbers of Sums; what has no date, or one in the future, is put aside."""
        records, branch = self.model.records(self.entity), self.model.records("branch")
        in_time = not_(self.too_late(records, branch))
        joined = records.source.join(branch.source, and_(branch["id"] == records["branch"], in_time))
        found: dict[date, list[int]] = {}
        for place, (source, about) in enumerate(((records.source, _WHOLE), (joined, _TOGETHER))):
            for row in self._by_day(window, records, source, about):
                day = None if row["day"] is None or window is None else window.days[int(row["day"])].date
                numbers = self._of_no_day if day is None else found.setdefault(day, [0] * 4)
                numbers[2 * place] += int(row["many"])
                numbers[2 * place + 1] += int(row["sum"])
        return found

    def _by_day(self, window: Window | None, records: Records, source: FromClause, about: str) -> Any:
        is_sale = self.entity == "sale"
        amount = records.amount("total").exact if is_sale else literal_column("0")
        day, asked = self._days(window, records)
        each = (
            select(day.label("day"), amount.label("amount"))
            .select_from(source)
            .where(
                *asked,
                *self.model.excluding_canary(records),
                *([records.is_("state", "final")] if is_sale else []),
            )
            .subquery("each_one")
        )
        total = total_of(each.c.amount) if is_sale else literal_column("0")
        statement = select(each.c.day, func.count().label("many"), total.label("sum")).group_by(each.c.day)
        return self.model.database.rows(statement, about=f"{self.entity}: {about}")

    def _days(self, window: Window | None, records: Records) -> tuple[ColumnElement[Any], list[ColumnElement[bool]]]:
        """Of which day a record is, and which are asked."""
        if window is None:
            return null(), []
        created = records.instant("created_at")
        of_no_day = or_(created.surely_since(self.model.latest_possible), created.is_missing)
        return window.day_of(created), [or_(window.within(created), of_no_day)]
