"""Costs as one question asks for them: those of which days, each beside its order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, func, or_

from hypercare.operations.asked_orders import orders_excluding_canary
from hypercare.operations_model.look_ups import owner_beside
from hypercare.operations_model.model import Model
from hypercare.operations_model.records import Records
from hypercare.operations_model.violations import Root, Shown, ViolationQuery, Violations
from hypercare.operations_model.weighing import JudgedDays
from hypercare.seals import Window


@dataclass(frozen=True)
class AskedCosts:
    """The costs that were entered on the days of a window, without those of the canary and of synthetic sales."""

    model: Model
    window: Window

    @cached_property
    def cost(self) -> Records:
        return self.model.records("cost")

    @cached_property
    def _beside_orders(self) -> tuple[FromClause, Records]:
        return owner_beside(self.model, self.cost, self.model.records("production_order"), "order")

    @property
    def source(self) -> FromClause:
        """Each cost beside its order; one that does not exist is null."""
        return self._beside_orders[0]

    @property
    def order(self) -> Records:
        """The order of each cost, for the conditions of a question about both."""
        return self._beside_orders[1]

    @property
    def chosen(self) -> Sequence[ColumnElement[bool]]:
        """Of the days that are asked alone."""
        return (self.window.within(self.cost.instant("entered_at")), *self._excluding_canary)

    @property
    def of_no_day(self) -> ColumnElement[bool]:
        """What has no date or one in the future, which no day would ever show."""
        entered = self.cost.instant("entered_at")
        return or_(entered.surely_since(self.model.latest_possible), entered.is_missing)

    @property
    def _excluding_canary(self) -> Sequence[ColumnElement[bool]]:
        return costs_excluding_canary(self.model, self.cost, self.order)

    def wrong(
        self,
        wrong: ColumnElement[bool],
        more: Mapping[str, Shown] | None = None,
        *,
        among: Sequence[ColumnElement[bool]] = (),
        root: Root | None = None,
        days: JudgedDays | None = None,
    ) -> Violations:
        """Those that are wrong, of the days asked and of none; `days` where it is not the window that is judged."""
        cost, order, entered, amount = (
            self.cost,
            self.order,
            self.cost.instant("entered_at"),
            self.cost.amount("amount"),
        )
        query = ViolationQuery(
            source=self.source,
            among=[or_(self.window.within(entered), self.of_no_day), *self._excluding_canary, *among],
            wrong=wrong,
            stake=func.abs(amount.minor),
            show={
                "cost": self.model.shown(cost, "id"),
                "order": self.model.shown_name(order),
                **branch_of(self.model, order),
                **({"kind": self.model.shown(cost, "kind")} if cost.has("kind") else {}),
                "amount": self.model.shown_money(amount),
                "entered": self.model.shown_time(entered),
                **(more or {}),
            },
            place=cost.place,
            dated=entered,
            habit=True,
            root=root,
            days=self.window if days is None else days,
            day=self.window.day_of(entered),
        )
        return Violations(self.model, query)


def costs_excluding_canary(model: Model, cost: Records, order: Records) -> Sequence[ColumnElement[bool]]:
    """Conditions that leave out what was entered for the canary; a cost on no order stays in."""
    real = orders_excluding_canary(model, order)
    # Without a canary there is nothing to leave out, and an empty condition would leave out every cost on an order.
    of_real_order = (or_(order["id"].is_(None), and_(*real)),) if real else ()
    return (*model.excluding_canary(cost), *of_real_order)


def branch_of(model: Model, order: Records) -> Mapping[str, Any]:
    """The branch of an order, for a sample."""
    return {"branch": model.shown_branch(order["branch"])} if order.has("branch") else {}
