"""Background jobs that were done far later than such jobs ever were: the receipt came when the customer had left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import time, timedelta

from sqlalchemy import select

from hypercare.operations_model.model import Model
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period

_LOOKS_BACK = timedelta(days=7)
_MOST_JOBS = 10_000
_LEAST_BEFORE = 50
_LEAST_LATE = 10
# Of all but a few before, so many times as long, and at least so long.
_ALL_BUT = 0.05
_TIMES = 5
_LONG = timedelta(minutes=15)

Waits = Mapping[str, Sequence[timedelta]]


def jobs_begun_late(model: Model) -> Found:
    """Kinds of job of which ten or more of today waited far longer for their turn than nearly all did in the week
    before.

    Raises NotCovered where no kind was done often enough before.
    """
    start = model.calendar.at(model.calendar.date_of(model.as_of), time.min)
    before = {kind: waits for kind, waits in _waits(model, Period(start - _LOOKS_BACK, start)).items()
              if len(waits) >= _LEAST_BEFORE}  # fmt: skip
    if not before:
        raise NotCovered(
            f"Not enough history: no kind of job was done {_LEAST_BEFORE} times before.",
            remedy="Nothing to mend: the check learns from each day.",
        )
    rows: list[dict[str, object]] = []
    for kind, waits in _waits(model, Period(start, model.as_of)).items():
        if kind not in before:
            continue
        usual = before[kind][int(len(before[kind]) * (1 - _ALL_BUT)) - 1]
        late = [wait for wait in waits if wait > max(_LONG, usual * _TIMES)]
        if len(late) >= _LEAST_LATE:
            minutes = round(max(late) / timedelta(minutes=1))
            rows.append({"kind": kind, "late": len(late), "of today": len(waits), "longest wait (minutes)": minutes})
    return model.found(rows, of=len(before), place=model.records("job").place)


def _waits(model: Model, period: Period) -> Waits:
    """By kind, how long the newest jobs that were due then waited before they began, the shortest first."""
    job = model.records("job")
    due = job.instant("due_at" if job.has("due_at") else "queued_at")
    begun = job.instant("started_at")
    statement = (
        select(job["kind"].label("kind"), due.raw.label("due"), begun.raw.label("begun"))
        .where(due.within(period), begun.is_known)
        .order_by(due.raw.desc())
        .limit(_MOST_JOBS)
    )
    found: dict[str, list[timedelta]] = defaultdict(list)
    for row in model.database.rows(statement, about="how long jobs waited"):
        was_due, began = due.timestamp_format.decode(row["due"]), begun.timestamp_format.decode(row["begun"])
        if was_due is not None and began is not None:
            found[str(row["kind"])].append(max(began - was_due, timedelta(0)))
    return {kind: sorted(waits) for kind, waits in found.items()}
