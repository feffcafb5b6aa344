"""Production: orders, their steps, and whether what is shown is what was done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select, true

from hypercare.database.database import Database
from hypercare.operations.activity import ActivityLog
from hypercare.operations.asked_days import AskedDays
from hypercare.operations.asked_orders import AskedOrders, orders_excluding_canary
from hypercare.operations.order_completion import OrderCompletion
from hypercare.operations.pace import Pace, branches_at_work, pace_of
from hypercare.operations.sale_lookup import ids_of_branch
from hypercare.operations_model.indexes import found_by_index
from hypercare.operations_model.instants import Instant
from hypercare.operations_model.look_ups import has_any
from hypercare.operations_model.portable import counted_by, untyped
from hypercare.operations_model.records import Records
from hypercare.operations_model.resource import Resource
from hypercare.operations_model.violations import Shown, Violations
from hypercare.plan.calendar import Period
from hypercare.seals import Seals
from hypercare.target_file.target import Target

NO_ORDERS = "No production order was opened in the period, so there was nothing to compare."


class Production(Resource):
    """Production orders and steps; those of synthetic sales are left out.

    What is wrong in an order or its steps whatever the hour is asked of the days whose orders have changed alone.
    """

    def __init__(self, target: Target, database: Database, seals: Seals | None = None) -> None:
        super().__init__(target, database)
        self._days = AskedDays(
            self.model, seals or Seals(target, database), "production orders", "production_order", "created_at"
        )

    @cached_property
    def watched(self) -> Period:
        """Since go-live where that is small enough to look at daily, or else since yesterday evening."""
        return self._days.whole.whole

    def _asked(self, question: str) -> AskedOrders:
        return AskedOrders(self.model, self._days.of(question, ("step",)))

    @cached_property
    def _all(self) -> AskedOrders:
        """For what becomes wrong by the hour, or by what its sale is, while nothing of the order changes."""
        return AskedOrders(self.model, self._days.whole, dated_by_steps=False)

    def orders_at_rest(self, longer_than: timedelta) -> Violations:
        """Orders under way on which no step is in hand and none has moved for longer than this."""
        order, step = self._all.order, self.model.records("step")
        since = self.model.as_of - longer_than
        created = order.instant("created_at")
        lately = or_(
            step.is_("state", "started"),
            step.instant("started_at").since(since),
            step.instant("finished_at").since(since),
        )
        moved = has_any(self.model, step, "order", order["id"], lately)
        some = has_any(self.model, step, "order", order["id"])
        return self._all.wrong(
            and_(order.is_("state", "open", "in_progress"), created.surely_before(since), some, not_(moved)),
            {"state": self.model.shown(order, "state"), "opened": self.model.shown_time(created)},
        )

    # -- figures ---------------------------------------------------------------------------------------------

    def orders_completed(self, period: Period) -> int:
        order = self.model.records("production_order")
        done = (order.is_("state", "done"), order.instant("completed_at").within(period))
        return self.model.count(order, *done, *self.orders_excluding_canary(order))

    @property
    def completion(self) -> OrderCompletion:
        """When orders were completed, beside when their last step was done."""
        return OrderCompletion(self.model, self._all.chosen)

    def orders_created(self, period: Period) -> int:
        order = self.model.records("production_order")
        return self.model.count(order, order.instant("created_at").within(period), *self.orders_excluding_canary(order))

    def steps_completed(self, period: Period) -> int:
        """Steps that were finished in the period and are done."""
        return self._count_steps(
            lambda step: and_(
                step.is_("state", "done"),
                step.instant("finished_at").within(period),
                *self._touched_since(step, "finished_at", period.start),
            )
        )

    def steps_updated(self, period: Period) -> int:
        """Steps that somebody touched in the period, each counted once.

        A step keeps only its last touch, so what is looked back on is counted from the activity log where there is one.
        """
        if self.target.is_replay and self.model.has("activity", "action", "entity_id", "at"):
            return ActivityLog(self.target, self.model.database).things("step.update", period)

        def touched(step: Records) -> ColumnElement[bool]:
            by_somebody = step["updated_by"].is_not(None) if step.has("updated_by") else true()
            return and_(step.instant("updated_at").within(period), by_somebody)

        return self._count_steps(touched)

    def pace(self, last: timedelta | None = None) -> Pace:
        """Steps begun or finished today so far, by branch, against the same hours of earlier days."""
        return pace_of(self.model, self._moved, branches_at_work(self.model, "step", "updated_by"), last)

    def _moved(self, periods: Sequence[Period]) -> Mapping[tuple[int, object], int]:
        found: Counter[tuple[int, object]] = Counter()
        for field in ("started_at", "finished_at"):
            step, order = self.model.records("step"), self.model.records("production_order")
            instant = step.instant(field)
            number = instant.bucket(periods)
            statement = counted_by(
                select(number.label("number"), order["branch"].label("branch"))
                .select_from(step.source.join(order.source, step["order"] == order["id"]))
                .where(
                    instant.within(Period(periods[-1].start, periods[0].end)),
                    *self._touched_since(step, field, periods[-1].start),
                    *self.orders_excluding_canary(order),
                )
            )
            for row in self.model.database.rows(statement, about=f"steps by day and branch ({field})"):
                if row["number"] is not None:
                    found[int(row["number"]), row["branch"]] += int(row["many"])
        return found

    def _touched_since(self, step: Records, field: str, start: datetime) -> Sequence[ColumnElement[bool]]:
        """What moved since then was touched since then: worth saying where an index helps with the one alone."""
        if tuple(found_by_index(self.model, step, "updated_at", field)) != (True, False):
            return ()
        touched = step.instant("updated_at")
        return (or_(touched.since(start), touched.is_missing),)

    # -- orders ----------------------------------------------------------------------------------------------

    def orders_in_a_strange_state(self) -> Violations:
        asked = self._asked("known states")
        show = {"state": self.model.shown(asked.order, "state")}
        return asked.wrong(asked.order.has_unknown_value("state"), show, "Nothing to look at.")

    def orders_whose_progress_differs_from_their_steps(self) -> Violations:
        """Orders that show another percentage than steps done of all steps; rounded either way is right."""
        asked = self._asked("progress shown")
        order, steps = asked.order, asked.steps
        off = func.abs(order["progress"] * steps["many"] - 100 * steps["done"]) > steps["many"]
        show = {
            "progress shown": self.model.shown(order, "progress"),
            "steps done": Shown(steps["done"]),
            "steps": Shown(steps["many"]),
        }
        return asked.wrong_by_steps(or_(order["progress"].is_(None), off), show, NO_ORDERS, habit=False, rank=1)

    def orders_done_with_a_step_open(self) -> Violations:
        asked = self._asked("done with a step open")
        order, steps = asked.order, asked.steps
        show = {"steps done": Shown(steps["done"]), "steps": Shown(steps["many"])}
        return asked.wrong_by_steps(and_(order.is_("state", "done"), steps["done"] < steps["many"]), show, rank=2)

    def orders_open_with_every_step_done(self) -> Violations:
        asked = self._asked("open with every step done")
        order, steps = asked.order, asked.steps
        wrong = and_(order.is_("state", "open", "in_progress"), steps["done"] == steps["many"])
        show = {"state": self.model.shown(order, "state"), "steps": Shown(steps["many"])}
        return asked.wrong_by_steps(wrong, show, rank=2)

    def orders_not_begun_with_a_step_begun(self) -> Violations:
        asked = self._asked("not begun with a step begun")
        order, steps = asked.order, asked.steps
        show = {"steps begun": Shown(steps["begun"]), "steps": Shown(steps["many"])}
        return asked.wrong_by_steps(and_(order.is_("state", "open"), steps["begun"] > 0), show, rank=1)

    def orders_begun_with_no_step_begun(self) -> Violations:
        asked = self._asked("begun with no step begun")
        order, steps = asked.order, asked.steps
        show = {"steps": Shown(steps["many"])}
        return asked.wrong_by_steps(and_(order.is_("state", "in_progress"), steps["begun"] == 0), show, rank=1)

    def orders_completed_at_a_wrong_time(self) -> Violations:
        """Orders done without a date, before they were opened, before their last step, or in the future."""
        asked = self._asked("time of completion")
        order, step = asked.order, self.model.records("step")
        created, completed = order.instant("created_at"), order.instant("completed_at")
        too_early = completed.surely_precedes(step.instant("finished_at"))
        later_step = exists().where(step["order"] == order["id"], too_early)
        wrong = or_(
            completed.is_missing,
            completed.surely_since(self.model.latest_possible),
            completed.surely_precedes(created),
            later_step,
        )
        return asked.wrong(
            and_(order.is_("state", "done"), wrong),
            {"created": self.model.shown_time(created), "completed": self.model.shown_time(completed)},
        )

    def orders_without_steps(self, older_than: timedelta) -> Violations:
        """Orders that are neither cancelled nor done and have had no step for longer than this."""
        order, step = self._all.order, self.model.records("step")
        created = order.instant("created_at")
        none = not_(has_any(self.model, step, "order", order["id"]))
        too_old = created.surely_before(self.model.as_of - older_than)
        return self._all.wrong(
            and_(order.is_not("state", "cancelled", "done"), too_old, none),
            {"created": self.model.shown_time(created)},
        )

    def orders_of_void_sales(self) -> Violations:
        """Orders that go on although their sale is void."""
        order, sale = self._all.order, self.model.records("sale")
        void = has_any(self.model, sale, "id", order["sale"], sale.is_("state", "void"))
        return self._all.wrong(
            and_(order.is_("state", "open", "in_progress"), void), {"state": self.model.shown(order, "state")}
        )

    # -- steps -----------------------------------------------------------------------------------------------

    def steps_in_a_strange_state(self) -> Violations:
        asked = self._asked("known states of steps")
        return asked.wrong_steps(
            asked.step.has_unknown_value("state"), {"state": self.model.shown(asked.step, "state")}
        )

    def steps_out_of_order(self) -> Violations:
        """Steps begun or done although one before them is not done, or was finished only later."""
        asked = self._asked("order of steps")
        step, before = asked.step, self.model.records("step", "step_before")
        begun = step.instant("started_at")
        overtaken = exists().where(
            before["order"] == step["order"],
            before["sequence"] < step["sequence"],
            or_(before.is_not("state", "done"), begun.surely_precedes(before.instant("finished_at"))),
        )
        wrong = and_(step.is_("state", "started", "done"), overtaken)
        return asked.wrong_steps(wrong, {"begun": self.model.shown_time(begun)})

    def steps_finished_before_they_began(self) -> Violations:
        asked = self._asked("steps finished before they began")
        begun, finished = asked.step.instant("started_at"), asked.step.instant("finished_at")
        return asked.wrong_steps(finished.surely_precedes(begun), self._span(begun, finished), habit=False)

    def steps_begun_before_their_order(self) -> Violations:
        asked = self._asked("steps begun before their order")
        begun, created = asked.step.instant("started_at"), asked.order.instant("created_at")
        show = {"begun": self.model.shown_time(begun), "order of": self.model.shown_time(created)}
        return asked.wrong_steps(begun.surely_precedes(created), show)

    def steps_dated_in_the_future(self) -> Violations:
        asked = self._asked("steps of the future")
        begun, finished = asked.step.instant("started_at"), asked.step.instant("finished_at")
        latest = self.model.latest_possible
        future = or_(begun.surely_since(latest), finished.surely_since(latest))
        return asked.wrong_steps(future, self._span(begun, finished), habit=False)

    def steps_whose_dates_deny_their_state(self) -> Violations:
        """Waiting but begun, in hand but never begun or finished already, done but never finished."""
        asked = self._asked("states and dates of steps")
        step = asked.step
        begun, finished = step.instant("started_at"), step.instant("finished_at")
        wrong = or_(
            and_(step.is_("state", "waiting"), or_(begun.is_known, finished.is_known)),
            and_(step.is_("state", "started"), or_(begun.is_missing, finished.is_known)),
            and_(step.is_("state", "done"), or_(begun.is_missing, finished.is_missing)),
        )
        show = {"state": self.model.shown(step, "state"), **self._span(begun, finished)}
        return asked.wrong_steps(wrong, show)

    def steps_moved_after_cancellation(self) -> Violations:
        asked = self._asked("steps after cancellation")
        cancelled = asked.order.instant("cancelled_at")
        moved = or_(
            cancelled.surely_precedes(asked.step.instant("started_at")),
            cancelled.surely_precedes(asked.step.instant("finished_at")),
        )
        show = {"cancelled": self.model.shown_time(cancelled)}
        return asked.wrong_steps(and_(asked.order.is_("state", "cancelled"), moved), show)

    def steps_never_finished(self, older_than: timedelta) -> Violations:
        """Steps in hand for longer than this."""
        step = self._all.step
        begun = step.instant("started_at")
        too_old = begun.surely_before(self.model.as_of - older_than)
        return self._all.wrong_steps(
            and_(step.is_("state", "started"), too_old), {"begun": self.model.shown_time(begun)}
        )

    def step_state(self, identity: object, order: str = "", name: str = "", branch: str | None = None) -> str | None:
        """What the database says of one step, synthetic or not, in our words; None when there is none.

        A client may count the steps of each order for itself: then it is the step of this name in the order numbered
        so, of this branch where each counts its orders for itself.
        """
        step = self.model.records("step")
        own = self._state_where(step, step["id"] == untyped(identity, self.model.database.dialect))
        if own is not None or not (
            order and name and step.has("name") and self.model.has("production_order", "number")
        ):
            return own
        orders = self.model.records("production_order")
        numbered = select(orders["id"]).where(orders["number"] == untyped(order, self.model.database.dialect))
        ids = ids_of_branch(self.model, branch) if branch is not None and orders.has("branch") else []
        if ids:
            numbered = numbered.where(orders["branch"].in_([untyped(one, self.model.database.dialect) for one in ids]))
        return self._state_where(step, step["order"].in_(numbered), step["name"] == name)

    def _state_where(self, step: Records, *where: ColumnElement[bool]) -> str | None:
        state = self.model.database.value(select(step.word("state")).where(*where).limit(1), about="one step")
        return None if state is None else str(state)

    # -- how the questions are put together ------------------------------------------------------------------

    def orders_excluding_canary(self, order: Records) -> Sequence[ColumnElement[bool]]:
        """Conditions that leave out the orders of the canary and of synthetic sales."""
        return orders_excluding_canary(self.model, order)

    def _span(self, begun: Instant, finished: Instant) -> Mapping[str, Shown]:
        return {"begun": self.model.shown_time(begun), "finished": self.model.shown_time(finished)}

    def _count_steps(self, when: Any) -> int:
        step, order = self.model.records("step"), self.model.records("production_order")
        statement = (
            select(func.count())
            .select_from(step.source.join(order.source, step["order"] == order["id"]))
            .where(when(step), *self.orders_excluding_canary(order))
        )
        return int(self.model.database.value(statement, about="count of steps"))
