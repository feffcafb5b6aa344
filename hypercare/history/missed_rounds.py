"""Which rounds were due and did not happen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from hypercare.history import tables
from hypercare.history.broken_rounds import has_broken_off
from hypercare.history.instants import instant_of
from hypercare.plan.rounds import Round
from hypercare.target.config import TargetConfig
from hypercare.target.open_hours import works_on

# A schedule may start a round late without anybody having to be told.
GRACE = timedelta(minutes=30)


@dataclass(frozen=True)
class DueRound:
    """A round of a business day; `due` is its instant."""

    round: Round
    day: date
    due: datetime


@dataclass(frozen=True)
class MissedRound(DueRound):
    """`begun` is the instant as of which it was begun, to break off; None when it never began."""

    begun: datetime | None = None


def due_rounds(config: TargetConfig, since: datetime, until: datetime) -> Iterator[DueRound]:
    """The rounds that fall due after `since` and up to `until`, in order; none on days on which nobody works."""
    calendar = config.business.calendar
    day, last = calendar.date_of(since), calendar.date_of(until)
    in_order = sorted(config.rounds.due.items(), key=lambda one: one[1])
    while day <= last:
        due = [DueRound(chosen, day, calendar.at(day, clock)) for chosen, clock in in_order]
        if works_on(config.business, day):
            yield from (one for one in due if since < one.due <= until)
        day += timedelta(days=1)


def find_missed(
    connection: Connection, target: str, config: TargetConfig, since: datetime, until: datetime, now: datetime
) -> Iterator[MissedRound]:
    """Due rounds of which none ended that day and none is running. `now` is the real time, for those that run."""
    rounds = tables.rounds.c
    first = connection.execute(select(rounds.as_of).where(rounds.target == target).order_by(rounds.as_of)).scalar()
    if first is None:
        return
    # Nobody waited for rounds before there were any.
    due = list(due_rounds(config, max(since, instant_of(first)), until - GRACE))
    if not due:
        return
    begun = _begun(connection, target, due[0].day, due[-1].day)
    longest = config.rounds.check_limit
    for one in due:
        rows = begun.get((one.round.value, one.day), [])
        if all(row["finished"] is None and has_broken_off(row, now, longest) for row in rows):
            broke_off = instant_of(rows[-1]["as_of"]) if rows else None
            yield MissedRound(one.round, one.day, one.due, broke_off)


def _begun(connection: Connection, target: str, first: date, last: date) -> dict[tuple[Any, Any], list[RowMapping]]:
    rounds = tables.rounds
    wanted = select(rounds).where(rounds.c.target == target, rounds.c.day.between(first, last)).order_by(rounds.c.as_of)
    found: dict[tuple[Any, Any], list[RowMapping]] = {}
    for row in connection.execute(wanted).mappings():
        found.setdefault((row["round"], row["day"]), []).append(row)
    return found
