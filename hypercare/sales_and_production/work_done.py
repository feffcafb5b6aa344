"""Work that was done and costs nothing, though such work always does; completed orders that lack a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select

from hypercare.operations.asked_orders import orders_excluding_canary
from hypercare.operations_model.look_ups import children_beside
from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import one_if
from hypercare.operations_model.records import Records
from hypercare.operations_model.violations import Shown, ViolationQuery, Violations
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period

_LEAST = 20
# So many slips are no habit, and of many records so small a share.
_LOST_SLIPS, _SHARE_LOST = 3, 0.01
_LEFT_OUT, _SHARE_LEFT_OUT = 1, 0.005
_MOST_NAMES = 200
# The slip of a step that is done may come in a day later.
_SLIPS_COME_IN = timedelta(days=1)
_LOOKED_BACK_ON = timedelta(days=7)
_TELL_WHAT_IS_USUAL = 20_000


@dataclass(frozen=True)
class WorkDone:
    """Questions about production that was done in the period that is watched, told by what such work always had."""

    model: Model

    def steps_without_costs(self) -> Violations:
        """Steps done more than a day and less than eight ago without a cost, of the names that all but always have one.

        Raises NotCovered where no step is usually costed, or too few were done.
        """
        names = self._costed_names()
        order, cost = self._order, self.model.records("cost")
        source, step = children_beside(self.model, order, self.model.records("step"), "order")
        query = ViolationQuery(
            source=source,
            among=[*self._opened(order), *self._long_done(step), step["name"].in_(names)],
            wrong=not_(exists().where(cost["order"] == order["id"], cost["step"] == step["id"])),
            show={
                **self._shown(order),
                "step": self.model.shown(step, "name"),
                "done": self.model.shown_time(step.instant("finished_at")),
            },
            place=f"{step.place}, {cost.place}",
        )
        return Violations(self.model, query)

    def orders_that_lack_a_step(self) -> Violations:
        """Orders completed since yesterday evening without a step that all others have had.

        Raises NotCovered where too few orders were completed, or they have no step in common.
        """
        names = self._common_names()
        order = self._order
        completed = order.instant("completed_at")
        lacking = [not_(self._has_step(order, name)) for name in names]
        query = ViolationQuery(
            source=order.source,
            among=[
                order.is_("state", "done"),
                completed.within(self.model.since_yesterday_evening),
                *orders_excluding_canary(self.model, order),
            ],
            wrong=or_(*lacking),
            show={**self._shown(order), "completed": self.model.shown_time(completed)},
            place=order.place,
        )
        return Violations(self.model, query)

    # -- what such work always had -----------------------------------------------------------------------------

    def _costed_names(self) -> Sequence[str]:
        order, cost = self._order, self.model.records("cost")
        source, step = children_beside(self.model, order, self.model.records("step"), "order")
        costed = exists().where(cost["order"] == order["id"], cost["step"] == step["id"])
        # Told of each before it is grouped: not every engine sees that two expressions are one.
        newest = (
            select(step["name"].label("name"), one_if(costed).label("so"))
            .select_from(source)
            .where(*self._opened(order), *self._long_done(step))
            .limit(_TELL_WHAT_IS_USUAL)
            .subquery("newest")
        )
        statement = (
            select(newest.c.name, func.count().label("many"), func.sum(newest.c.so).label("so"))
            .group_by(newest.c.name)
            .limit(_MOST_NAMES)
        )
        rows = self.model.database.rows(statement, about="steps that have costs")
        names = [
            str(row["name"]) for row in rows if _all_but(int(row["many"]), int(row["so"]), _LOST_SLIPS, _SHARE_LOST)
        ]
        if not names:
            raise NotCovered(
                f"Not enough history: no step was done {_LEAST} times and all but always had a cost of its own.",
                remedy="Nothing to mend: the check learns from each day. Where costs are kept by order alone, "
                "orders without any are told of.",
            )
        return names

    def _common_names(self) -> Sequence[str]:
        order = self._order
        completed = order.instant("completed_at")
        earlier = Period(self.model.watched(completed, order).start, self.model.since_yesterday_evening.start)
        among = [
            order.is_("state", "done"),
            completed.within(earlier),
            *orders_excluding_canary(self.model, order),
        ]
        many = self.model.count(order, *among) if earlier.start < earlier.end else 0
        if many < _LEAST:
            raise NotCovered(
                f"Not enough history: {many} completed orders do not tell which steps belong to each.",
                remedy="Nothing to mend: the check learns from each day.",
            )
        source, step = children_beside(self.model, order, self.model.records("step"), "order")
        each = (
            select(step["name"].label("name"), func.count(order["id"].distinct()).label("many"))
            .select_from(source)
            .where(*among)
            .group_by(step["name"])
            .limit(_MOST_NAMES)
        )
        rows = self.model.database.rows(each, about="steps of completed orders")
        names = [str(row["name"]) for row in rows if _all_but(many, int(row["many"]), _LEFT_OUT, _SHARE_LEFT_OUT)]
        if not names:
            raise NotCovered(
                f"The {many} completed orders have no step in common, so none is missed.", remedy="Nothing to mend."
            )
        return names

    # -- how the questions are put together --------------------------------------------------------------------

    @property
    def _order(self) -> Records:
        return self.model.records("production_order")

    def _opened(self, order: Records) -> Sequence[ColumnElement[bool]]:
        created = order.instant("created_at")
        return (created.within(self.model.watched(created, order)), *orders_excluding_canary(self.model, order))

    def _long_done(self, step: Records) -> Sequence[ColumnElement[bool]]:
        until = self.model.as_of - _SLIPS_COME_IN
        finished = step.instant("finished_at")
        return step.is_("state", "done"), finished.surely_before(until), finished.since(until - _LOOKED_BACK_ON)

    def _has_step(self, order: Records, name: str) -> ColumnElement[bool]:
        step = self.model.records("step", "step_of_that_name")
        return exists().where(and_(step["order"] == order["id"], step["name"] == name))

    def _shown(self, order: Records) -> dict[str, Shown]:
        branch = {"branch": self.model.shown_branch(order["branch"])} if order.has("branch") else {}
        return {"order": self.model.shown_name(order), **branch}


def _all_but(many: int, so: int, few: int, share: float) -> bool:
    """Whether all of enough records are so, but for a few or a small share of them."""
    return many >= _LEAST and many - so <= max(few, share * many)
