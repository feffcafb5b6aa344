"""Forgetting what was recorded while a target was being attached: it must not haunt the days after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, delete, func, or_, select, update

from hypercare.history import tables
from hypercare.history.instants import instant_of, stored
from hypercare.history.store import History


@dataclass(frozen=True)
class Forgotten:
    """How much of each kind was, or would be, forgotten."""

    rounds: int
    incidents: int
    messages: int
    watermarks: int
    samples: int


def forget(history: History, since: datetime, *, samples: bool = False, really: bool = True) -> Forgotten:
    """Remove rounds as of an instant or later, incidents that opened and messages that were written since, and what
    was remembered then to compare with; with `samples` also what probers saw. What people said stays.

    Raises:
        HistoryProblem: the history cannot be written.
    """
    with history.writing() as connection:
        rows = _rows_to_remove(history.target, stored(since), samples)
        found = {name: _many(connection, ids) for name, ids in rows.items()}
        if really:
            _remove(connection, history.target, stored(since), rows)
    return Forgotten(**found)


def _rows_to_remove(target: str, since: str, samples: bool) -> dict[str, Select[Any]]:
    rounds, incidents, messages = tables.rounds.c, tables.incidents.c, tables.messages.c
    marks, sample_rows = tables.watermarks.c, tables.samples.c
    nothing = sample_rows.id.is_(None)
    return {
        # A round that replays an earlier day was recorded since all the same.
        "rounds": select(rounds.id).where(rounds.target == target, or_(rounds.as_of >= since, rounds.started >= since)),
        "incidents": select(incidents.id).where(incidents.target == target, incidents.opened >= since),
        "messages": select(messages.id).where(messages.target == target, messages.created >= since),
        "watermarks": select(marks.name).where(marks.target == target, marks.at >= since),
        "samples": select(sample_rows.id).where(
            sample_rows.target == target, sample_rows.at >= since if samples else nothing
        ),
    }


def _many(connection: Connection, ids: Select[Any]) -> int:
    return int(connection.execute(select(func.count()).select_from(ids.subquery())).scalar_one())


def _remove(connection: Connection, target: str, since: str, rows: dict[str, Select[Any]]) -> None:
    """In an order in which nothing is left that refers to what is gone."""
    rounds, incidents, messages = rows["rounds"], rows["incidents"], rows["messages"]
    # What is forgotten may be run again.
    claims, day = tables.claims.c, instant_of(since).date() - timedelta(days=1)
    connection.execute(delete(tables.claims).where(claims.target == target, claims.day >= day))
    acts = tables.actions
    connection.execute(update(acts).where(acts.c.incident_id.in_(incidents)).values(incident_id=None))
    for table, column, ids in (
        (tables.results, tables.results.c.round_id, rounds),
        (tables.figures, tables.figures.c.round_id, rounds),
        (tables.summaries, tables.summaries.c.round_id, rounds),
        (tables.incident_events, tables.incident_events.c.incident_id, incidents),
        (tables.deliveries, tables.deliveries.c.message_id, messages),
        (tables.rounds, tables.rounds.c.id, rounds),
        (tables.incidents, tables.incidents.c.id, incidents),
        (tables.messages, tables.messages.c.id, messages),
        (tables.samples, tables.samples.c.id, rows["samples"]),
    ):
        # MySQL does not delete from a table that it is asked about in the same statement.
        ids_in_subquery = select(ids.subquery().c[0])
        connection.execute(delete(table).where(column.in_(ids_in_subquery)))
    marks, days, months = tables.watermarks.c, tables.sealed_days.c, tables.sealed_months.c
    connection.execute(delete(tables.watermarks).where(marks.target == target, marks.at >= since))
    connection.execute(delete(tables.sealed_days).where(days.target == target, days.at >= since))
    connection.execute(delete(tables.sealed_months).where(months.target == target, months.sealed >= since))
