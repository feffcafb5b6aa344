"""When the business is open: the union of its branches' hours, as lengths of time."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypercare.plan.calendar import Period
from hypercare.target.config import BusinessSection

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def open_time(business: BusinessSection, start: datetime, end: datetime) -> timedelta | None:
    """How long any branch was open between two instants; None when the target file states no hours."""
    if not business.hours:
        return None
    total = timedelta(0)
    covered = start
    for period in sorted(_openings(business, start, end)):
        begin = max(period.start, covered)
        finish = min(period.end, end)
        if finish > begin:
            total += finish - begin
            covered = finish
    return total


def _openings(business: BusinessSection, start: datetime, end: datetime) -> list[Period]:
    calendar = business.calendar
    day, last = calendar.date_of(start), calendar.date_of(end)
    periods: list[Period] = []
    while day <= last:
        weekday = _WEEKDAYS[day.weekday()]
        periods += [
            Period(calendar.at(day, hours.opens), calendar.at(day, hours.closes))
            for hours in business.hours
            if weekday in hours.days
        ]
        day += timedelta(days=1)
    return periods
