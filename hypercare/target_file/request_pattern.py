"""The `pattern` of a log: a regular expression whose named groups say what a line tells of one request.

It is checked when the target file is read. Nothing here but the standard library: every target file passes through.
"""

from __future__ import annotations

import re
from datetime import timedelta
from difflib import get_close_matches
from functools import lru_cache

UNITS = {"s": 1.0, "ms": 1e-3, "us": 1e-6}
_WHERE = ("route", "path")
_LENGTHS = ("duration", *(f"duration_{unit}" for unit in UNITS))
GROUPS = ("at", "method", *_WHERE, "status", "user", "channel", *_LENGTHS)
_STATED = re.compile(
    r"\s*(?P<number>\d+(?:[.,]\d+)?(?:[eE]-?\d+)?)\s*(?P<unit>s|secs?|seconds?|ms|msecs?|us|usecs?|[µμ]s|ns)?\s*"
)
_STATED_UNITS = {
    **UNITS,
    **dict.fromkeys(("sec", "secs", "second", "seconds"), 1.0),
    **dict.fromkeys(("msec", "msecs"), 1e-3),
    **dict.fromkeys(("usec", "usecs", "µs", "μs"), 1e-6),
    "ns": 1e-9,
}


@lru_cache(maxsize=64)
def compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def check_request_pattern(text: str) -> str:
    """Raises ValueError, in one line, for what cannot say which request a line is of."""
    try:
        names = compiled(text).groupindex
    except re.error as error:
        raise ValueError(f"{text!r} is not a regular expression: {error}") from None
    for name in names:
        if name not in GROUPS:
            near = get_close_matches(name, GROUPS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(GROUPS)}"
            raise ValueError(f"{text!r} has the unknown group {name!r}; {hint}")
    if not any(name in names for name in _WHERE):
        raise ValueError(f"{text!r} names no request: it needs a group (?P<route>...) or (?P<path>...)")
    return text


def duration_in(match: re.Match[str], unit: str | None) -> timedelta | None:
    """How long the request took, in the unit that its group's name states, the text itself, or the target file.

    None when the line does not say, or says a bare number of nobody knows what.
    """
    groups = match.groupdict()
    for name, factor in UNITS.items():
        if groups.get(f"duration_{name}"):
            return _length(groups[f"duration_{name}"], factor)
    if not groups.get("duration"):
        return None
    return _length(groups["duration"], UNITS.get(unit or ""))


def _length(text: str | None, factor: float | None) -> timedelta | None:
    stated = _STATED.fullmatch(text or "")
    if stated is None:
        return None
    if stated["unit"]:
        factor = _STATED_UNITS[stated["unit"]]
    if factor is None:
        return None
    try:
        return timedelta(seconds=float(stated["number"].replace(",", ".")) * factor)
    except OverflowError:
        return None
