"""The hours of business days, as periods."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from hypercare.plan.calendar import Calendar, Period

_HOUR = timedelta(hours=1)


def hours_of(period: Period) -> Iterator[Period]:
    """The hours of a period from its start on, the last one cut off at its end."""
    start, length = period.start, period.length
    passed = timedelta()
    while passed < length:
        yield Period(start + passed, start + min(passed + _HOUR, length))
        passed += _HOUR


def clock_of(instant: datetime, calendar: Calendar) -> str:
    """What the clock on the business's wall shows: "09:00"."""
    return f"{instant.astimezone(calendar.zone):%H:%M}"
