"""The rounds of a day as they stand: which ran, which goes on, which is due, and which is still to come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from hypercare.history.broken_rounds import has_broken_off
from hypercare.history.instants import instant_of
from hypercare.history.missed_rounds import DueRound, begun_rounds, counting, due_rounds
from hypercare.history.store import History
from hypercare.plan.schedule import Schedule
from hypercare.target_file.config import TargetConfig

_A_DAY = timedelta(days=1)
# What calls once an hour cannot begin a round of the last hour before midnight on its own day.
_LATE = timedelta(hours=1)


class Stand(StrEnum):
    RAN = "ran"
    GOES_ON = "goes on"
    DUE = "due"
    TO_COME = "to come"


@dataclass(frozen=True)
class RoundOfDay:
    """A round of the day; `begun` is as of when it ran or runs."""

    planned: DueRound
    stand: Stand
    begun: datetime | None = None


def rounds_of_day(
    history: History, config: TargetConfig, schedules: Mapping[str, Schedule], now: datetime
) -> tuple[RoundOfDay, ...]:
    """The rounds of the day of `now`, by the target's clock, in the order in which they are due.

    Before them those of the day before that were due within the last hour and have not begun. One that broke off has
    not run. What runs early or late counts as `missed_rounds` has it.

    Raises:
        HistoryProblem: the history cannot be read.
    """
    calendar = config.business.calendar
    day = calendar.date_of(now)
    near = list(due_rounds(config, now - 3 * _A_DAY, now + 3 * _A_DAY, schedules))
    if history.is_there:
        with history.reading() as connection:
            begun = begun_rounds(connection, history.target, day - _A_DAY, day + _A_DAY)
    else:
        begun = {}
    really, found = datetime.now(UTC), []
    for one, period in counting(near, calendar):
        is_late = one.day == day - _A_DAY and one.due >= now - _LATE and now in period
        if one.day != day and not is_late:
            continue
        rows = [row for row in begun.get(one.round, ()) if instant_of(row["as_of"]) in period]
        alive = [row for row in rows if not _broke_off(row, really, config.rounds.check_limit)]
        if alive and not is_late:
            ended = [row for row in alive if row["finished"] is not None]
            last = (ended or alive)[-1]
            found.append(RoundOfDay(one, Stand.RAN if ended else Stand.GOES_ON, instant_of(last["as_of"])))
        elif not alive:
            found.append(RoundOfDay(one, Stand.DUE if one.due <= now else Stand.TO_COME))
    return tuple(found)


def _broke_off(row: Mapping[Any, Any], now: datetime, longest_check: timedelta) -> bool:
    return row["finished"] is None and has_broken_off(row, now, longest_check)
