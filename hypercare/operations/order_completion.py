"""Orders that were completed, beside their steps: the second witness of how many there were."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select

from hypercare.operations_model.instants import Instant
from hypercare.operations_model.look_ups import has_any, sums_beside
from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import count_if
from hypercare.operations_model.records import Records
from hypercare.operations_model.violations import Root, ViolationQuery, Violations
from hypercare.plan.calendar import Period

_DAYS_LEARNED_FROM = 14
_LEAST_LEARNED_FROM = 5
_SELDOM = 0.05

Chosen = Callable[[Records], Sequence[ColumnElement[bool]]]


@dataclass(frozen=True)
class OrderCompletion:
    """The question after completion among the orders that `chosen` picks."""

    model: Model
    chosen: Chosen

    def denied_by_steps(self, period: Period, grace: timedelta) -> Violations:
        """Orders completed in the period with a step open, and orders left open since their last step.

        Where orders are completed by hand, that is done some time after the last step: it must be older than `grace`.
        Where they always were completed on the day of the last step, one of another day is meant as well.
        """
        order, step = self.model.records("production_order"), self.model.records("step")
        completed, finished = order.instant("completed_at"), step.instant("finished_at")
        any_step = partial(has_any, self.model, step, "order", order["id"])
        a_step = any_step()
        open_still = or_(step.is_not("state", "done"), finished.is_missing)
        too_soon = any_step(or_(open_still, finished.since(period.end)))
        of_the_day = any_step(or_(open_still, finished.since(period.start)))
        lately = any_step(or_(open_still, finished.since(self.model.as_of - grace)))
        too_late = and_(a_step, not_(of_the_day)) if self._is_of_one_day() else false()
        wrong = or_(
            and_(order.is_("state", "done"), completed.within(period), or_(too_soon, too_late)),
            and_(order.is_("state", "open", "in_progress"), a_step, not_(lately)),
        )
        show = {"order": self.model.shown_name(order)}
        if order.has("branch"):
            show["branch"] = self.model.shown_branch(order["branch"])
        show |= {"state": self.model.shown(order, "state"), "completed": self.model.shown_time(completed)}
        query = ViolationQuery(
            source=order.source,
            among=self.chosen(order),
            wrong=wrong,
            show=show,
            place=order.place,
            dated=order.instant("created_at"),
            habit=True,
            root=Root("progress", order["id"]),
        )
        return Violations(self.model, query)

    def _is_of_one_day(self) -> bool:
        """Whether orders, on the days before, were all but always completed on the day of their last step."""
        calendar = self.model.calendar
        today = calendar.date_of(self.model.as_of)
        days = [calendar.day(today - timedelta(days=number)) for number in range(1, _DAYS_LEARNED_FROM + 1)]
        order, step = self.model.records("production_order"), self.model.records("step")
        finished, completed = step.instant("finished_at"), order.instant("completed_at")

        def chosen(order: Records) -> Sequence[ColumnElement[bool]]:
            within = order.instant("completed_at").within(Period(days[-1].start, days[0].end))
            return order.is_("state", "done"), within, *self.chosen(order)

        last = sums_beside(
            self.model, order, step, "order", chosen=chosen, name="last_steps", finished=func.max(finished.raw)
        )
        same = completed.bucket(days) == Instant(last["finished"], finished.timestamp_format).bucket(days)
        statement = (
            select(func.count(last["finished"]).label("many"), count_if(same).label("same"))
            .select_from(last.beside(order.source))
            .where(*chosen(order))
        )
        row = self.model.database.row(statement, about="orders completed on the day of their last step")
        many, same_day = int(row["many"]), int(row["same"])
        return many >= _LEAST_LEARNED_FROM and many - same_day <= _SELDOM * many


def last_touched(model: Model, order: Records) -> Instant:
    """When its last step was finished, where that is kept as the order's own dates are; else when it was opened."""
    created = order.instant("created_at")
    if not model.has("step", "order", "finished_at"):
        return created
    step = model.records("step", "step_of_touched")
    finished = step.instant("finished_at")
    if finished.timestamp_format != created.timestamp_format:
        return created
    last = select(func.max(finished.raw)).where(step["order"] == order["id"]).scalar_subquery()
    return replace(created, raw=func.coalesce(last, created.raw))
