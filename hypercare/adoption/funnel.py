"""Where workflows break off: of each step, how much arrived at it and how much went on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time, timedelta
from statistics import median
from typing import Any

from sqlalchemy import func, literal_column, select

from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import count_if, one_if
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period

_DAYS = 7
# What arrived lately may well be on its way.
_ON_ITS_WAY = timedelta(days=1)
_MOST_STEPS = 500
# So many have to pile up at a step before it is one where the workflow breaks off, and so few have gone on.
_LEAST_WAITING = 8
_SHARE_THAT_GOES_ON = 0.3
# While at the other steps most do.
_SHARE_ELSEWHERE = 0.6
_LEAST_OTHER_STEPS = 2
_DRAFT_SHARE = 0.4
_LEAST_DRAFTS = 15


@dataclass(frozen=True)
class Stage:
    """One step of a workflow: what arrived at it more than a day ago, and how much of that went on."""

    name: str
    arrived: int
    went_on: int

    @property
    def waiting(self) -> int:
        return self.arrived - self.went_on

    @property
    def share(self) -> float:
        """Of what arrived, how much went on; all where nothing did."""
        return self.went_on / self.arrived if self.arrived else 1.0


def steps_where_work_piles_up(model: Model) -> Found:
    """Production steps, by name, at which most of what arrived in the last week has stayed, unlike at the others.

    The first ones are only compared with: an order may well wait for its turn before anybody begins it.
    Raises NotCovered where steps have no names and order, or too little went through them yet.
    """
    judged = [one for one in _stages(model) if one.arrived >= _LEAST_WAITING]
    first = [one for one in _first_stages(model) if one.arrived >= _LEAST_WAITING] if judged else []
    if len(judged) + len(first) <= _LEAST_OTHER_STEPS:
        raise NotCovered(
            "Not enough history: too little has gone through the production steps yet to tell where it stops.",
            remedy="Nothing to mend: the check learns from each day.",
        )
    rows = []
    for one in judged:
        elsewhere = median(other.share for other in (*judged, *first) if other is not one)
        if one.waiting >= _LEAST_WAITING and one.share < _SHARE_THAT_GOES_ON and elsewhere >= _SHARE_ELSEWHERE:
            rows.append({"step": one.name, "arrived": one.arrived, "went on": one.went_on, "waiting": one.waiting})
    return model.found(rows, of=len(judged), place="production steps")


def sales_left_as_drafts(model: Model) -> Found:
    """Sales of the last week that are drafts still a day later, where that is much of what was entered.

    Raises NotCovered where states or times are not mapped, or too little was entered yet.
    """
    sale = model.records("sale")
    period = _arrivals(model)
    created = sale.instant("created_at").within(period)
    statement = select(count_if(sale.is_("state", "draft")).label("drafts"), count_if(created).label("entered"))
    row = model.database.row(
        statement.where(created, *model.excluding_canary(sale)), about="sales that were left as drafts"
    )
    drafts, entered = int(row["drafts"]), int(row["entered"])
    if entered < _LEAST_DRAFTS:
        raise NotCovered(
            "Not enough history: too few sales were entered more than a day ago.",
            remedy="Nothing to mend: the check learns from each day.",
        )
    stays = drafts >= _LEAST_DRAFTS and drafts >= _DRAFT_SHARE * entered
    return Found(count=drafts if stays else 0, of=entered, where=sale.place)


def _arrivals(model: Model) -> Period:
    today = model.calendar.date_of(model.as_of)
    first = max(model.calendar.go_live, today - timedelta(days=_DAYS))
    start = model.calendar.at(min(first, today), time.min)
    return Period(start, max(start, model.as_of - _ON_ITS_WAY))


def _stages(model: Model) -> Sequence[Stage]:
    """Of each step by its name; an order arrives at a step when the one before it is done."""
    arrivals = _arrivals(model)
    step = model.records("step")
    finished = step.instant("finished_at")
    before = func.lag(finished.raw).over(partition_by=step["order"], order_by=step["sequence"])
    each = (
        select(
            step["name"].label("name"), one_if(step.is_not("state", "waiting")).label("went_on"), before.label("came")
        )
        .where(step["order"].in_(_that_moved(model, arrivals)), *model.excluding_canary(step))
        .subquery("steps")
    )
    came = replace(finished, raw=each.c.came)
    statement = (
        select(each.c.name, func.count().label("arrived"), func.sum(each.c.went_on).label("went_on"))
        .where(came.within(arrivals))
        .group_by(each.c.name)
        .limit(_MOST_STEPS)
    )
    rows = model.database.rows(statement, about="production steps by name")
    return [Stage(str(row["name"]), int(row["arrived"]), int(row["went_on"])) for row in rows]


def _first_stages(model: Model) -> Sequence[Stage]:
    """Of each step that an order begins with, by its name; an order arrives at it as it is opened."""
    step, order = model.records("step", "first_step"), model.records("production_order", "opened")
    if not order.has("created_at"):
        return ()
    live = [order.is_("state", "open", "in_progress", "done")] if order.has("state") else []
    opened = select(order["id"]).where(
        order.instant("created_at").within(_arrivals(model)), *live, *model.excluding_canary(order)
    )
    rank = func.row_number().over(partition_by=step["order"], order_by=step["sequence"])
    each = (
        select(step["name"].label("name"), one_if(step.is_not("state", "waiting")).label("went_on"), rank.label("rank"))
        .where(step["order"].in_(opened), *model.excluding_canary(step))
        .subquery("first_steps")
    )
    statement = (
        select(each.c.name, func.count().label("arrived"), func.sum(each.c.went_on).label("went_on"))
        .where(each.c.rank == literal_column("1"))
        .group_by(each.c.name)
        .limit(_MOST_STEPS)
    )
    rows = model.database.rows(statement, about="production steps that orders begin with")
    return [Stage(str(row["name"]), int(row["arrived"]), int(row["went_on"])) for row in rows]


def _that_moved(model: Model, arrivals: Period) -> Any:
    """The orders of which a step was done in the period, without those that were cancelled."""
    step, order = model.records("step", "moved"), model.records("production_order", "order_of_moved")
    source = step.source.join(order.source, step["order"] == order["id"])
    # A step that was finished then was changed then, or later; that is what tables keep an index of.
    changed = [step.instant("updated_at").since(arrivals.start)] if step.has("updated_at") else []
    live = [order.is_("state", "open", "in_progress", "done")] if order.has("state") else []
    return (
        select(step["order"])
        .select_from(source)
        .where(step.instant("finished_at").within(arrivals), *changed, *live, *model.excluding_canary(order))
    )
