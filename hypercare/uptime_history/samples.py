"""Samples and corrections in the history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from hypercare.history import tables
from hypercare.history.engine import add_new
from hypercare.history.instants import instant_of, instant_or_none, stored
from hypercare.history.store import History
from hypercare.uptime.overrides import Correction
from hypercare.uptime.sample import Sample
from hypercare.uptime.state import State

AS_SAMPLED = "as-sampled"
_AT_ONCE = 2000
# How far a look outside of a window can still speak of what lies within it, and decide of a failure there.
_MARGIN = timedelta(days=2)
_STATES = {state.value: state for state in State}
_S = tables.samples.c
READ = (
    _S.way,
    _S.prober,
    _S.at,
    _S.state,
    _S.interval_s,
    _S.confirmed,
    _S.branch,
    _S.latency_ms,
    _S.says,
    _S.last,
    _S.count,
)


def add_samples(history: History, samples: Sequence[Sample]) -> int:
    """Keep samples; one that is there already (same prober, way, branch and instant) stays as it was.

    Returns:
        how many are new.

    Raises:
        HistoryProblem: the history cannot be written.
    """
    if not samples:
        return 0
    counting = _counted(history.target, samples)
    with history.writing() as connection:
        before = connection.execute(counting).scalar_one()
        for begin in range(0, len(samples), _AT_ONCE):
            rows = [row_of(history.target, sample) for sample in samples[begin : begin + _AT_ONCE]]
            add_new(connection, tables.samples, rows)
        return int(connection.execute(counting).scalar_one()) - int(before)


def samples_for(history: History, start: datetime, end: datetime) -> list[Sample]:
    """All samples that have a say in a window, among them the last one of each prober before it."""
    early, late = stored(start - _MARGIN), stored(end + _MARGIN)
    of_target = _S.target == history.target
    within = and_(of_target, _S.at <= late, or_(_S.at >= early, _S.last >= early))
    with history.reading() as connection:
        rows = [*connection.execute(select(*READ).where(within)), *connection.execute(_last_before(of_target, early))]
    return [sample_of(*row) for row in rows]


def places_of(history: History) -> list[tuple[str, str]]:
    """The ways that were ever looked at, each with its branch ("" for the whole business)."""
    query = select(_S.way, func.coalesce(_S.branch, "")).where(_S.target == history.target).distinct()
    with history.reading() as connection:
        return sorted((way, branch) for way, branch in connection.execute(query))


def add_correction(history: History, correction: Correction) -> None:
    row = {
        "target": history.target,
        "way": correction.way,
        "branch": correction.branch,
        "start": stored(correction.start),
        "end": stored(correction.end),
        "state": correction.state.value if correction.state else AS_SAMPLED,
        "by": correction.by,
        "reason": correction.reason,
        "at": stored(correction.at),
    }
    with history.writing() as connection:
        connection.execute(tables.corrections.insert(), row)


def corrections_of(history: History) -> list[Correction]:
    """All corrections of the target, in the order in which they were made."""
    table = tables.corrections
    query = select(table).where(table.c.target == history.target).order_by(table.c.id)
    with history.reading() as connection:
        rows = connection.execute(query).mappings().all()
    return [
        Correction(
            instant_of(row["start"]),
            instant_of(row["end"]),
            None if row["state"] == AS_SAMPLED else State(row["state"]),
            row["by"],
            row["reason"],
            instant_of(row["at"]),
            row["way"] or "",
            row["branch"] or "",
        )
        for row in rows
    ]


def _counted(target: str, samples: Sequence[Sample]) -> Select[Any]:
    instants = [stored(sample.at) for sample in samples]
    count_query = select(func.count()).select_from(tables.samples)
    return count_query.where(_S.target == target, _S.at.between(min(instants), max(instants)))


def _last_before(of_target: ColumnElement[bool], early: str) -> Select[Any]:
    """Of each series the last sample that ended before, so that the silence after it is not forgotten."""
    old = and_(of_target, _S.at < early, or_(_S.last.is_(None), _S.last < early))
    newest = select(func.max(_S.at).label("at"), _S.way, _S.prober, _S.branch).where(old)
    last = newest.group_by(_S.way, _S.prober, _S.branch).subquery()
    same = and_(
        _S.at == last.c.at,
        _S.way == last.c.way,
        _S.prober == last.c.prober,
        func.coalesce(_S.branch, "") == func.coalesce(last.c.branch, ""),
    )
    return select(*READ).join(last, same).where(of_target)


def row_of(target: str, sample: Sample) -> dict[str, Any]:
    """A sample as the table holds it."""
    return {
        "target": target,
        "way": sample.way,
        "branch": sample.branch,
        "prober": sample.prober,
        "at": stored(sample.at),
        "state": sample.state.value,
        "confirmed": sample.confirmed,
        "interval_s": sample.interval.total_seconds(),
        "latency_ms": sample.latency_ms,
        "says": sample.says,
        "last": stored(sample.last) if sample.last else None,
        "count": sample.count,
    }


def sample_of(
    way: str,
    prober: str,
    at: str,
    state: str,
    interval_s: float,
    confirmed: bool,
    branch: str | None,
    latency_ms: float | None,
    says: str,
    last: str | None,
    count: int,
) -> Sample:
    """A sample from the columns of READ."""
    return Sample(
        way,
        prober,
        instant_of(at),
        _STATES[state],
        timedelta(seconds=interval_s),
        confirmed,
        branch or "",
        latency_ms,
        says,
        instant_or_none(last),
        count,
    )
