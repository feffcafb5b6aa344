"""The rounds, and what "since the last round" means."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import partial

from hypercare.plan.calendar import Calendar
from hypercare.plan.schedule import Schedule


class Round(StrEnum):
    """The rounds of the shipped plan. A plan may have others; they are known by their names."""

    MORNING = "morning"
    MIDDAY = "midday"
    EVENING = "evening"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    ANNUAL = "annual"

    @property
    def words(self) -> str:
        return words_of_round(self.value)


def words_of_round(name: str) -> str:
    known_words = {Round.MORNING: "Morning round", Round.MIDDAY: "Mid-day round", Round.EVENING: "End-of-day round"}
    return {str(one): words for one, words in known_words.items()}.get(
        name, f"{name.replace('-', ' ').capitalize()} round"
    )


# What the report of all rounds of a day is named in their place.
DAILY = "daily"
# As the shipped plan has them.
DAILY_ROUNDS = {Round.MORNING: time(9), Round.MIDDAY: time(12), Round.EVENING: time(17)}
# The instants of a day at which a schedule is due.
DueOn = Callable[[Calendar, Schedule, date], Iterable[datetime]]
_USUAL = tuple(Schedule(clock=hour) for hour in DAILY_ROUNDS.values())

_MAY_BE_LATE = timedelta(hours=1)
# Weekends and holidays, then rounds that are rarer than daily.
_DAYS_BACK = (10, 62, 400)


def round_before(
    calendar: Calendar,
    as_of: datetime,
    schedules: Collection[Schedule] = _USUAL,
    due_on: DueOn | None = None,
) -> datetime:
    """The instant of the round that was due last before `as_of`, however late the present one runs.

    A round that runs within the hour after it was due is that round, so its own instant does not count as "before". On
    days on which nobody works no round is due.
    """
    today = calendar.date_of(as_of)
    for longest in _DAYS_BACK:
        for due in (due_on or _always, _always):
            past = _due_until(as_of, schedules, (today, longest), partial(due, calendar))
            if past and as_of - past[-1] <= _MAY_BE_LATE:
                past.pop()
            if past:
                return past[-1]
    return as_of - timedelta(days=_DAYS_BACK[-1])


def _always(calendar: Calendar, schedule: Schedule, day: date) -> Iterable[datetime]:
    return schedule.on(day, calendar)


def _due_until(
    as_of: datetime,
    schedules: Collection[Schedule],
    days: tuple[date, int],
    due_on: Callable[[Schedule, date], Iterable[datetime]],
) -> list[datetime]:
    """What was due in so many days before the last one, and on that itself, up to `as_of`."""
    last, longest = days
    return sorted(
        instant
        for number in range(longest + 1)
        for schedule in schedules
        for instant in due_on(schedule, last - timedelta(days=number))
        if instant <= as_of
    )
