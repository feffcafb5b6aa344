"""Requests in the access logs: how long they took, by route and channel."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from math import ceil

from hypercare.logs.fields import pairs_in
from hypercare.logs.gaps import require_none
from hypercare.logs.record import Record, RecordFormat
from hypercare.logs.request_fields import names_a_method, request_fields
from hypercare.logs.request_lines import LOOKS_LIKE_ONE, request_line
from hypercare.outcome.durations import milliseconds
from hypercare.outcome.finding import Row
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.request_pattern import compiled, duration_in
from hypercare.target_file.sections.logs import LogSource

_IDENTIFYING = re.compile(r"^(?:\d+|[0-9a-fA-F]{8,}|[0-9a-fA-F-]{32,36}|.*\d{3,}.*)$")
_ORIGIN = re.compile(r"^https?://[^/?#]*")
_GATEWAY_TIMEOUTS = {408, 504, 522, 524, 598, 599}


@dataclass(frozen=True)
class Request:
    """One line that tells of a request; `duration` is None and `user` empty where it does not say."""

    record: Record
    method: str
    route: str
    channel: str
    status: int
    duration: timedelta | None
    user: str = ""

    @property
    def timed_out(self) -> bool:
        return self.status in _GATEWAY_TIMEOUTS


def request_of(record: Record, form: RecordFormat) -> Request | None:
    """The request that a record of a log tells of; None when it tells of none."""
    if form.source.pattern:
        return _from_pattern(record, form.source, form.source.pattern)
    return _from_fields(record, form) if record.fields else _from_line(record, form)


def _from_pattern(record: Record, source: LogSource, pattern: str) -> Request | None:
    match = compiled(pattern).search(record.text.partition("\n")[0])
    if match is None:
        return None
    groups = {name: value or "" for name, value in match.groupdict().items()}
    status = groups.get("status", "")
    return Request(
        record,
        groups.get("method", ""),
        groups.get("route") or route_of(groups.get("path", "")),
        groups.get("channel", ""),
        int(status) if status.isdecimal() else 0,
        duration_in(match, source.fields.get("duration_unit")),
        groups.get("user", ""),
    )


def _from_line(record: Record, form: RecordFormat) -> Request | None:
    line = record.text.partition("\n")[0]
    parsed = request_line(line, form.source.fields.get("duration_unit"))
    if parsed is None:
        pairs = pairs_in(line)
        return _from_fields(replace(record, fields=pairs), form) if names_a_method(pairs) else None
    return Request(record, parsed.method, route_of(parsed.path), "", parsed.status, parsed.duration)


def _from_fields(record: Record, form: RecordFormat) -> Request | None:
    parsed = request_fields(record.fields, form)
    if parsed is None:
        return None
    route = parsed.route or route_of(parsed.path)
    return Request(record, parsed.method, route, parsed.channel, parsed.status, parsed.duration, parsed.user)


def looks_like_a_request(record: Record) -> bool:
    """Whether a record seems to tell of one, be it understood or not."""
    return bool(LOOKS_LIKE_ONE.search(record.text[:1000])) or names_a_method(record.fields)


def route_of(path: str) -> str:
    """A path with what identifies one record replaced: /sales/123?x=1 becomes /sales/{id}."""
    plain = _ORIGIN.sub("", path).partition("?")[0].partition("#")[0]
    return "/".join("{id}" if _IDENTIFYING.match(part) else part for part in plain.split("/"))


@dataclass
class Durations:
    """Many durations of one kind, in seconds."""

    route: str
    channel: str
    seconds: array[float] = field(default_factory=lambda: array("d"))
    _sorted: bool = False

    def add(self, duration: timedelta) -> None:
        self.seconds.append(duration.total_seconds())
        self._sorted = False

    @property
    def count(self) -> int:
        return len(self.seconds)

    @property
    def median(self) -> timedelta:
        return self.at_share(0.5)

    @property
    def p95(self) -> timedelta:
        return self.at_share(0.95)

    @property
    def largest(self) -> timedelta:
        return self.at_share(1.0)

    def at_share(self, share: float) -> timedelta:
        """The duration that `share` of the requests did not exceed (nearest rank); zero when there was none."""
        if not self.seconds:
            return timedelta(0)
        if not self._sorted:
            self.seconds = array("d", sorted(self.seconds))
            self._sorted = True
        return timedelta(seconds=self.seconds[max(0, ceil(share * len(self.seconds)) - 1)])

    def row(self) -> Row:
        return {
            "route": self.route,
            "channel": self.channel,
            "requests": self.count,
            "median_ms": milliseconds(self.median),
            "p95_ms": milliseconds(self.p95),
            "longest_ms": milliseconds(self.largest),
        }


@dataclass
class Requests:
    """The requests of a period. `overall`, each channel and each route with its channel have their durations.

    `lines` is how many lines were read, `understood` how many of them told of a request, be it of a trial; `gaps` say
    which logs do not say what was requested.
    """

    source: str
    overall: Durations = field(default_factory=lambda: Durations("all", "all"))
    count: int = 0
    lines: int = 0
    understood: int = 0
    gaps: list[NotCovered] = field(default_factory=list)
    _timed_logs: dict[str, bool] = field(default_factory=dict)
    _routes: dict[tuple[str, str], Durations] = field(default_factory=dict)
    _channels: dict[str, Durations] = field(default_factory=dict)

    def add(self, request: Request) -> None:
        self.count += 1
        log = request.record.source
        self._timed_logs[log] = self._timed_logs.get(log, False) or request.duration is not None
        if request.duration is None:
            return
        self.overall.add(request.duration)
        named = f"{request.method} {request.route}".strip()
        key = (named, request.channel)
        self._routes.setdefault(key, Durations(*key)).add(request.duration)
        self._channels.setdefault(request.channel, Durations("all", request.channel)).add(request.duration)

    def require_durations(self) -> None:
        """Raises NotCovered when a log tells of requests, but of none how long it took, or no line is one."""
        require_none(self.gaps)
        silent = [name for name, timed in self._timed_logs.items() if not timed]
        if silent:
            raise NotCovered(
                f"No request in the log {' and '.join(silent)} states how long it took.",
                remedy="Have the duration written, and if its field has another name say so in [logs] fields:"
                ' duration_ms = "..." or duration_s = "..." (access format: duration_unit = "s", "ms" or "us").',
            )

    def by_route(self) -> list[Durations]:
        """Slowest first."""
        return sorted(self._routes.values(), key=lambda route: route.p95, reverse=True)

    def by_channel(self) -> list[Durations]:
        return sorted(self._channels.values(), key=lambda channel: channel.p95, reverse=True)

    def slow_routes(self, *, median: timedelta, p95: timedelta, at_least: int) -> Found:
        """Routes beyond the objective; one with few requests counts when even its median is beyond the p95."""

        def is_slow(route: Durations) -> bool:
            if route.count >= at_least:
                return route.median > median or route.p95 > p95
            return route.count >= 3 and route.median > p95

        return self._listed(self.by_route(), is_slow)

    def slow_channels(self, *, median: timedelta, p95: timedelta, at_least: int) -> Found:
        def is_slow(channel: Durations) -> bool:
            return channel.count >= at_least and (channel.median > median or channel.p95 > p95)

        return self._listed(self.by_channel(), is_slow)

    def _listed(self, durations: Iterable[Durations], holds: Callable[[Durations], bool]) -> Found:
        everything = list(durations)
        chosen = [one for one in everything if holds(one)]
        return Found.of_rows((one.row() for one in chosen), where=self.source, of=len(everything))
