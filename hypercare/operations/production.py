"""Production: orders, their steps, and whether what is shown is what was done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Subquery, and_, exists, func, not_, or_, select, true

from hypercare.operations.activity import ActivityLog
from hypercare.operations.order_completion import OrderCompletion, last_touched
from hypercare.operations.pace import Pace, branches_at_work, pace_of
from hypercare.operations.sale_lookup import ids_of_branch
from hypercare.operations_model.instants import Instant
from hypercare.operations_model.portable import count_if, counted_by, untyped
from hypercare.operations_model.records import Records
from hypercare.operations_model.resource import Resource
from hypercare.operations_model.violations import Root, Shown, ViolationQuery, Violations
from hypercare.plan.calendar import Period

# Of an order, its steps and the costs of its steps, what one of them is wrong in is told once.
PROGRESS = "progress"
NO_ORDERS = "No production order was opened in the period, so there was nothing to compare."


class Production(Resource):
    """Production orders and steps; those of synthetic sales are left out."""

    @cached_property
    def watched(self) -> Period:
        """Since go-live where that is small enough to look at daily, or else since yesterday evening."""
        order = self.model.records("production_order")
        return self.model.watched(order.instant("created_at"), order)

    def orders_at_rest(self, longer_than: timedelta) -> Violations:
        """Orders under way on which no step is in hand and none has moved for longer than this."""
        order, step = self.model.records("production_order"), self.model.records("step")
        since = self.model.as_of - longer_than
        created = order.instant("created_at")
        lately = or_(
            step.is_("state", "started"),
            step.instant("started_at").since(since),
            step.instant("finished_at").since(since),
        )
        moved = exists().where(step["order"] == order["id"], lately)
        some = exists().where(step["order"] == order["id"])
        return self._orders(
            order,
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
        return OrderCompletion(self.model, self._chosen)

    def orders_created(self, period: Period) -> int:
        order = self.model.records("production_order")
        return self.model.count(order, order.instant("created_at").within(period), *self.orders_excluding_canary(order))

    def steps_completed(self, period: Period) -> int:
        """Steps that were finished in the period and are done."""
        return self._count_steps(
            lambda step: and_(step.is_("state", "done"), step.instant("finished_at").within(period))
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
                .where(instant.within(Period(periods[-1].start, periods[0].end)), *self.orders_excluding_canary(order))
            )
            for row in self.model.database.rows(statement, about=f"steps by day and branch ({field})"):
                if row["number"] is not None:
                    found[int(row["number"]), row["branch"]] += int(row["many"])
        return found

    # -- orders ----------------------------------------------------------------------------------------------

    def orders_in_a_strange_state(self) -> Violations:
        order = self.model.records("production_order")
        return self._orders(
            order, order.has_unknown_value("state"), {"state": self.model.shown(order, "state")}, "Nothing to look at."
        )

    def orders_whose_progress_differs_from_their_steps(self) -> Violations:
        """Orders that show another percentage than steps done of all steps; rounded either way is right."""
        order, steps = self._order_and_steps()
        off = func.abs(order["progress"] * steps.c.many - 100 * steps.c.done) > steps.c.many
        return self._orders(
            order,
            or_(order["progress"].is_(None), off),
            {
                "progress shown": self.model.shown(order, "progress"),
                "steps done": Shown(steps.c.done),
                "steps": Shown(steps.c.many),
            },
            NO_ORDERS,
            source=order.source.join(steps, steps.c.order == order["id"]),
            habit=False,
        )

    def orders_done_with_a_step_open(self) -> Violations:
        order, steps = self._order_and_steps()
        return self._orders(
            order,
            and_(order.is_("state", "done"), steps.c.done < steps.c.many),
            {"steps done": Shown(steps.c.done), "steps": Shown(steps.c.many)},
            source=order.source.join(steps, steps.c.order == order["id"]),
            rank=2,
        )

    def orders_open_with_every_step_done(self) -> Violations:
        order, steps = self._order_and_steps()
        return self._orders(
            order,
            and_(order.is_("state", "open", "in_progress"), steps.c.done == steps.c.many),
            {"state": self.model.shown(order, "state"), "steps": Shown(steps.c.many)},
            source=order.source.join(steps, steps.c.order == order["id"]),
            rank=2,
        )

    def orders_not_begun_with_a_step_begun(self) -> Violations:
        order, steps = self._order_and_steps()
        return self._orders(
            order,
            and_(order.is_("state", "open"), steps.c.begun > 0),
            {"steps begun": Shown(steps.c.begun), "steps": Shown(steps.c.many)},
            source=order.source.join(steps, steps.c.order == order["id"]),
        )

    def orders_begun_with_no_step_begun(self) -> Violations:
        order, steps = self._order_and_steps()
        return self._orders(
            order,
            and_(order.is_("state", "in_progress"), steps.c.begun == 0),
            {"steps": Shown(steps.c.many)},
            source=order.source.join(steps, steps.c.order == order["id"]),
        )

    def orders_completed_at_a_wrong_time(self) -> Violations:
        """Orders done without a date, before they were opened, before their last step, or in the future."""
        order, step = self.model.records("production_order"), self.model.records("step")
        created, completed = order.instant("created_at"), order.instant("completed_at")
        too_early = completed.surely_precedes(step.instant("finished_at"))
        later_step = exists().where(step["order"] == order["id"], too_early)
        wrong = or_(
            completed.is_missing,
            completed.surely_since(self.model.latest_possible),
            completed.surely_precedes(created),
            later_step,
        )
        return self._orders(
            order,
            and_(order.is_("state", "done"), wrong),
            {"created": self.model.shown_time(created), "completed": self.model.shown_time(completed)},
        )

    def orders_without_steps(self, older_than: timedelta) -> Violations:
        """Orders that are neither cancelled nor done and have had no step for longer than this."""
        order, step = self.model.records("production_order"), self.model.records("step")
        created = order.instant("created_at")
        none = not_(exists().where(step["order"] == order["id"]))
        return self._orders(
            order,
            and_(
                order.is_not("state", "cancelled", "done"), created.surely_before(self.model.as_of - older_than), none
            ),
            {"created": self.model.shown_time(created)},
        )

    def orders_of_void_sales(self) -> Violations:
        """Orders that go on although their sale is void."""
        order, sale = self.model.records("production_order"), self.model.records("sale")
        void = exists().where(sale["id"] == order["sale"], sale.is_("state", "void"))
        return self._orders(
            order,
            and_(order.is_("state", "open", "in_progress"), void),
            {"state": self.model.shown(order, "state")},
        )

    # -- steps -----------------------------------------------------------------------------------------------

    def steps_in_a_strange_state(self) -> Violations:
        step = self.model.records("step")
        return self._steps(step, step.has_unknown_value("state"), {"state": self.model.shown(step, "state")})

    def steps_out_of_order(self) -> Violations:
        """Steps begun or done although one before them is not done, or was finished only later."""
        step, before = self.model.records("step"), self.model.records("step", "step_before")
        begun = step.instant("started_at")
        overtaken = exists().where(
            before["order"] == step["order"],
            before["sequence"] < step["sequence"],
            or_(before.is_not("state", "done"), begun.surely_precedes(before.instant("finished_at"))),
        )
        return self._steps(
            step, and_(step.is_("state", "started", "done"), overtaken), {"begun": self.model.shown_time(begun)}
        )

    def steps_finished_before_they_began(self) -> Violations:
        step = self.model.records("step")
        begun, finished = step.instant("started_at"), step.instant("finished_at")
        return self._steps(step, finished.surely_precedes(begun), self._span(begun, finished), habit=False)

    def steps_begun_before_their_order(self) -> Violations:
        step, order = self.model.records("step"), self.model.records("production_order")
        begun, created = step.instant("started_at"), order.instant("created_at")
        shown = {"begun": self.model.shown_time(begun), "order of": self.model.shown_time(created)}
        return self._steps(step, begun.surely_precedes(created), shown, order)

    def steps_dated_in_the_future(self) -> Violations:
        step = self.model.records("step")
        begun, finished = step.instant("started_at"), step.instant("finished_at")
        latest = self.model.latest_possible
        future = or_(begun.surely_since(latest), finished.surely_since(latest))
        return self._steps(step, future, self._span(begun, finished), habit=False)

    def steps_whose_dates_deny_their_state(self) -> Violations:
        """Waiting but begun, in hand but never begun or finished already, done but never finished."""
        step = self.model.records("step")
        begun, finished = step.instant("started_at"), step.instant("finished_at")
        wrong = or_(
            and_(step.is_("state", "waiting"), or_(begun.is_known, finished.is_known)),
            and_(step.is_("state", "started"), or_(begun.is_missing, finished.is_known)),
            and_(step.is_("state", "done"), or_(begun.is_missing, finished.is_missing)),
        )
        return self._steps(step, wrong, {"state": self.model.shown(step, "state"), **self._span(begun, finished)})

    def steps_moved_after_cancellation(self) -> Violations:
        step, order = self.model.records("step"), self.model.records("production_order")
        cancelled = order.instant("cancelled_at")
        moved = or_(
            cancelled.surely_precedes(step.instant("started_at")),
            cancelled.surely_precedes(step.instant("finished_at")),
        )
        shown = {"cancelled": self.model.shown_time(cancelled)}
        return self._steps(step, and_(order.is_("state", "cancelled"), moved), shown, order)

    def steps_never_finished(self, older_than: timedelta) -> Violations:
        """Steps in hand for longer than this."""
        step = self.model.records("step")
        begun = step.instant("started_at")
        return self._steps(
            step,
            and_(step.is_("state", "started"), begun.surely_before(self.model.as_of - older_than)),
            {"begun": self.model.shown_time(begun)},
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
        return (*self.model.excluding_canary(order), *self.model.synthetic.not_of_synthetic_sale(order))

    def _chosen(self, order: Records) -> list[ColumnElement[bool]]:
        return [self.model.in_sight(order.instant("created_at"), self.watched), *self.orders_excluding_canary(order)]

    def _order_and_steps(self) -> tuple[Records, Subquery]:
        """Orders, and by order how many steps there are, done, and begun."""
        order, step = self.model.records("production_order"), self.model.records("step")
        mine = self.model.records("production_order", "order_of_steps")
        steps = (
            select(
                step["order"].label("order"),
                func.count().label("many"),
                count_if(step.is_("state", "done")).label("done"),
                count_if(step.is_("state", "started", "done")).label("begun"),
            )
            .select_from(step.source)
            .where(step["order"].in_(select(mine["id"]).where(*self._chosen(mine))))
            .group_by(step["order"])
            .subquery("steps")
        )
        return order, steps

    def _span(self, begun: Instant, finished: Instant) -> Mapping[str, Shown]:
        return {"begun": self.model.shown_time(begun), "finished": self.model.shown_time(finished)}

    def _orders(
        self,
        order: Records,
        wrong: ColumnElement[bool],
        show: Mapping[str, Shown],
        if_none: str = "",
        *,
        source: FromClause | None = None,
        habit: bool = True,
        rank: int = 1,
    ) -> Violations:
        query = ViolationQuery(
            source=order.source if source is None else source,
            among=self._chosen(order),
            wrong=wrong,
            show={"order": self.model.shown_name(order), **self._branch(order), **show},
            place=order.place,
            if_none=if_none,
            dated=last_touched(self.model, order),
            habit=habit,
            root=Root(PROGRESS, order["id"], rank),
        )
        return Violations(self.model, query)

    def _steps(
        self,
        step: Records,
        wrong: ColumnElement[bool],
        show: Mapping[str, Shown],
        order: Records | None = None,
        *,
        habit: bool = True,
    ) -> Violations:
        order = order or self.model.records("production_order")
        named: dict[str, Shown] = {"order": self.model.shown_name(order), **self._branch(order)}
        named["step"] = self.model.shown(step, "name" if step.has("name") else "id")
        query = ViolationQuery(
            source=step.source.join(order.source, step["order"] == order["id"]),
            among=self._chosen(order),
            wrong=wrong,
            show={**named, **show},
            place=step.place,
            dated=order.instant("created_at"),
            habit=habit,
            root=Root(PROGRESS, order["id"], rank=1),
        )
        return Violations(self.model, query)

    def _branch(self, order: Records) -> Mapping[str, Shown]:
        return {"branch": self.model.shown_branch(order["branch"])} if order.has("branch") else {}

    def _count_steps(self, when: Any) -> int:
        step, order = self.model.records("step"), self.model.records("production_order")
        statement = (
            select(func.count())
            .select_from(step.source.join(order.source, step["order"] == order["id"]))
            .where(when(step), *self.orders_excluding_canary(order))
        )
        return int(self.model.database.value(statement, about="count of steps"))
