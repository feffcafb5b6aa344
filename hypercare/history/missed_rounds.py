"""Which rounds were due and did not happen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import AwareDatetime, Field
from sqlalchemy import Connection, RowMapping, select

from hypercare.history import tables
from hypercare.history.broken_rounds import has_broken_off
from hypercare.history.instants import instant_of
from hypercare.outcome.part import Part
from hypercare.plan.calendar import Calendar, Period
from hypercare.plan.schedule import Schedule
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.open_hours import due_on

# A schedule may start a round late without anybody having to be told.
GRACE = timedelta(minutes=30)
# One of before midnight is begun an hour late by a schedule that calls once an hour, and others may come before it.
GRACE_AFTER_MIDNIGHT = timedelta(minutes=75)
_A_DAY = timedelta(days=1)


class DueRound(Part):
    """A round of a day; `due` is its instant, and `nth` counts those of one name on one day."""

    round: str
    due: AwareDatetime
    day: date = Field(default_factory=lambda values: values["due"].date())
    nth: int = 1


class MissedRound(DueRound):
    """A round of the day that was due and did not happen; `begun` is as of when it began, where it broke off."""

    begun: AwareDatetime | None = None


def due_rounds(
    config: TargetConfig, since: datetime, until: datetime, schedules: Mapping[str, Schedule] | None = None
) -> Iterator[DueRound]:
    """The rounds that fall due after `since` and up to `until`, in order; by other `schedules` than the target's."""
    calendar = config.business.calendar
    day, last = calendar.date_of(since), calendar.date_of(until)
    schedules = config.schedules if schedules is None else schedules
    while day <= last:
        due = [
            DueRound(round=name, due=instant, day=day, nth=nth)
            for name, schedule in schedules.items()
            for nth, instant in enumerate(due_on(config.business, schedule, day), 1)
        ]
        yield from sorted((one for one in due if since < one.due <= until), key=lambda one: one.due)
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
    awaited = set(due_rounds(config, max(since, instant_of(first)), until - GRACE))
    if not awaited:
        return
    around = sorted(awaited, key=lambda one: one.due)
    near = list(due_rounds(config, around[0].due - 2 * _A_DAY, around[-1].due + 2 * _A_DAY))
    begun = begun_rounds(connection, target, around[0].day, around[-1].day + _A_DAY)
    longest = config.rounds.check_limit
    for one, period in counting(near, config.business.calendar):
        if one not in awaited:
            continue
        rows = [row for row in begun.get(one.round, ()) if instant_of(row["as_of"]) in period]
        if all(row["finished"] is None and has_broken_off(row, now, longest) for row in rows):
            broke_off = instant_of(rows[-1]["as_of"]) if rows else None
            yield MissedRound(**dict(one), begun=broke_off)


def counting(due: Sequence[DueRound], calendar: Calendar) -> Iterator[tuple[DueRound, Period]]:
    """Each round with the time in which one of its name counts as it, by when it was due.

    That is its day, so that a round may run early or late. Of several on a day each has its own part of it; one that is
    due just before midnight may begin after it.
    """
    for number, one in enumerate(due):
        day = calendar.day(one.day)
        before = next((other for other in reversed(due[:number]) if other.round == one.round), None)
        after = next((other for other in due[number + 1 :] if other.round == one.round), None)
        start, end = day.start, max(day.end, _late(one, after))
        if before is not None:
            start = one.due - _grace(before, one) if before.day == one.day else max(start, _late(before, one))
        if after is not None and after.day == one.day:
            end = after.due - _grace(one, after)
        yield one, Period(start, end)


def _late(one: DueRound, after: DueRound | None) -> datetime:
    return one.due + _grace(one, after, GRACE_AFTER_MIDNIGHT)


def _grace(one: DueRound, after: DueRound | None, longest: timedelta = GRACE) -> timedelta:
    return longest if after is None else min(longest, (after.due - one.due) / 2)


def begun_rounds(connection: Connection, target: str, first: date, last: date) -> dict[Any, list[RowMapping]]:
    """The rounds of these days by name, in order; one that was partial stands for none."""
    rounds = tables.rounds
    these = (rounds.c.target == target, rounds.c.day.between(first, last), rounds.c.partial.is_not(True))
    query = select(rounds).where(*these).order_by(rounds.c.as_of)
    found: dict[Any, list[RowMapping]] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(row["round"], []).append(row)
    return found
