"""Queues that grow faster than they ever did: jobs that wait, drafts that lie, issues that stay open.

Each is counted as it stood at this hour of earlier days too, from when its records came in and went out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, not_, or_, select

from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import count_if
from hypercare.operations_model.records import Records
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.open_hours import closed_on

_DAYS = 14
_LEAST_DAYS = 3
# What waits for less than this is on its way.
_ON_ITS_WAY = timedelta(minutes=5)


@dataclass(frozen=True)
class Queue:
    """Records of an entity come in at `entered` and go out at one of `left`; these `states` are those that wait.

    It has grown when there are `times` as many as ever before at such an hour, and at least `least`.
    """

    entity: str
    entered: tuple[str, ...]
    left: tuple[str, ...]
    states: tuple[str, ...]
    least: int
    times: int = 4


JOBS = Queue("job", ("due_at", "queued_at"), ("started_at", "finished_at"), ("queued",), least=20)
DRAFTS = Queue("sale", ("created_at",), ("finalised_at", "voided_at"), ("draft",), least=15)
ISSUES = Queue("issue", ("reported_at",), ("resolved_at",), ("new", "acknowledged"), least=10)


def grown(model: Model, queue: Queue) -> Found:
    """The queue as it stands, if it has grown so; else nothing.

    Raises NotCovered where it cannot be told when records came in and went out, or too few days are known.
    """
    records = model.records(queue.entity)
    entered = next((field for field in queue.entered if records.has(field)), queue.entered[-1])
    left = [field for field in queue.left if records.has(field)]
    if not left:
        records.need(queue.left[0])
    today = model.calendar.date_of(model.as_of)
    business = model.target.config.business
    days = [today - timedelta(days=number) for number in range(1, _DAYS + 1)]
    days_known = [day for day in days if day >= model.calendar.go_live and closed_on(business, day) is None]
    if len(days_known) < _LEAST_DAYS:
        raise NotCovered(
            f"Not enough history: {len(days_known)} earlier days are known, and {_LEAST_DAYS} are needed.",
            remedy="Nothing to mend: look again in some days.",
        )
    clock = model.as_of.astimezone(model.calendar.zone).time()
    moments = [model.calendar.at(day, clock) for day in days_known]
    now = model.count(
        records,
        records.is_("state", *queue.states) if records.has("state") else _still_there(records, left, model.as_of),
        records.instant(entered).before(model.as_of - _ON_ITS_WAY),
        *model.excluding_canary(records),
    )
    if now < queue.least:
        return model.found([], of=now, place=records.place)
    before = _waiting_at(model, records, entered, left, moments)
    most = max(before)
    if now < queue.least or now < queue.times * max(1, most):
        return model.found([], of=now, place=records.place)
    row: dict[str, object] = {
        "waiting now": now,
        "most at this hour of earlier days": most,
        "earlier days": len(days_known),
    }
    return Found(count=now, of=None, sample=[row], where=records.place)


def _waiting_at(
    model: Model, records: Records, entered: str, left: list[str], moments: Sequence[datetime]
) -> list[int]:
    """How many were waiting at each of these moments, in one look at those that were still there at the first."""
    came = records.instant(entered)
    waiting = [
        count_if(and_(came.before(moment - _ON_ITS_WAY), _still_there(records, left, moment))).label(f"at_{number}")
        for number, moment in enumerate(moments)
    ]
    among = [came.before(max(moments)), _still_there(records, left, min(moments))]
    statement = select(*waiting).select_from(records.source).where(*among, *model.excluding_canary(records))
    return [int(many) for many in model.database.row(statement, about=f"earlier queues of {records.place}").values()]


def _still_there(records: Records, left: list[str], moment: datetime) -> ColumnElement[bool]:
    """Not gone out by then. What has no date of going out is counted as still there: so it was before, too."""
    gone = [records.instant(field) for field in left]
    return not_(or_(*(and_(one.is_known, one.before(moment)) for one in gone)))
