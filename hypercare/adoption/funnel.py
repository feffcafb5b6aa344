"""Where workflows break off: of each step, how much arrived at it and how much went on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time, timedelta
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, Subquery, func, literal_column, select

from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import as_fraction, count_if, one_if
from hypercare.outcome.found import Found
from hypercare.outcome.series import Along, Series
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from hypercare.sales_and_production.usual_waits import UsualWaits

_DAYS = 7
# What arrived lately may well be on its way; at a step that waits for something (a fitting, a part) for longer.
_ON_ITS_WAY = timedelta(days=1)
_MOST_STEPS = 500
_MOST_SHOWN = 40
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
    """One step of a workflow: what arrived at it more than a day ago, and how much of that went on.

    `place` is where it mostly stands in the sequence of steps, which may be another for each order.
    """

    name: str
    arrived: int
    went_on: int
    place: float = 0.0

    @property
    def waiting(self) -> int:
        return self.arrived - self.went_on

    @property
    def share(self) -> float:
        """Of what arrived, how much went on; all where nothing did."""
        return self.went_on / self.arrived if self.arrived else 1.0


@dataclass(frozen=True)
class Stages:
    """The steps of production as the last week went through them: those that orders begin with, and those after."""

    first: Sequence[Stage]
    later: Sequence[Stage]

    def as_series(self) -> Series:
        """Each step with what arrived at it and what went on, in the order in which they are mostly done."""
        in_order = sorted((*self.first, *self.later), key=lambda one: (one.place, one.name))[:_MOST_SHOWN]
        return Series(
            label="Production orders by step, in the last week",
            along=Along.STAGES,
            points=[one.name for one in in_order],
            lines={"arrived": [one.arrived for one in in_order], "went on": [one.went_on for one in in_order]},
            gap="What arrived within the last day is left out: it may be on its way.",
        )


def production_stages(model: Model) -> Stages:
    """How many orders arrived at each step in the last week, and how many went on.

    Where too little went through the later steps, the first ones are not asked for.
    Raises NotCovered where steps have no names and order, or too few orders went on to tell how long that takes.
    """
    arrivals = _arrivals(model, _on_its_way(model))
    later = _stages(model, arrivals)
    return Stages(_first_stages(model, arrivals) if _enough(later) else (), later)


def steps_where_work_piles_up(model: Model, stages: Stages | None = None) -> Found:
    """Production steps, by name, at which most of what arrived in the last week has stayed, unlike at the others.

    The first ones are only compared with: an order may well wait for its turn before anybody begins it.
    Raises NotCovered where steps have no names and order, or too little went through them yet.
    """
    stages = stages or production_stages(model)
    judged, first = _enough(stages.later), _enough(stages.first)
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


def _enough(stages: Sequence[Stage]) -> Sequence[Stage]:
    return [one for one in stages if one.arrived >= _LEAST_WAITING]


def sales_left_as_drafts(model: Model) -> Found:
    """Sales of the last week that are drafts still a day later, where that is much of what was entered.

    Raises NotCovered where states or times are not mapped, or too little was entered yet.
    """
    sale = model.records("sale")
    period = _arrivals(model, _ON_ITS_WAY)
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


def _on_its_way(model: Model) -> timedelta:
    """How long what arrived at a step is taken to be on its way: as long as nearly all are that go on."""
    if not model.has("production_order", "id", "created_at") or not model.has("step", "order", "finished_at"):
        return _ON_ITS_WAY
    return UsualWaits(model).mostly(_ON_ITS_WAY)


def _arrivals(model: Model, on_its_way: timedelta) -> Period:
    """The week that ended so long ago, as far as it lies after go-live."""
    end = model.as_of - on_its_way
    today = model.calendar.date_of(model.as_of)
    first = max(model.calendar.go_live, model.calendar.date_of(end) - timedelta(days=_DAYS - 1))
    start = model.calendar.at(min(first, today), time.min)
    return Period(start, max(start, end))


def _stages(model: Model, arrivals: Period) -> Sequence[Stage]:
    """Of each step by its name; an order arrives at a step when the one before it is done."""
    step = model.records("step")
    finished = step.instant("finished_at")
    before = func.lag(finished.raw).over(partition_by=step["order"], order_by=step["sequence"])
    each = (
        select(
            step["name"].label("name"),
            step["sequence"].label("sequence"),
            one_if(step.is_not("state", "waiting")).label("went_on"),
            before.label("came"),
        )
        .where(step["order"].in_(_that_moved(model, arrivals)), *model.excluding_canary(step))
        .subquery("steps")
    )
    came = replace(finished, raw=each.c.came)
    statement = select(*_counted(each)).where(came.within(arrivals)).group_by(each.c.name).limit(_MOST_STEPS)
    rows = model.database.rows(statement, about="production steps by name")
    return [_stage(row) for row in rows]


def _counted(each: Subquery) -> Sequence[ColumnElement[Any]]:
    went_on, place = func.sum(each.c.went_on), func.avg(as_fraction(each.c.sequence))
    return each.c.name, func.count().label("arrived"), went_on.label("went_on"), place.label("place")


def _stage(row: Mapping[str, Any]) -> Stage:
    return Stage(str(row["name"]), int(row["arrived"]), int(row["went_on"]), float(row["place"] or 0))


def _first_stages(model: Model, arrivals: Period) -> Sequence[Stage]:
    """Of each step that an order begins with, by its name; an order arrives at it as it is opened."""
    step, order = model.records("step", "first_step"), model.records("production_order", "opened")
    if not order.has("created_at"):
        return ()
    live = [order.is_("state", "open", "in_progress", "done")] if order.has("state") else []
    opened = select(order["id"]).where(
        order.instant("created_at").within(arrivals), *live, *model.excluding_canary(order)
    )
    rank = func.row_number().over(partition_by=step["order"], order_by=step["sequence"])
    each = (
        select(
            step["name"].label("name"),
            step["sequence"].label("sequence"),
            one_if(step.is_not("state", "waiting")).label("went_on"),
            rank.label("rank"),
        )
        .where(step["order"].in_(opened), *model.excluding_canary(step))
        .subquery("first_steps")
    )
    statement = (
        select(*_counted(each)).where(each.c.rank == literal_column("1")).group_by(each.c.name).limit(_MOST_STEPS)
    )
    rows = model.database.rows(statement, about="production steps that orders begin with")
    return [_stage(row) for row in rows]


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
