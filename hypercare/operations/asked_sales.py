"""How questions about some of the sales are put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, Self

from sqlalchemy import ColumnElement, FromClause, and_, func, literal_column, or_

from hypercare.operations.asked_days import AskedDays
from hypercare.operations.sale_values import entered_at, worth_of
from hypercare.operations_model.explained import unless_left_by_habit
from hypercare.operations_model.look_ups import Sums, sums_beside
from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import whole
from hypercare.operations_model.records import Records
from hypercare.operations_model.violations import Shown, ViolationQuery, Violations
from hypercare.outcome.doubt import Excuse
from hypercare.seals import Window

Among = Callable[[Records, Window], Sequence[ColumnElement[bool]]]

# A thousandth of a minor unit: below anything real, above what binary fractions are off by.
ROUNDING_TOLERANCE: ColumnElement[Any] = literal_column("0.001")
HALF: ColumnElement[Any] = literal_column("0.5")


class AskedSales:
    """Sales chosen by a condition, on the days that are asked of."""

    def __init__(self, model: Model, among: Among, days: AskedDays, if_none: str = "") -> None:
        self.model = model
        self._among = among
        self._days = days
        self._if_none = if_none

    @cached_property
    def window(self) -> Window:
        """The days that are asked of."""
        return self._days.whole

    def on_days_of(self, question: str, parts: tuple[str, ...]) -> Self:
        """These sales on the days that a question has not found in order yet."""
        asked = type(self)(self.model, self._among, self._days, self._if_none)
        asked.window = self._days.of(question, parts)
        return asked

    def chosen(self, sale: Records) -> list[ColumnElement[bool]]:
        """The conditions that make this set, on any alias of the sales."""
        return [*self._among(sale, self.window), *self.model.excluding_canary(sale)]

    def _day_of(self, sale: Records) -> ColumnElement[Any]:
        """The day among those asked on which a sale lies, by its other instant where it is on none by the first."""
        fields = [self._days.field, *(one for one in ("created_at", "finalised_at") if one != self._days.field)]
        days = [self.window.day_of(sale.instant(field)) for field in fields if sale.has(field)]
        return days[0] if len(days) == 1 else func.coalesce(*days)

    def _sums(
        self, sale: Records, child: Records, name: str, *only: ColumnElement[bool], **sums: ColumnElement[Any]
    ) -> Sums:
        """Sums over the children of just these sales, by sale."""
        return sums_beside(self.model, sale, child, "sale", *only, chosen=self.chosen, name=name, **sums)

    def _differs_from(
        self,
        sale: Records,
        child: Records,
        words: str,
        value: ColumnElement[Any],
        *only: ColumnElement[bool],
        meant: Sequence[ColumnElement[bool]] = (),
        rounds: bool = False,
    ) -> Violations:
        sums = self._sums(sale, child, "summed", *only, value=value)
        other = func.coalesce(sums["value"], 0)
        gap = func.abs(func.coalesce(sale.amount("total").exact, 0) - other)
        compared = self._compared(
            sale,
            sums,
            wrong=and_(gap > ROUNDING_TOLERANCE, *(self._not_rounded(gap, other) if rounds else ())),
            gap=gap,
            beside=(words, whole(other)),
            place=f"{sale.place}, {child.place}",
            meant=meant,
            habit=True,
        )
        return unless_left_by_habit(compared, other == 0)

    def _not_rounded(self, gap: ColumnElement[Any], paid: ColumnElement[Any]) -> Sequence[ColumnElement[bool]]:
        """Where there are no small coins, what was paid is a round sum, half of the smallest coin off at most."""
        coin = self.model.smallest_coin
        if coin <= 1:
            return ()
        rest = whole(paid) % literal_column(str(coin))
        return (or_(gap > literal_column(str(coin)) * HALF + ROUNDING_TOLERANCE, rest != 0),)

    def _is_not_nothing(
        self, sale: Records, child: Records, words: str, value: ColumnElement[Any], *only: ColumnElement[bool]
    ) -> Violations:
        sums = self._sums(sale, child, "summed", *only, value=value)
        gap = func.abs(func.coalesce(sums["value"], 0))
        return self._compared(
            sale,
            sums,
            wrong=gap > ROUNDING_TOLERANCE,
            gap=gap,
            beside=(words, whole(func.coalesce(sums["value"], 0))),
            place=f"{sale.place}, {child.place}",
            habit=True,
        )

    def _compared(
        self,
        sale: Records,
        sums: Sums,
        *,
        wrong: ColumnElement[bool],
        gap: ColumnElement[Any],
        beside: tuple[str, ColumnElement[Any]],
        place: str,
        meant: Sequence[ColumnElement[bool]] = (),
        habit: bool = False,
    ) -> Violations:
        source = sums.beside(sale.source)
        show = {"total": self.model.shown_money(sale.amount("total")), beside[0]: self.model.shown_minor(beside[1])}
        return self._violations(sale, source, wrong, show, whole(gap), place, meant, habit=habit)

    def _plain(
        self,
        sale: Records,
        wrong: ColumnElement[bool],
        show: Mapping[str, Shown] | None = None,
        *,
        habit: bool = False,
    ) -> Violations:
        return self._violations(sale, sale.source, wrong, show or {}, None, sale.place, habit=habit)

    def _violations(
        self,
        sale: Records,
        source: FromClause,
        wrong: ColumnElement[bool],
        show: Mapping[str, Shown],
        stake: ColumnElement[Any] | None,
        place: str,
        meant: Sequence[ColumnElement[bool]] = (),
        *,
        habit: bool = False,
        past: Sequence[ColumnElement[bool]] | None = None,
        excuse: Excuse | None = None,
    ) -> Violations:
        named: dict[str, Shown] = {"sale": self.model.shown_name(sale)}
        if sale.has("branch"):
            named["branch"] = self.model.shown_branch(sale["branch"])
        if sale.has("finalised_at") and "finalised" not in show:
            named["finalised"] = self.model.shown_time(sale.instant("finalised_at"))
        query = ViolationQuery(
            source=source,
            among=[*self.chosen(sale), *meant],
            wrong=wrong,
            stake=stake,
            show={**named, **show},
            place=place,
            if_none=self._if_none,
            dated=entered_at(sale),
            habit=habit,
            past=past,
            excuse=excuse,
            worth=worth_of(sale) if stake is not None else None,
            days=self.window,
            day=self._day_of(sale),
        )
        return Violations(self.model, query)
