"""Costs that may have been entered twice: the same amount for the same work on the same order, minutes apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, select

from hypercare.operations_model.model import Model
from hypercare.operations_model.records import Records
from hypercare.outcome.doubt import doubt_among
from hypercare.outcome.found import Found

_ALIKE_IN = ("kind", "step", "entered_by", "branch")
_MOST_CANDIDATES = 20_000

Chosen = Callable[[Records, Records], Sequence[ColumnElement[bool]]]


@dataclass(frozen=True)
class DuplicateCosts:
    """The question after duplicates among the costs that `chosen` picks, beside their orders."""

    model: Model
    chosen: Chosen

    def within(self, length: timedelta) -> Found:
        """Costs of the same order, kind, step, person and amount, entered so soon after another.

        In doubt where that is usual: piece-work that is booked piece by piece.
        """
        cost, order = self.model.records("cost"), self.model.records("production_order")
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
        source = cost.source.join(order.source, cost["order"] == order["id"])
        among = self.chosen(cost, order)
        beside = (
            select(*(column.label(name) for name, column in columns.items()))
            .select_from(source)
            .where(*among, cost["amount"] > 0)
            .subquery("beside")
        )
        with self.model.database.snapshot():
            counted = select(func.count()).select_from(source).where(*among)
            of = int(self.model.database.value(counted, about="costs"))
            statement = select(beside).where(beside.c.before.is_not(None)).limit(_MOST_CANDIDATES)
            candidates = self.model.database.rows(statement, about="costs that are alike")
        rows, stake = [], Decimal(0)
        for row in candidates:
            first, second = (
                entered.timestamp_format.decode(row["before"]),
                entered.timestamp_format.decode(row["entered"]),
            )
            if first is not None and second is not None and second - first <= length:
                stake += self.model.money(row["amount"])
                rows.append(self._row(row, first, second))
        found = self.model.found(rows, of=of, place=cost.place, money=stake)
        doubt = doubt_among(found.count, of, "costs are the same as another on their order, minutes before")
        return replace(found, doubt=doubt)

    def _row(self, row: Any, first: Any, second: Any) -> dict[str, object]:
        zone = self.model.calendar.zone
        shown: dict[str, object] = {"cost": row["cost"], "order": row["order"]}
        if "branch" in row:
            shown["branch"] = self.model.branch_word(row["branch"])
        if "kind" in row:
            shown["kind"] = row["kind"]
        return {
            **shown,
            "amount": f"{self.model.money(row['amount']):.{self.model.digits}f}",
            "entered": f"{second.astimezone(zone):%Y-%m-%d %H:%M}",
            "entered before": f"{first.astimezone(zone):%Y-%m-%d %H:%M}",
        }
