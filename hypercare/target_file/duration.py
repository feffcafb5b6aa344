"""Durations as people write them: "500ms", "2s", "15m", "1h30m", "2d"."""

from __future__ import annotations

import re
from datetime import timedelta

_PART = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<unit>ms|s|m|h|d)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def parsed_duration(value: object) -> object:
    """Turn text into a timedelta; leave anything else to the validation behind it.

    Raises:
        ValueError: the text is not a duration.
    """
    if not isinstance(value, str):
        if isinstance(value, int | float):
            raise ValueError(f'a duration needs its unit, for instance "{value}s"')
        return value
    text = value.replace(" ", "")
    if not text or _PART.sub("", text):
        raise ValueError(f'{value!r} is not a duration; write "500ms", "2s", "15m", "1h30m" or "2d"')
    return timedelta(seconds=sum(float(m["number"]) * _SECONDS[m["unit"]] for m in _PART.finditer(text)))


def written_duration(value: timedelta) -> str:
    """ "2d", "4h", "500ms": as it is written in a target file."""
    seconds = value.total_seconds()
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:.0f}{unit}"
    return f"{seconds * 1000:.0f}ms"
