"""One record of a log: its own time, how grave it is, what it says; read from JSON or from a plain line."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from hypercare.target.config import LogSource
from hypercare.target.logs.times import HEAD, time_at_start, time_of
from hypercare.target.request_pattern import compiled

LONGEST_TEXT = 8000  # characters of a record that are kept
_LONGEST_JSON = 32 << 20
_LONGEST_HEAD = 4000  # bytes in which a line that is told by a pattern states its time
_EVERY_LINE = re.compile(rb"")


class Gravity(IntEnum):
    UNSTATED = 0
    DEBUG = 10
    INFO = 20
    WARNING = 30
    ERROR = 40
    CRITICAL = 50


_GRAVITY = {
    "TRACE": Gravity.DEBUG,
    "DEBUG": Gravity.DEBUG,
    "INFO": Gravity.INFO,
    "NOTICE": Gravity.INFO,
    "LOG": Gravity.INFO,
    "WARN": Gravity.WARNING,
    "WARNING": Gravity.WARNING,
    "ERR": Gravity.ERROR,
    "ERROR": Gravity.ERROR,
    "SEVERE": Gravity.ERROR,
    "CRIT": Gravity.CRITICAL,
    "CRITICAL": Gravity.CRITICAL,
    "FATAL": Gravity.CRITICAL,
    "PANIC": Gravity.CRITICAL,
    "EMERG": Gravity.CRITICAL,
    "EMERGENCY": Gravity.CRITICAL,
    "ALERT": Gravity.CRITICAL,
}
_WORDS = "TRACE|DEBUG|INFO|NOTICE|LOG|WARN(?:ING)?|ERR(?:OR)?|SEVERE|CRIT(?:ICAL)?|FATAL|PANIC|EMERG(?:ENCY)?|ALERT"
_STATED = re.compile(
    rf"\b(?P<word>{_WORDS})\b(?![\w/.])|\[(?P<small>(?i:{_WORDS}))\]|(?:^|\s)(?P<colon>(?i:{_WORDS})):"
    rf'|\b(?:level|lvl|severity)="?(?P<keyed>(?i:{_WORDS}))\b'
)
_STATED_WITHIN = 200
_IN_BROKEN_JSON = re.compile(rf'"(?:level|levelname|severity|lvl)"\s*:\s*"(?P<word>(?i:{_WORDS}))"')
_TRACEBACK = re.compile(r"^Traceback \(most recent call last\)|^\s+at [\w.$<>]+\(|^Caused by: ", re.MULTILINE)

_FIELDS = {
    "time": ("at", "time", "timestamp", "@timestamp", "ts", "asctime", "datetime", "date", "created", "t"),
    "level": ("level", "levelname", "severity", "lvl", "log.level", "levelno"),
    "message": ("message", "msg", "event", "text", "short_message"),
    "logger": ("logger", "name", "logger_name", "module"),
    "trace": ("trace_id", "traceId", "trace", "request_id", "requestId", "correlation_id"),
    "exception": ("exception", "exc_info", "traceback", "stack", "stack_trace", "error"),
}


@dataclass(frozen=True)
class Record:
    """`at` is the record's own time, or that of its neighbours when it states none (`timed` is False then).

    `recent` marks a record without a time at the very end of a log: it counts as written just now. `told_below`
    says that its gravity comes from lines without a time below it, which may be another process's last words.
    """

    source: str
    place: str
    at: datetime | None
    timed: bool
    gravity: Gravity
    message: str
    text: str
    logger: str = ""
    trace_id: str = ""
    recent: bool = False
    told_below: bool = False
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RecordFormat:
    """How one source writes its records."""

    source: LogSource
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.source.clock_zone)

    @property
    def is_json(self) -> bool:
        return self.source.format.lower() in {"json", "jsonl", "json lines", "ndjson"}

    @cached_property
    def head(self) -> re.Pattern[bytes]:
        """Where a record begins: at every line of an access log with a pattern, else at lines that state a time."""
        return _EVERY_LINE if self.source.pattern and self.source.holds == "access" else HEAD

    @cached_property
    def _stated_time(self) -> re.Pattern[str] | None:
        own = compiled(self.source.pattern) if self.source.pattern else None
        return own if own is not None and "at" in own.groupindex else None

    def time_at(self, line: bytes) -> datetime | None:
        """The time of the record that `line` begins, without reading more of it than needed."""
        line = line.strip(b"\x00 \r\n")
        if self.is_json and line.startswith(b"{"):
            fields = _json_object(line)
            if fields is not None:
                return time_of(self.value(fields, "time"), self.zone, self.now)
        return self._time_in(line[: _LONGEST_HEAD if self._stated_time else 300].decode("utf-8", "replace"))

    def _time_in(self, line: str) -> datetime | None:
        told = self._stated_time.search(line) if self._stated_time else None
        at = time_of(told["at"], self.zone, self.now) if told else None
        return at or time_at_start(line, self.zone, self.now)

    def value(self, fields: Mapping[str, Any], name: str) -> Any:
        """A field by our name for it: as the target file maps it, else by the usual names."""
        mapped = self.source.fields.get(name)
        for key in (mapped,) if mapped else _FIELDS.get(name, (name,)):
            if key in fields:
                return fields[key]
            if "." in key:
                inner: Any = fields
                for part in key.split("."):
                    inner = inner.get(part) if isinstance(inner, dict) else None
                if inner is not None:
                    return inner
        return None

    def record(self, body: bytes, place: str) -> Record:
        """The record that `body` holds: its first line and the lines that belong to it."""
        body = body.strip(b"\x00\r\n")
        head, _, rest = body.partition(b"\n")
        head = head.strip(b"\x00 \r")
        fields = _json_object(head) if self.is_json and head.startswith(b"{") else None
        below = rest[:LONGEST_TEXT].replace(b"\x00", b"").decode("utf-8", "replace")
        if fields is None:
            line = head[:LONGEST_TEXT].replace(b"\x00", b"").decode("utf-8", "replace")
            at = self._time_in(line) if self.head.match(head) else None
            return self._from_line(line, at, below, place)
        return self._from_fields(fields, below, place)

    def _from_fields(self, fields: Mapping[str, Any], below: str, place: str) -> Record:
        at = time_of(self.value(fields, "time"), self.zone, self.now)
        message = str(self.value(fields, "message") or "")[:LONGEST_TEXT]
        exception = self.value(fields, "exception")
        text = "\n".join(part for part in (message, str(exception) if exception else "", below) if part)
        stated = _gravity_of(self.value(fields, "level"))
        gravity, said = _graver(stated, message, below)
        return Record(
            source=self.source.name,
            place=place,
            at=at,
            timed=at is not None,
            gravity=gravity,
            told_below=stated < Gravity.ERROR <= gravity,
            message=said or _last_line(text),
            text=text[:LONGEST_TEXT],
            logger=str(self.value(fields, "logger") or ""),
            trace_id=str(self.value(fields, "trace") or ""),
            fields=fields,
        )

    def _from_line(self, line: str, at: datetime | None, below: str, place: str) -> Record:
        broken = _IN_BROKEN_JSON.search(line) if line.startswith("{") else None
        stated = _GRAVITY[broken["word"].upper()] if broken else stated_gravity(line)
        gravity, said = _graver(stated, line, below)
        text = f"{line}\n{below}" if below else line
        if line.startswith("Traceback"):
            gravity, said = max(gravity, Gravity.ERROR), _last_line(text)
        return Record(
            source=self.source.name,
            place=place,
            at=at,
            timed=at is not None,
            gravity=gravity,
            told_below=stated < Gravity.ERROR <= gravity,
            message=said,
            text=text[:LONGEST_TEXT],
        )


def stated_gravity(line: str) -> Gravity:
    """What a plain line says of itself; a line that says nothing is `UNSTATED`."""
    match = _STATED.search(line[:_STATED_WITHIN])
    if match is None:
        return Gravity.UNSTATED
    return _GRAVITY[str(match["word"] or match["small"] or match["colon"] or match["keyed"]).upper()]


def _graver(stated: Gravity, message: str, below: str) -> tuple[Gravity, str]:
    """Lines below a record may be graver than itself: a crash writes into the log that stands open."""
    gravity, said = stated, message
    for line in below.splitlines()[:50]:
        of_line = Gravity.UNSTATED if line[:1].isspace() else stated_gravity(line)
        if of_line > max(gravity, Gravity.WARNING):
            gravity, said = of_line, line
    if gravity < Gravity.ERROR and _TRACEBACK.search(below):
        gravity, said = Gravity.ERROR, _last_line(below)
    return gravity, said


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""


def _gravity_of(value: object) -> Gravity:
    if isinstance(value, str):
        if value.strip().isdigit():
            return _gravity_of(int(value))
        return _GRAVITY.get(value.strip().upper(), Gravity.UNSTATED)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Gravity.UNSTATED
    if value <= 7:  # syslog counts down: 0 is an emergency, 3 an error
        return (
            Gravity.CRITICAL
            if value <= 2
            else {3: Gravity.ERROR, 4: Gravity.WARNING, 7: Gravity.DEBUG}.get(int(value), Gravity.INFO)
        )
    # Node's loggers write 10 to 60 with 50 for an error; Python's numbers are read where they are the same.
    return (
        Gravity.CRITICAL
        if value >= 60
        else Gravity.ERROR
        if value >= 50
        else Gravity.WARNING
        if value >= 40
        else Gravity.INFO
    )


def _json_object(line: bytes) -> dict[str, Any] | None:
    if len(line) > _LONGEST_JSON:
        return None
    try:
        fields = json.loads(line.replace(b"\x00", b"").decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    return fields if isinstance(fields, dict) else None
