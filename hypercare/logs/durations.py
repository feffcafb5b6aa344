"""How lines that name their fields tell how long a request took, whatever the unit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from hypercare.logs.fields import at_path

_MILLISECONDS = (
    "duration_ms", "elapsed_ms", "response_time_ms", "latency_ms", "took_ms", "responseTime", "durationMs", "elapsedMs",
    "ElapsedMilliseconds", "time_ms", "request_time_ms", "latencyMs",
)  # fmt: skip
_MICROSECONDS = ("duration_us", "elapsed_us", "latency_us", "request_time_us")
_NANOSECONDS = ("Duration", "duration_ns", "event.duration", "latency_ns", "elapsed_ns")
_SECONDS = ("duration_s", "request_time", "requestTime", "elapsed_s", "total_time")
# What counts seconds in one program and milliseconds in another.
_OF_ANY_UNIT = ("elapsed", "duration", "response_time", "latency", "took", "time_taken", "service", "rt")
_LENGTH = re.compile(r"(?P<number>\d+(?:\.\d+)?(?:e-?\d+)?)\s?(?P<unit>ns|us|[µμ]s|ms|s)?", re.IGNORECASE)
_FACTORS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0}
_LONGEST_USUAL = 3.0  # seconds: a log whose usual request took longer than so many of a unit counts in a smaller one


def duration_of(fields: Mapping[str, Any], mapped: Mapping[str, str], usual_length: float | None) -> timedelta | None:
    """How long a request took, by a field whose name or text says its unit, or whose usual length tells seconds."""
    for name, factor in (("duration_ms", 1e-3), ("duration_s", 1.0)):
        own = mapped.get(name)
        if own is not None:
            return _length(at_path(fields, own), factor)
    for names, factor in ((_MILLISECONDS, 1e-3), (_SECONDS, 1.0), (_MICROSECONDS, 1e-6), (_NANOSECONDS, 1e-9)):
        for name in names:
            length = _length(at_path(fields, name), factor)
            if length is not None:
                return length
    column = str(fields.get("time-taken") or "")  # in W3C columns: IIS writes milliseconds, others seconds with a point
    if column:
        return _length(column, 1.0 if "." in column else 1e-3)
    in_seconds = usual_length is not None and usual_length < _LONGEST_USUAL
    for name in _OF_ANY_UNIT:
        length = _length(at_path(fields, name), 1.0 if in_seconds else None)
        if length is not None:
            return length
    return None


def usual_length_of(lines: Sequence[Mapping[str, Any]]) -> float | None:
    """The usual bare number under a name that says no unit; None where there is none, or all are whole numbers."""
    numbers: list[float] = []
    for fields in lines:
        value = next((one for name in _OF_ANY_UNIT if (one := at_path(fields, name)) is not None), None)
        try:
            numbers.append(float(value) if value is not None and not isinstance(value, bool) else float("nan"))
        except (TypeError, ValueError):
            continue
    stated_lengths = sorted(number for number in numbers if number == number)
    if not stated_lengths or all(number == int(number) for number in stated_lengths):
        return None
    return stated_lengths[len(stated_lengths) // 2]


def _length(value: object, factor: float | None) -> timedelta | None:
    if value is None or isinstance(value, bool | dict | list):
        return None
    match = _LENGTH.fullmatch(str(value).strip())
    if match is None:
        return None
    by_unit = _FACTORS[match["unit"].lower()] if match["unit"] else factor
    try:
        return None if by_unit is None else timedelta(seconds=float(match["number"]) * by_unit)
    except OverflowError:
        return None
