"""Production orders and their steps as one question asks for them: of which days, and what tells them apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, FromClause, func, literal_column, or_

from hypercare.operations.order_completion import last_touched
from hypercare.operations_model.look_ups import Sums, children_beside, sums_beside
from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import count_if
from hypercare.operations_model.records import Records
from hypercare.operations_model.violations import Root, Shown, ViolationQuery, Violations
from hypercare.seals import Window

# Of an order, its steps and the costs of its steps, what one of them is wrong in is told once.
PROGRESS = "progress"


@dataclass(frozen=True)
class _UnchangedDays:
    """Sealed days as a question about orders weighs them: nothing of them has moved since, so all is of the past."""

    window: Window

    @property
    def seals(self) -> bool:
        return self.window.seals

    @property
    def remembered(self) -> Mapping[str, int]:
        return self.window.remembered

    @property
    def sealed(self) -> Mapping[date, Mapping[str, Any]]:
        return self.window.sealed

    def judged(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self.window.judged({**row, "past": row["looked_at"]} for row in rows)


@dataclass(frozen=True)
class AskedOrders:
    """The orders that were opened on the days of a window, without those of the canary and of synthetic sales.

    They are `dated_by_steps` where one that was worked on today counts as new.
    """

    model: Model
    window: Window
    dated_by_steps: bool = True

    @cached_property
    def order(self) -> Records:
        return self.model.records("production_order")

    def chosen(self, order: Records) -> list[ColumnElement[bool]]:
        """Of the days that are asked; and what has no date or one in the future, which no day would ever show."""
        created = order.instant("created_at")
        in_sight = or_(
            self.window.within(created), created.surely_since(self.model.latest_possible), created.is_missing
        )
        return [in_sight, *orders_excluding_canary(self.model, order)]

    # -- what is done of each order --------------------------------------------------------------------------

    @cached_property
    def steps(self) -> Sums:
        """By order, how many steps there are ("many"), "done", and "begun"."""
        step = self.model.records("step")
        return sums_beside(
            self.model,
            self.order,
            step,
            "order",
            chosen=self.chosen,
            name="steps",
            many=func.count(),
            done=count_if(step.is_("state", "done")),
            begun=count_if(step.is_("state", "started", "done")),
        )

    def wrong_by_steps(
        self, wrong: ColumnElement[bool], show: Mapping[str, Shown], if_none: str = "", *, habit: bool = True, rank: int
    ) -> Violations:
        """Orders that their `steps` deny; those without any are left to another question."""
        source, some = self.steps.beside(self.order.source), self.steps["many"] > literal_column("0")
        return self._violations(wrong, show, if_none, source=source, among=[some], habit=habit, rank=rank)

    def wrong(self, wrong: ColumnElement[bool], show: Mapping[str, Shown], if_none: str = "") -> Violations:
        return self._violations(wrong, show, if_none, source=self.order.source, among=[], habit=True, rank=1)

    def _violations(
        self,
        wrong: ColumnElement[bool],
        show: Mapping[str, Shown],
        if_none: str,
        *,
        source: FromClause,
        among: Sequence[ColumnElement[bool]],
        habit: bool,
        rank: int,
    ) -> Violations:
        order, created = self.order, self.order.instant("created_at")
        query = ViolationQuery(
            source=source,
            among=[*self.chosen(order), *among],
            wrong=wrong,
            show={"order": self.model.shown_name(order), **self._branch, **show},
            place=order.place,
            if_none=if_none,
            dated=last_touched(self.model, order) if self.dated_by_steps else created,
            habit=habit,
            root=Root(PROGRESS, order["id"], rank),
            days=_UnchangedDays(self.window),
            day=self.window.day_of(created),
        )
        return Violations(self.model, query)

    # -- step by step ----------------------------------------------------------------------------------------

    @cached_property
    def _steps_of_orders(self) -> tuple[FromClause, Records]:
        return children_beside(self.model, self.order, self.model.records("step"), "order")

    @property
    def step(self) -> Records:
        """Each step of the orders, for the conditions of `wrong_steps`."""
        return self._steps_of_orders[1]

    def wrong_steps(self, wrong: ColumnElement[bool], show: Mapping[str, Shown], *, habit: bool = True) -> Violations:
        order, step = self.order, self.step
        created = order.instant("created_at")
        named: dict[str, Shown] = {"order": self.model.shown_name(order), **self._branch}
        named["step"] = self.model.shown(step, "name" if step.has("name") else "id")
        query = ViolationQuery(
            source=self._steps_of_orders[0],
            among=self.chosen(order),
            wrong=wrong,
            show={**named, **show},
            place=step.place,
            dated=created,
            habit=habit,
            root=Root(PROGRESS, order["id"], rank=1),
            days=_UnchangedDays(self.window),
            day=self.window.day_of(created),
        )
        return Violations(self.model, query)

    @property
    def _branch(self) -> Mapping[str, Shown]:
        return {"branch": self.model.shown_branch(self.order["branch"])} if self.order.has("branch") else {}


def orders_excluding_canary(model: Model, order: Records) -> Sequence[ColumnElement[bool]]:
    """Conditions that leave out the orders of the canary and of synthetic sales."""
    return (*model.excluding_canary(order), *model.synthetic.not_of_synthetic_sale(order))
