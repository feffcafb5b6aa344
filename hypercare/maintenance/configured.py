"""Maintenance windows of the target file, as the stretches of time that they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from hypercare.plan.calendar import Calendar
from hypercare.target_file.config import TargetConfig
from hypercare.uptime.overrides import Maintenance

if TYPE_CHECKING:
    from hypercare.target_file.sections.uptime import MaintenanceWindow

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONGEST = timedelta(days=7)


def maintenance_between(config: TargetConfig, start: datetime, end: datetime) -> list[Maintenance]:
    """Every announced stretch that touches the time between two instants."""
    calendar = config.business.calendar
    found = [
        Maintenance(window.name, begin, finish, window.ways, window.branches)
        for window in config.maintenance
        for begin, finish in _stretches(window, calendar, start, end)
    ]
    return [one for one in found if one.start < end and one.end > start]


def _stretches(
    window: MaintenanceWindow, calendar: Calendar, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    first = _begin(window.start, calendar) if window.start is not None else start - _LONGEST
    last = _finish(window.end, calendar) if window.end is not None else end + timedelta(days=1)
    if window.at is None or window.lasts is None:
        yield first, last
        return
    day = calendar.date_of(max(first, start - _LONGEST))
    while day <= calendar.date_of(min(last, end)):
        begin = calendar.at(day, window.at)
        if (not window.days or _WEEKDAYS[day.weekday()] in window.days) and first <= begin < last:
            yield begin, min(begin + window.lasts, last)
        day += timedelta(days=1)


def _begin(moment: datetime | date, calendar: Calendar) -> datetime:
    if not isinstance(moment, datetime):
        return calendar.at(moment, time.min)
    return _instant(moment, calendar)


def _finish(moment: datetime | date, calendar: Calendar) -> datetime:
    """A day ends with its last second."""
    if not isinstance(moment, datetime):
        return calendar.at(moment + timedelta(days=1), time.min)
    return _instant(moment, calendar)


def _instant(moment: datetime, calendar: Calendar) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=calendar.zone)).astimezone(UTC)
