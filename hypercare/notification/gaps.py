"""What nobody would hear of, as the target file has it: said before it is needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from hypercare.notification.message import Kind
from hypercare.notification.routes import hears, next_opening
from hypercare.outcome.level import Level
from hypercare.plan.calendar import Period
from hypercare.reports.words import listed
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.sections.notify import NotifyRoute

_STEP = timedelta(minutes=15)
_WEEK_OF_STEPS = 7 * 24 * 4


def notification_gaps(config: TargetConfig, now: datetime) -> list[str]:
    """A sentence for each level, branch or time at which an incident would reach nobody."""
    if not config.notify:
        return []
    return [sentence for level in sorted(Level, reverse=True) for sentence in _of_level(config, level, now)]


def _of_level(config: TargetConfig, level: Level, now: datetime) -> Iterator[str]:
    taking = [route for route in config.notify if hears(route, Kind.INCIDENT, [level])]
    if not taking:
        yield f"Nobody is told of {level.value} incidents ({level.words}): no [[notify]] route takes them."
        return
    without_route = [
        name for name in _branches(config) if not any(hears(r, Kind.INCIDENT, [level], [name]) for r in taking)
    ]
    if without_route:
        yield f"Nobody is told of {level.value} incidents that touch {listed(without_route)} alone."
    gaps = _gaps(config, taking, level, now)
    if gaps:
        zone = config.business.calendar.zone
        first = gaps[0]
        start, end = first.start.astimezone(zone), first.end.astimezone(zone)
        more = f", and at {len(gaps) - 1} more times of the week" if len(gaps) > 1 else ""
        yield (
            f"Nobody is told at once of {level.value} incidents from {start:%A %H:%M} to {end:%A %H:%M}{more}: "
            "no route takes them then."
        )


def _branches(config: TargetConfig) -> list[str]:
    """Every branch that the target file names."""
    of_routes = [branch for route in config.notify for branch in route.branches]
    of_hours = [hours.branch for hours in config.business.hours]
    return list(dict.fromkeys((*of_routes, *of_hours)))


def _gaps(config: TargetConfig, routes: Sequence[NotifyRoute], level: Level, now: datetime) -> list[Period]:
    """The stretches of the week to come in which no route takes a message of the level at once."""
    calendar = config.business.calendar
    if any(level in route.always for route in routes):
        return []
    start = calendar.day(calendar.date_of(now)).start
    gaps: list[Period] = []
    for instant in (start + number * _STEP for number in range(_WEEK_OF_STEPS)):
        if any(next_opening(route, calendar, instant) == instant for route in routes):
            continue
        if gaps and gaps[-1].end == instant:
            gaps[-1] = Period(gaps[-1].start, instant + _STEP)
        else:
            gaps.append(Period(instant, instant + _STEP))
    return gaps
