"""Costs that may have been entered twice: the same amount for the same work on the same order, minutes apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from hypercare.costs.asked_costs import AskedCosts
from hypercare.operations.asked_days import AskedDays
from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import counted_by
from hypercare.outcome.doubt import doubt_among
from hypercare.outcome.found import Found
from hypercare.plan.calendar import Period
from hypercare.seals import Window

_ALIKE_IN = ("kind", "step", "entered_by", "branch")
_MOST_CANDIDATES = 20_000

_Row = Mapping[str, Any]


@dataclass(frozen=True)
class _Pair:
    row: _Row
    first: datetime
    second: datetime


@dataclass(frozen=True)
class DuplicateCosts:
    """The question after duplicates among the costs of some days."""

    model: Model
    days: AskedDays

    def within(self, length: timedelta) -> Found:
        """Costs of the same order, kind, step, person and amount, entered so soon after another.

        In doubt where that is usual: piece-work that is booked piece by piece.
        """
        window = self.days.of("entered twice")
        with self.model.database.snapshot():
            counted = self._counted(window)
            statement = self._alike(window, length).limit(_MOST_CANDIDATES)
            candidates = self.model.database.rows(statement, about="costs that are alike")
        pairs = [
            pair for pair in map(self._pair, candidates) if pair is not None and pair.second - pair.first <= length
        ]
        wrong = [pair.row["day"] for pair in pairs] if len(candidates) < _MOST_CANDIDATES else [*counted]
        window.judged({"day": day, "wrong": wrong.count(day), "looked_at": many} for day, many in counted.items())
        of = sum(counted.values()) + window.remembered.get("looked_at", 0)
        stake = sum((self.model.money(pair.row["amount"]) for pair in pairs), Decimal(0))
        place = self.model.records("cost").place
        found = self.model.found([self._shown(pair) for pair in pairs], of=of, place=place, money=stake)
        doubt = doubt_among(found.count, of, "costs are the same as another on their order, minutes before")
        return replace(found, doubt=doubt)

    def _counted(self, window: Window) -> Mapping[int, int]:
        asked = AskedCosts(self.model, window)
        day = window.day_of(asked.cost.instant("entered_at")).label("day")
        statement = counted_by(
            select(day).select_from(asked.source).where(*asked.chosen, asked.order["id"].is_not(None))
        )
        return {int(row["day"]): int(row["many"]) for row in self.model.database.rows(statement, about="costs by day")}

    def _alike(self, window: Window, length: timedelta) -> Select[Any]:
        """Costs with the one before that is alike, where either is of a day that is asked."""
        asked = AskedCosts(self.model, _wider(window, length))
        cost, order = asked.cost, asked.order
        entered, amount = cost.instant("entered_at"), cost.amount("amount")
        alike: list[ColumnElement[Any]] = [cost["order"], amount.minor]
        alike += [cost[field] for field in _ALIKE_IN if cost.has(field)]
        before = func.lag(entered.raw).over(partition_by=alike, order_by=[entered.raw, cost["id"]])
        columns: dict[str, ColumnElement[Any]] = {
            "cost": cost["id"],
            "order": self.model.shown_name(order).expression,
            "amount": amount.minor,
            "entered": entered.raw,
            "before": before,
            **({"kind": cost["kind"]} if cost.has("kind") else {}),
            **({"branch": order["branch"]} if order.has("branch") else {}),
        }
        beside = (
            select(*(column.label(name) for name, column in columns.items()))
            .select_from(asked.source)
            .where(*asked.chosen, cost["amount"] > 0, order["id"].is_not(None))
            .subquery("beside")
        )
        days = [window.day_of(replace(entered, raw=beside.c[name])) for name in ("entered", "before")]
        day = func.coalesce(*days)
        return select(beside, day.label("day")).where(beside.c.before.is_not(None), day.is_not(None))

    def _pair(self, row: _Row) -> _Pair | None:
        decode = self.model.records("cost").instant("entered_at").timestamp_format.decode
        first, second = decode(row["before"]), decode(row["entered"])
        return None if first is None or second is None else _Pair(row, first, second)

    def _shown(self, pair: _Pair) -> dict[str, object]:
        zone, row = self.model.calendar.zone, pair.row
        shown: dict[str, object] = {"cost": row["cost"], "order": row["order"]}
        if "branch" in row:
            shown["branch"] = self.model.branch_word(row["branch"])
        if "kind" in row:
            shown["kind"] = row["kind"]
        return {
            **shown,
            "amount": f"{self.model.money(row['amount']):.{self.model.digits}f}",
            "entered": f"{pair.second.astimezone(zone):%Y-%m-%d %H:%M}",
            "entered before": f"{pair.first.astimezone(zone):%Y-%m-%d %H:%M}",
        }


def _wider(window: Window, length: timedelta) -> Window:
    """With what lies so close to the days that it may be the same: as one day for each range."""
    ranges = [Period(one.start - length, min(one.end + length, window.whole.end)) for one in window.ranges]
    return replace(window, days=tuple(replace(window.days[0], period=one) for one in ranges))
