"""Rounds that began and never ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import AwareDatetime
from sqlalchemy import Connection, RowMapping, distinct, func, select

from hypercare.history import tables
from hypercare.history.instants import instant_of
from hypercare.history.runner import is_running
from hypercare.outcome.part import Part

# How long a round may be quiet besides its longest check: to make its report, on machines whose clocks differ.
SLACK = timedelta(minutes=5)


class BrokenRound(Part):
    """A round that began and never ended: `ended` of `expected` checks had, when it was last heard of.

    `as_of` is by the target's clock, `started` and `last_heard` are real instants. `expected` is None where it broke
    off before it knew.
    """

    id: str
    round: str
    as_of: AwareDatetime
    started: AwareDatetime
    last_heard: AwareDatetime
    machine: str = ""
    ended: int = 0
    expected: int | None = None


def unfinished(connection: Connection, target: str) -> Sequence[RowMapping]:
    """The rounds that have not finished and were not told of, with how many checks of each had `ended`."""
    rounds, results = tables.rounds, tables.results
    ended = select(func.count(distinct(results.c.check))).where(results.c.round_id == rounds.c.id).scalar_subquery()
    query = (
        select(rounds, ended.label("ended"))
        .where(rounds.c.target == target, rounds.c.finished.is_(None), rounds.c.told_by.is_(None))
        .order_by(rounds.c.started)
    )
    return connection.execute(query).mappings().all()


def has_broken_off(row: Mapping[Any, Any], now: datetime, longest_check: timedelta) -> bool:
    """Whether an unfinished round will never finish. `now` is the real time.

    A process of this machine is looked for; of one elsewhere only its silence tells.
    """
    running = is_running(row["process"])
    if running is None:
        return now - _last_heard(row) > longest_check + SLACK
    return not running


def broken_round(row: Mapping[Any, Any]) -> BrokenRound:
    return BrokenRound(
        id=row["id"],
        round=row["round"],
        as_of=instant_of(row["as_of"]),
        started=instant_of(row["started"]),
        last_heard=_last_heard(row),
        machine=row["machine"] or "",
        ended=row["ended"],
        expected=row["expected"],
    )


def _last_heard(row: Mapping[Any, Any]) -> datetime:
    return instant_of(row["heartbeat"] or row["started"])
