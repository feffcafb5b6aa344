"""How lines that name their fields (JSON, key=value, W3C columns) tell of a request."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hypercare.logs.durations import duration_of
from hypercare.logs.fields import at_path
from hypercare.logs.record import RecordFormat

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
    line = next((match for name in _WHOLE_REQUEST if (match := _REQUEST_LINE.match(str(fields.get(name) or "")))), None)
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
