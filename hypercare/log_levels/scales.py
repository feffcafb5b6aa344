"""Levels that are numbers: on which scale they count, told by the field that states them and the numbers seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hypercare.log_levels.gravity import Gravity


@dataclass(frozen=True)
class Scale:
    """From each of the `steps` on, a number means its gravity; where it `counts_down`, up to each of them."""

    name: str
    steps: Mapping[int, Gravity]
    counts_down: bool = False


def _up(name: str, debug: int, info: int, warning: int, error: int, critical: int) -> Scale:
    levels = (Gravity.DEBUG, Gravity.INFO, Gravity.WARNING, Gravity.ERROR, Gravity.CRITICAL)
    return Scale(name, dict(zip((debug, info, warning, error, critical), levels, strict=True)))


SYSLOG = Scale(
    "syslog",
    {2: Gravity.CRITICAL, 3: Gravity.ERROR, 4: Gravity.WARNING, 6: Gravity.INFO, 7: Gravity.DEBUG},
    counts_down=True,
)
EVENTS = Scale(
    "windows",
    {1: Gravity.CRITICAL, 2: Gravity.ERROR, 3: Gravity.WARNING, 4: Gravity.INFO, 5: Gravity.DEBUG},
    counts_down=True,
)
PYTHON = _up("python", 0, 20, 30, 40, 50)
BUNYAN = _up("bunyan", 0, 30, 40, 50, 60)
MONOLOG = _up("monolog", 0, 200, 300, 400, 500)
OPEN_TELEMETRY = _up("otel", 1, 9, 13, 17, 21)
JAVA = _up("java", 0, 701, 801, 901, 10_000)
LOGBACK = _up("logback", 0, 20_000, 30_000, 40_000, 50_000)
DOTNET = _up("dotnet", 0, 2, 3, 4, 5)
SLOG = _up("slog", -8, 0, 4, 8, 12)
SCALES = {
    scale.name: scale
    for scale in (SYSLOG, EVENTS, PYTHON, BUNYAN, MONOLOG, OPEN_TELEMETRY, JAVA, LOGBACK, DOTNET, SLOG)
}

# Names of fields as they compare: small letters, no marks.
_BY_NAME = {
    "priority": SYSLOG,
    "sysloglevel": SYSLOG,
    "syslogseverity": SYSLOG,
    "syslogseveritycode": SYSLOG,
    "severitynumber": OPEN_TELEMETRY,
    "levelno": PYTHON,
    "levelnumber": PYTHON,
    "levelvalue": LOGBACK,
    "loglevel": DOTNET,
    "eventloglevel": EVENTS,
}
_OF_NODE = frozenset({"pid", "hostname", "v", "msg", "reqId"})
_OF_PYTHON = frozenset({"levelname", "lineno", "funcname", "asctime", "pathname", "filename", "module", "threadname"})
_OF_SYSLOG = frozenset({"MESSAGE", "__REALTIME_TIMESTAMP", "SYSLOG_IDENTIFIER", "facility", "syslog_facility"})
_OF_GELF = frozenset({"short_message", "version", "host"})


def gravity_on(scale: Scale, number: float) -> Gravity:
    if scale.counts_down:
        return next((gravity for step, gravity in sorted(scale.steps.items()) if number <= step), Gravity.DEBUG)
    return next(
        (gravity for step, gravity in sorted(scale.steps.items(), reverse=True) if number >= step), Gravity.DEBUG
    )


def scale_of(name: str, numbers: Iterable[float], beside: frozenset[str]) -> Scale | None:
    """The scale of the field `name` by the numbers that it was seen to hold and the fields that stand `beside` it.

    None where it cannot be told: the same 40 is an error of Python's and a warning of Node's.
    """
    values = {int(number) for number in numbers}
    if not values:
        return None
    by_name = _BY_NAME.get(name)
    if name in {"priority", "prio"} and not _OF_SYSLOG & beside:
        return None  # jobs and tickets have priorities too
    if by_name is not None and _plausible(by_name, values):
        return by_name
    if min(values) >= 0 and max(values) <= 7:
        return _of_one_digit(name, values, beside)
    if values <= set(range(10, 70)):
        return _of_two_digits(values, beside)
    if values <= set(range(100, 601, 50)):
        return MONOLOG
    if values <= {300, 400, 500, 700, 800, 900, 1000}:
        return JAVA
    if values <= {5000, 10_000, 20_000, 30_000, 40_000, 50_000}:
        return LOGBACK
    return None


def _of_one_digit(name: str, values: set[int], beside: frozenset[str]) -> Scale | None:
    if name == "severity" or len(_OF_GELF & beside) >= 2 or 6 in values or 7 in values:
        return SYSLOG
    return None


def _of_two_digits(values: set[int], beside: frozenset[str]) -> Scale | None:
    small = {one.casefold() for one in beside}
    if 60 in values or len(_OF_NODE & beside) >= 2 or ("msg" in beside and "levelname" not in small):
        return BUNYAN
    if _OF_PYTHON & small:
        return PYTHON
    return None


def _plausible(scale: Scale, values: set[int]) -> bool:
    largest = {"syslog": 7, "windows": 7, "dotnet": 7, "otel": 24, "python": 60}.get(scale.name)
    return largest is None or (min(values) >= 0 and max(values) <= largest)
