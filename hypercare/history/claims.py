"""Each round of a target happens once: whoever runs it has claimed it before, for as long as it is heard of.

A claim is a lease. It is renewed while its round runs, and is free again when it has run out: on the machine of its
process at once when that has died, elsewhere after `LEASE`.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, select, update

from hypercare.history import tables
from hypercare.history.broken_rounds import has_broken_off
from hypercare.history.engine import now_of, put
from hypercare.history.instants import instant_of, stored
from hypercare.history.missed_rounds import begun_rounds, counting, due_rounds
from hypercare.history.runner import Runner, is_running
from hypercare.history.store import History
from hypercare.plan.calendar import Period
from hypercare.target_file.config import TargetConfig

LEASE = timedelta(minutes=2)
# Several renewals may fail before a claim has run out.
RENEWED_EVERY = timedelta(seconds=30)
# No round counts as one of longer ago.
_KEPT_DAYS = timedelta(days=8)
_NEAR = timedelta(days=3)


@dataclass(frozen=True)
class Occurrence:
    """One happening of a round: the `nth` of its name that is due on a day, 0 where none is due.

    What begins within `period` counts as it.
    """

    round: str
    day: date
    nth: int
    period: Period


@dataclass(frozen=True)
class Claim:
    """A round that is ours to run, until its lease runs out unrenewed."""

    occurrence: Occurrence
    token: str = field(default_factory=lambda: uuid.uuid4().hex)


@dataclass(frozen=True)
class Held:
    """Somebody else runs it; `until` is when the claim runs out unless it is renewed, None where nobody claimed it."""

    machine: str
    until: datetime | None


@dataclass(frozen=True)
class RanBefore:
    """It has ended already: with an exit status where a claim says so, else with the word over it."""

    exit_status: int | None
    status: str | None = None


def occurrence_of(config: TargetConfig, name: str, as_of: datetime) -> Occurrence:
    """Which happening of a round one is that runs as of an instant, by when rounds of the name are due."""
    calendar = config.business.calendar
    of_name = {one: schedule for one, schedule in config.schedules.items() if one == name}
    near = list(due_rounds(config, as_of - _NEAR, as_of + _NEAR, of_name))
    for one, period in counting(near, calendar):
        if as_of in period:
            return Occurrence(name, one.day, one.nth, period)
    day = calendar.date_of(as_of)
    return Occurrence(name, day, 0, calendar.day(day))


def claim_round(
    history: History, occurrence: Occurrence, runner: Runner, longest_check: timedelta
) -> Claim | Held | RanBefore:
    """Claim a round for this process, unless it ran already or somebody is at it.

    Raises:
        HistoryProblem: the history cannot be written.
    """
    with history.writing() as connection:
        now = now_of(connection)
        found = _row(connection, history.target, occurrence)
        rounds = _rounds(connection, history.target, occurrence)
        ended = next((row for row in rounds if row["finished"] is not None), None)
        if found is not None and found["finished"] is not None:
            return RanBefore(found["exit_status"])
        if ended is not None:
            return RanBefore(None, ended["status"])
        holder = _holder(found, rounds, now, longest_check)
        if holder is not None:
            return holder
        claim = Claim(occurrence)
        put(connection, tables.claims, [_new_row(history.target, claim, runner, now)])
        _remove_old(connection, history.target, occurrence.day)
        return claim


def renew(history: History, claim: Claim) -> bool:
    """Hold a claim for another while; False where it is somebody else's by now.

    Raises:
        HistoryProblem: the history cannot be written.
    """
    with history.writing() as connection:
        until = stored(now_of(connection) + LEASE)
        return connection.execute(update(tables.claims).where(_is(claim)).values(until=until)).rowcount == 1


def settle(history: History, claim: Claim, exit_status: int) -> bool:
    """End a claim. A round that left no report is free again for the next who comes.

    Returns:
        whether the round counts as done.

    Raises:
        HistoryProblem: the history cannot be written.
    """
    with history.writing() as connection:
        rounds = _rounds(connection, history.target, claim.occurrence)
        is_done = any(row["finished"] is not None for row in rounds)
        if is_done:
            values = {"finished": stored(now_of(connection)), "exit_status": exit_status}
            connection.execute(update(tables.claims).where(_is(claim)).values(**values))
        else:
            connection.execute(delete(tables.claims).where(_is(claim)))
    return is_done


def _is(claim: Claim) -> Any:
    return tables.claims.c.token == claim.token


def _row(connection: Connection, target: str, occurrence: Occurrence) -> RowMapping | None:
    rows = tables.claims
    this = (rows.c.target == target, rows.c.round == occurrence.round, rows.c.day == occurrence.day)
    return connection.execute(select(rows).where(*this, rows.c.nth == occurrence.nth)).mappings().first()


def _rounds(connection: Connection, target: str, occurrence: Occurrence) -> list[RowMapping]:
    """The rounds that count as it, however they were started."""
    day = timedelta(days=1)
    begun = begun_rounds(connection, target, occurrence.day - day, occurrence.day + day)
    return [row for row in begun.get(occurrence.round, ()) if instant_of(row["as_of"]) in occurrence.period]


def _holder(found: RowMapping | None, rounds: list[RowMapping], now: datetime, longest_check: timedelta) -> Held | None:
    if found is not None and _is_held(found, now):
        return Held(found["machine"], instant_of(found["until"]))
    claimed_by = found["process"] if found is not None else None
    for row in rounds:
        # Of what ran under a claim the claim tells sooner that it broke off.
        if row["process"] != claimed_by and not has_broken_off(row, now, longest_check):
            return Held(row["machine"] or "", None)
    return None


def _is_held(row: RowMapping, now: datetime) -> bool:
    running = is_running(row["process"])
    return now < instant_of(row["until"]) if running is None else running


def _new_row(target: str, claim: Claim, runner: Runner, now: datetime) -> dict[str, Any]:
    return {
        "target": target,
        "round": claim.occurrence.round,
        "day": claim.occurrence.day,
        "nth": claim.occurrence.nth,
        "token": claim.token,
        "machine": runner.machine,
        "process": runner.process,
        "until": stored(now + LEASE),
        "finished": None,
        "exit_status": None,
    }


def _remove_old(connection: Connection, target: str, day: date) -> None:
    rows = tables.claims.c
    connection.execute(delete(tables.claims).where(rows.target == target, rows.day < day - _KEPT_DAYS))
