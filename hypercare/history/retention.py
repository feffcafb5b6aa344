"""Removing what no report needs any more."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from sqlalchemy import Table, and_, delete, func, select
from sqlalchemy.sql.elements import ColumnElement

from hypercare.history import tables
from hypercare.history.instants import stored
from hypercare.history.store import History

# Others wait for a transaction, so that one removes only so many rows.
_AT_ONCE = 2000


def remove_old(history: History, before: datetime, budget: timedelta = timedelta(seconds=5)) -> int:
    """Remove results of checks, summaries of rounds, messages and log-ins from before an instant, as time allows.

    Nothing is removed that is younger than the oldest open incident. Rounds, figures, incidents and what people said
    stay: they are few, and the weekly to yearly reports are made of them.

    Returns:
        how many rows were removed.
    """
    cut = _not_needed_before(history, before)
    deadline = time.monotonic() + budget.total_seconds()
    removed = 0
    for table, old in _old_rows(history.target, cut):
        while time.monotonic() < deadline:
            number = _remove_some(history, table, old)
            removed += number
            if number < _AT_ONCE:
                break
    return removed


def _not_needed_before(history: History, before: datetime) -> str:
    incidents = tables.incidents.c
    oldest = select(func.min(incidents.opened)).where(incidents.target == history.target, incidents.resolved.is_(None))
    with history.reading() as connection:
        opened = connection.execute(oldest).scalar()
    return min(stored(before), opened or stored(before))


def _old_rows(target: str, cut: str) -> list[tuple[Table, ColumnElement[bool]]]:
    """Which rows of which tables, in an order in which nothing is left that refers to what is gone."""
    rounds, results, summaries = tables.rounds, tables.results, tables.summaries
    messages, deliveries = tables.messages, tables.deliveries
    old_rounds = select(rounds.c.id).where(rounds.c.target == target, rounds.c.as_of < cut)
    old_messages = select(messages.c.id).where(messages.c.target == target, messages.c.created < cut)
    waiting = select(deliveries.c.message_id).where(deliveries.c.next_try.is_not(None))
    done = old_messages.where(messages.c.id.not_in(waiting))
    return [
        (results, results.c.round_id.in_(old_rounds)),
        (summaries, summaries.c.round_id.in_(old_rounds)),
        (deliveries, deliveries.c.message_id.in_(done)),
        (messages, messages.c.id.in_(done)),
        (tables.serve_log_ins, and_(tables.serve_log_ins.c.target == target, tables.serve_log_ins.c.at < cut)),
    ]


def _remove_some(history: History, table: Table, old: ColumnElement[bool]) -> int:
    (key,) = table.primary_key.columns
    some = select(key).where(old).limit(_AT_ONCE)
    with history.writing() as connection:
        found = list(connection.execute(some).scalars())
        connection.execute(delete(table).where(key.in_(found)))
    return len(found)
