"""How long something took or lasts, in words: short for a table, exact for a limit, rounded for a sentence, a clock
for a log.

How people write a duration in a target file is read by `hypercare.target_file.duration`.
"""

from __future__ import annotations

from datetime import timedelta

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def milliseconds(duration: timedelta) -> int:
    return round(duration.total_seconds() * 1000)


def short_duration(seconds: float) -> str:
    """ "0.4 s", "12 s", "3 min", "2 h 5 min"."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    minutes = round(seconds / _MINUTE)
    if minutes < 120:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def exact_duration(length: timedelta) -> str:
    """ "4 hours", "90 minutes", "5 days": the largest unit that is a whole number, as of a limit that was agreed."""
    seconds = round(length.total_seconds())
    for unit, size in (("day", _DAY), ("hour", _HOUR), ("minute", _MINUTE)):
        if seconds and seconds % size == 0:
            return _counted(seconds // size, unit)
    return f"{seconds} seconds"


def rounded_duration(length: timedelta) -> str:
    """ "40 s", "150 minutes", "5 hours", "3 days": as near as a sentence needs it."""
    seconds = length.total_seconds()
    if seconds < 2 * _MINUTE:
        return f"{seconds:.0f} s"
    if seconds < 3 * _HOUR:
        return f"{round(seconds / _MINUTE)} minutes"
    return f"{round(seconds / _HOUR)} hours" if seconds < 2 * _DAY else f"{round(seconds / _DAY)} days"


def remaining_duration(length: timedelta) -> str:
    """ "9 days", "23 hours": never more than there is left."""
    return f"{length.days} days" if length.days > 1 else _counted(max(0, int(length.total_seconds() // _HOUR)), "hour")


def clock_duration(seconds: float) -> str:
    """ "2 d 03:04:05": whole seconds, days apart."""
    days, rest = divmod(round(seconds), _DAY)
    clock = f"{rest // _HOUR:02}:{rest % _HOUR // _MINUTE:02}:{rest % _MINUTE:02}"
    return f"{days} d {clock}" if days else clock


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
