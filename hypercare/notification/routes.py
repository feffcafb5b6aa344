"""Which routes hear of a matter, and at what hours."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from hypercare.notification.message import Kind
from hypercare.outcome.level import Level
from hypercare.plan.calendar import Calendar, Period
from hypercare.target_file.sections.notify import WEEK, NotifyRoute


def hears(route: NotifyRoute, kind: Kind, levels: Collection[Level] = (), branches: Collection[str] = ()) -> bool:
    """Whether a route is told.

    `levels` are those whose people are to hear of it, `branches` those it touches; without any it touches all.
    """
    if kind is Kind.TEST:
        return True
    if kind.value not in route.kinds:
        return False
    at_level = not levels or not set(levels).isdisjoint(route.levels)
    there = not branches or not route.branches or not set(branches).isdisjoint(route.branches)
    return at_level and there


def sends_at(route: NotifyRoute, calendar: Calendar, level: Level | None, now: datetime) -> datetime | None:
    """When a route would take a message of this level: now, when its hours begin again, or None when it is left out."""
    if level in route.always:
        return now
    opens = next_opening(route, calendar, now)
    return now if opens == now else (opens if route.outside == "wait" else None)


def next_opening(route: NotifyRoute, calendar: Calendar, now: datetime) -> datetime:
    """`now` within the route's hours, else the instant at which they begin again."""
    later = []
    for period in _hours_around(route, calendar, now):
        if now in period:
            return now
        if period.start > now:
            later.append(period.start)
    return min(later)


def _hours_around(route: NotifyRoute, calendar: Calendar, now: datetime) -> Iterator[Period]:
    """The route's hours from the day before to the same weekday of the next week, so that there is always a next."""
    first = calendar.date_of(now) - timedelta(days=1)
    for day in (first + timedelta(days=number) for number in range(10)):
        if WEEK[day.weekday()] not in route.days:
            continue
        if route.hours is None:
            yield calendar.day(day)
        else:
            over_midnight = route.hours.end <= route.hours.start
            last = day + timedelta(days=1) if over_midnight else day
            yield Period(calendar.at(day, route.hours.start), calendar.at(last, route.hours.end))
