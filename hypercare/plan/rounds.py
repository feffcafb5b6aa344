"""The rounds, when they happen, and what "since the last round" means."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from hypercare.plan.calendar import Calendar


class Round(StrEnum):
    MORNING = "morning"
    MIDDAY = "midday"
    EVENING = "evening"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    ANNUAL = "annual"

    @property
    def words(self) -> str:
        return {"morning": "Morning round", "midday": "Mid-day round", "evening": "End-of-day round"}.get(
            self.value, f"{self.value.capitalize()} round"
        )


DAILY_ROUNDS = {Round.MORNING: time(9), Round.MIDDAY: time(12), Round.EVENING: time(17)}


_MAY_BE_LATE = timedelta(hours=1)
_LONGEST_CLOSED_DAYS = 10


def hour_of(chosen: Round) -> time:
    """When a round is due; the rarer ones are due in the morning."""
    return DAILY_ROUNDS.get(chosen, time(9))


def round_before(
    calendar: Calendar,
    as_of: datetime,
    hours: Collection[time] = tuple(DAILY_ROUNDS.values()),
    works_on: Callable[[date], bool] = lambda day: True,
) -> datetime:
    """The instant of the daily round that was due last before `as_of`, however late the present one runs.

    A round that runs within the hour after it was due is that round, so its own hour does not count as "before". On
    days on which nobody works no round is due.
    """
    today = calendar.date_of(as_of)
    days = [day for day in _days_back(today) if works_on(day)] or list(_days_back(today))
    due = [calendar.at(day, clock) for day in days for clock in hours or DAILY_ROUNDS.values()]
    past = sorted(instant for instant in due if instant <= as_of)
    if len(past) > 1 and as_of - past[-1] <= _MAY_BE_LATE:
        past.pop()
    return past[-1]


def _days_back(today: date) -> Iterator[date]:
    return (today - timedelta(days=number) for number in range(_LONGEST_CLOSED_DAYS + 1))
