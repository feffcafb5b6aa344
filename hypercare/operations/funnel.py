"""Where workflows break off: of each step, how much arrived at it and how much went on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

from sqlalchemy import select

from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import count_if
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period

_DAYS = 7
# What arrived lately may well be on its way.
_ON_ITS_WAY = timedelta(days=1)
_MOST_STEPS = 50_000
# So many have to pile up at a step before it is one where the workflow breaks off, and so few have gone on.
_LEAST_WAITING = 8
_SHARE_THAT_GOES_ON = 0.3
# While at the other steps most do.
_SHARE_ELSEWHERE = 0.6
_LEAST_OTHER_STEPS = 2
_DRAFT_SHARE = 0.4
_LEAST_DRAFTS = 15


@dataclass
class Stage:
    """One step of a workflow: what arrived at it more than a day ago, and how much of that went on."""

    name: str
    arrived: int = 0
    went_on: int = 0

    @property
    def waiting(self) -> int:
        return self.arrived - self.went_on

    @property
    def share(self) -> float:
        """Of what arrived, how much went on; all where nothing did."""
        return self.went_on / self.arrived if self.arrived else 1.0


def steps_where_work_piles_up(model: Model) -> Found:
    """Production steps, by name, at which most of what arrived in the last week has stayed, unlike at the others.

    Raises NotCovered where steps have no names and order, or too little went through them yet.
    """
    stages = _stages(model)
    judged = [one for one in stages if one.arrived >= _LEAST_WAITING]
    if len(judged) <= _LEAST_OTHER_STEPS:
        raise NotCovered(
            "Not enough history: too little has gone through the production steps yet to tell where it stops.",
            remedy="Nothing to mend: the check learns from each day.",
        )
    rows = []
    for one in judged:
        elsewhere = median(other.share for other in judged if other is not one)
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
    stages: dict[str, Stage] = {}
    for steps in _orders(model, arrivals):
        for before, one in pairwise(steps):
            if before["finished"] is None or before["finished"] not in arrivals:
                continue
            stage = stages.setdefault(str(one["name"]), Stage(str(one["name"])))
            stage.arrived += 1
            stage.went_on += bool(one["went_on"])
    return list(stages.values())


def _orders(model: Model, arrivals: Period) -> Iterator[Sequence[Mapping[str, Any]]]:
    """The steps of each order that moved in the period, in their sequence."""
    step = model.records("step")
    finished, sequence = step.instant("finished_at"), step["sequence"]
    moved = _that_moved(model, arrivals)
    columns = {"order": step["order"], "sequence": sequence, "name": step["name"], "finished": finished.raw}
    columns["state"] = step.word("state")
    statement = (
        select(*(column.label(name) for name, column in columns.items()))
        .where(step["order"].in_(moved), *model.excluding_canary(step))
        .order_by(step["order"], sequence)
        .limit(_MOST_STEPS + 1)
    )
    rows = model.database.rows(statement, about="steps of orders that moved")
    if len(rows) > _MOST_STEPS:
        raise NotCovered(f"More than {_MOST_STEPS:,} steps belong to what moved in a week, which are too many to read.")
    found: dict[object, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        at: datetime | None = finished.timestamp_format.decode(row["finished"])
        found[row["order"]].append({**row, "finished": at, "went_on": row["state"] != "waiting"})
    yield from found.values()


def _that_moved(model: Model, arrivals: Period) -> Any:
    """The orders of which a step was done in the period, without those that were cancelled."""
    step, order = model.records("step", "moved"), model.records("production_order", "order_of_moved")
    source = step.source.join(order.source, step["order"] == order["id"])
    live = [order.is_("state", "open", "in_progress", "done")] if order.has("state") else []
    return (
        select(step["order"])
        .select_from(source)
        .where(step.instant("finished_at").within(arrivals), *live, *model.excluding_canary(order))
    )
