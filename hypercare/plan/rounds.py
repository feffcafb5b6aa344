"""The rounds, when they happen, and what "since the last round" means."""

from __future__ import annotations

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


def hour_of(chosen: Round) -> time:
    """When a round is due; the rarer ones are due in the morning."""
    return DAILY_ROUNDS.get(chosen, time(9))


def round_before(calendar: Calendar, as_of: datetime) -> datetime:
    """The instant of the daily round that came last before `as_of`, however late the present one runs.

    A round that runs within the hour after it was due is that round, so its own hour does not count as "before".
    """
    today = calendar.date_of(as_of)
    due = [calendar.at(day, clock) for day in _two_days(today) for clock in DAILY_ROUNDS.values()]
    past = sorted(instant for instant in due if instant <= as_of)
    if as_of - past[-1] <= timedelta(hours=1):
        past.pop()
    return past[-1]


def _two_days(today: date) -> tuple[date, date]:
    return today - timedelta(days=1), today
