"""How lines that name their fields (JSON, key=value, W3C columns) tell of a request, and of how long it took."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hypercare.target.logs.fields import at_path

if TYPE_CHECKING:
    from hypercare.target.logs.record import RecordFormat

_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_PATH = (
    "path", "uri", "url", "request.uri", "request.url", "request.path", "request_uri", "requestPath", "cs-uri-stem",
    "url.path", "url.original", "http.target", "http.url", "http.route", "req.url", "RequestPath",
    "httpRequest.requestUrl", "uri_path", "target",
)  # fmt: skip
_STATUS = (
    "status", "status_code", "statusCode", "DownstreamStatus", "response.status", "http.response.status_code",
    "http.status_code", "sc-status", "response_code", "responseCode", "res.statusCode", "httpRequest.status", "code",
    "resp_status", "StatusCode",
)  # fmt: skip
_METHOD = (
    "method", "request.method", "RequestMethod", "http.request.method", "http.method", "request_method", "cs-method",
    "verb", "req.method", "httpRequest.requestMethod", "httpMethod",
)  # fmt: skip
_USER = ("user", "remote_user", "cs-username", "username")
_WHOLE_REQUEST = ("request", "request_line", "requestLine", "http_request", "message", "msg")
_REQUEST_LINE = re.compile(r'^"?(?P<method>[A-Z]{3,9}) (?P<path>\S+)(?: HTTP/[\d.]+)?"?$')

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


@dataclass(frozen=True)
class RequestFields:
    method: str
    path: str
    route: str
    channel: str
    status: int
    user: str
    duration: timedelta | None


def request_fields(fields: Mapping[str, Any], form: RecordFormat) -> RequestFields | None:
    """The request that the fields of a line tell of; None where they tell of none."""
    method = _first(fields, form, "method", _METHOD)
    path = _first(fields, form, "path", _PATH)
    route = str(form.value(fields, "route") or "")
    status = _whole(_first(fields, form, "status", _STATUS))
    line = next((told for name in _WHOLE_REQUEST if (told := _REQUEST_LINE.match(str(fields.get(name) or "")))), None)
    if line is not None:
        method, path = method or line["method"], path or line["path"]
    if not route and not path and not (status and 100 <= status <= 599):
        return None
    return RequestFields(
        str(method or ""),
        str(path or ""),
        route,
        str(form.value(fields, "channel") or ""),
        status or 0,
        str(_first(fields, form, "user", _USER) or ""),
        duration_of(fields, form.source.fields, form.understood.usual_length),
    )


def names_a_method(fields: Mapping[str, Any]) -> bool:
    return any(isinstance(value, str) and value in _METHODS for value in fields.values())


def _first(fields: Mapping[str, Any], form: RecordFormat, name: str, usual: Sequence[str]) -> Any:
    if name in form.source.fields:
        return form.value(fields, name)
    found = (at_path(fields, key) for key in usual)
    return next((value for value in found if value is not None and not isinstance(value, dict | list)), None)


def _whole(value: object) -> int | None:
    try:
        return int(str(value)) if value is not None else None
    except ValueError:
        return None


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
    known = sorted(number for number in numbers if number == number)
    if not known or all(number == int(number) for number in known):
        return None
    return known[len(known) // 2]


def _length(value: object, factor: float | None) -> timedelta | None:
    if value is None or isinstance(value, bool | dict | list):
        return None
    told = _LENGTH.fullmatch(str(value).strip())
    if told is None:
        return None
    by_unit = _FACTORS[told["unit"].lower()] if told["unit"] else factor
    try:
        return None if by_unit is None else timedelta(seconds=float(told["number"]) * by_unit)
    except OverflowError:
        return None
