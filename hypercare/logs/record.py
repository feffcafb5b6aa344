"""One record of a log: its own time, how grave it is, what it says; read from named fields or from a plain line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from hypercare.log_levels.gravity import Gravity, gravity_by_code
from hypercare.log_levels.text_levels import Stated
from hypercare.logs.encoding import text_of
from hypercare.logs.fields import (
    at_path,
    flattened,
    inner_object,
    json_object,
    named_fields,
    plain_name,
    with_inner,
)
from hypercare.logs.heads import CONTINUES
from hypercare.logs.understanding import Understanding, unsampled
from hypercare.target_file.request_pattern import compiled
from hypercare.target_file.sections.logs import LogSource

LONGEST_TEXT = 8000  # characters of a record that are kept
_LONGEST_HEAD = 4000  # bytes in which a line that is told by a pattern states its time
_IN_BROKEN_JSON = re.compile(r'"(?:level|levelname|severity|lvl)"\s*:\s*"(?P<word>[^"]{1,20})"')
# As Windows lists the parts of an event, a line each.
_LEVEL_LINE = re.compile(r"\s*(?:Level|Ebene|Niveau|Nivel|Livello|Nível|Poziom|Уровень)\s*:\s*(?P<word>\w+)\s*$")
_HEADING_LINES = 8
# Where they stand, a runtime made errors of all that was written to stderr.
_OF_CONTAINERS = {"CONTAINER_ID", "CONTAINER_NAME", "CONTAINER_ID_FULL"}
# .NET's console writes the category and, indented below it, the message; XML the element that holds it.
_MESSAGE_BELOW = re.compile(r": [\w.+`]+\[\d+\]\s*$|^\s*<[\w:.-]+(?:\s[^<>]*)?>\s*$")
_TRACEBACK = re.compile(r"^Traceback \(most recent call last\)|^\s+at [\w.$<>]+\(|^Caused by: ", re.MULTILINE)

_FIELDS = {
    "time": (
        "at", "time", "timestamp", "@timestamp", "ts", "asctime", "datetime", "date", "created", "t", "@t", "when",
        "__REALTIME_TIMESTAMP", "time_iso8601", "msec", "eventTime", "timeUnixNano", "timeGenerated", "TimeCreated",
        "StartUTC", "start_time", "log_time", "record.time", "time_local", "timeMillis", "instant.epochSecond",
        "createdAt", "dt", "epoch",
    ),
    "message": (
        "message", "msg", "event", "text", "short_message", "body", "log", "@m", "@mt", "RenderedMessage",
        "textPayload", "MessageTemplate", "full_message", "jsonPayload.message", "record.message",
        "attributes.message", "description",
    ),
    "logger": ("logger", "name", "logger_name", "module"),
    "trace": ("trace_id", "traceId", "trace", "request_id", "requestId", "correlation_id"),
    "exception": ("exception", "exc_info", "traceback", "stack", "stack_trace", "error", "@x"),
    "application": ("application_name", "application", "app"),
    "user": ("user", "user_name"),
}  # fmt: skip


@dataclass(frozen=True)
class Record:
    """`at` is the record's own time, or that of its neighbours when it states none (`timed` is False then).

    `recent` marks a record without a time at the very end of a log: it counts as written just now. `told_below`
    says that its gravity comes from lines without a time below it, which may be another process's last words.
    `statement` is what a database says besides its message: the statement, details.
    """

    source: str
    place: str
    at: datetime | None
    timed: bool
    gravity: Gravity
    message: str
    text: str
    level: str = ""
    statement: str = ""
    logger: str = ""
    trace_id: str = ""
    recent: bool = False
    told_below: bool = False
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RecordFormat:
    """How one source writes its records; `understanding` is what a sample of them told."""

    source: LogSource
    now: datetime
    understanding: Understanding | None = None

    @cached_property
    def understood(self) -> Understanding:
        return self.understanding or unsampled(self.source, self.now)

    @property
    def is_json(self) -> bool:
        return self.understood.is_json

    @property
    def head(self) -> re.Pattern[bytes]:
        """Where a record begins: at every line of an access log with a pattern, else at lines that state a time."""
        return self.understood.head

    @cached_property
    def _stated_time(self) -> re.Pattern[str] | None:
        own = compiled(self.source.pattern) if self.source.pattern else None
        return own if own is not None and "at" in own.groupindex else None

    def time_at(self, line: bytes) -> datetime | None:
        """The time of the record that `line` begins, without reading more of it than needed."""
        line = line.strip(b"\x00 \r\n")
        if self.is_json and line.startswith(b"{"):
            fields = json_object(line, self.understood.parts_encoding)
            if fields is not None:
                return self._time_of(fields)
        longest = _LONGEST_HEAD if self._stated_time else 400
        return self._time_in(text_of(line[:longest], self.understood.parts_encoding))

    def _time_in(self, line: str) -> datetime | None:
        match = self._stated_time.search(line) if self._stated_time else None
        times = self.understood.times
        at = times.value(match["at"]) if match else None
        return at or times.at(line.lstrip("\ufeff"))

    def _time_of(self, fields: Mapping[str, Any]) -> datetime | None:
        times = self.understood.times
        at = times.value(self.value(fields, "time"))  # nearly always the first that may be one
        if at is not None:
            return at
        for value in self._values(fields, "time"):
            at = times.value(value)
            if at is not None:
                return at
        date, clock = fields.get("date"), fields.get("time")
        return times.value(f"{date} {clock}") if date and clock else None

    def value(self, fields: Mapping[str, Any], name: str) -> Any:
        """A field by our name for it: as the target file maps it, else by the usual names, however they are written."""
        if name not in self.source.fields and dict not in map(type, fields.values()):
            exact, alike = _keys_of(tuple(fields), _FIELDS.get(name, (name,)))
            for key in exact:
                if _may_be(name, fields[key]):
                    return fields[key]
            return fields[alike[0]] if alike else None
        return next(self._values(fields, name), None)

    def _values(self, fields: Mapping[str, Any], name: str) -> Iterator[Any]:
        mapped = self.source.fields.get(name)
        if mapped:
            value = at_path(fields, mapped)
            if value is not None:
                yield value
            return
        names = _FIELDS.get(name, (name,))
        found = False
        for key in names:
            value = at_path(fields, key)
            if _may_be(name, value):
                found = True
                yield value
        if not found:
            plain_names = _plain_names(names)
            yield from (value for path, value in flattened(fields, depth=2) if plain_name(path) in plain_names)

    def record(self, body: bytes, place: str) -> Record:
        """The record that `body` holds: its first line and the lines that belong to it."""
        encoding = self.understood.parts_encoding
        body = body.strip(b"\x00\r\n")
        head, _, rest = body.partition(b"\n")
        head = head.strip(b"\x00 \r")
        fields = json_object(head, encoding) if self.is_json and head.startswith(b"{") else None
        below = text_of(rest[:LONGEST_TEXT], encoding)
        if fields is not None:
            return self._from_fields(fields, below, place)
        line = text_of(head[:LONGEST_TEXT], encoding)
        at = self._time_in(line) if self.head.match(head) else None
        if self.source.pattern:
            return self._from_line(line, at, below, place)  # which is told by the whole line
        if self.understood.columns and not line.startswith("#"):
            return self._from_fields(self._in_columns(line), below, place, at)
        named = named_fields(f"{line}\n{below}" if below and "," in line[:60] else line)
        if named is not None:
            return self._from_fields(named, "" if "\n" in str(named.get("message", "")) else below, place, at, line)
        inner = inner_object(line)
        if inner is not None and self.understood.field_levels.read(inner).gravity:
            return self._from_fields(inner, below, place, at)
        return self._from_line(line, at, below, place)

    def _in_columns(self, line: str) -> dict[str, Any]:
        parts = line.split("\t") if "\t" in line else line.split(" ")
        return {name: part for name, part in zip(self.understood.columns, parts, strict=False) if part != "-"}

    def _from_fields(
        self, fields: Mapping[str, Any], below: str, place: str, at: datetime | None = None, line: str = ""
    ) -> Record:
        at = at or self._time_of(fields)
        outer = fields
        fields = with_inner(outer, self.value(outer, "message"))
        message = self._message_of(fields, outer)
        exception = self.value(fields, "exception")
        text = "\n".join(part for part in (line or message, str(exception) if exception else "", below) if part)
        stated = self._stated_by(fields, message)
        below, statement = self._parted(below)
        gravity, gravest_message = self._graver(stated.gravity, message, below)
        return Record(
            source=self.source.name,
            place=place,
            at=at,
            timed=at is not None,
            gravity=gravity,
            told_below=stated.gravity < Gravity.ERROR <= gravity,
            message=gravest_message or _last_line(text),
            text=text[:LONGEST_TEXT],
            level=stated.word,
            statement=statement or str(fields.get("statement") or ""),
            logger=str(self.value(fields, "logger") or ""),
            trace_id=str(self.value(fields, "trace") or ""),
            fields=fields,
        )

    def _stated_by(self, fields: Mapping[str, Any], message: str) -> Stated:
        """The level of a line of fields: its own, but before a syslog priority, which may only tell stderr from stdout,
        what the message says of itself."""
        levels = self.understood.field_levels
        own = levels.read(fields)
        of_syslog = levels.scale is not None and levels.scale.name == "syslog"
        if (own.gravity and not of_syslog) or not message:
            return own
        by_message = self.understood.text_levels.read(message)
        if by_message.gravity:
            return by_message
        return Stated(Gravity.UNSTATED) if own.gravity and _OF_CONTAINERS & fields.keys() else own

    def _message_of(self, fields: Mapping[str, Any], outer: Mapping[str, Any]) -> str:
        text = self.value(fields, "message")
        if fields is not outer:
            inner = next((fields[name] for name in _FIELDS["message"] if isinstance(fields.get(name), str)
                          and fields[name] != outer.get(name)), None)  # fmt: skip
            text = inner or text
        return str(text or self._longest_text(fields))[:LONGEST_TEXT].strip()

    def _longest_text(self, fields: Mapping[str, Any]) -> str:
        """What a line says whose message has none of the usual names: or all its errors would look the same."""
        times = self.understood.times
        texts = [value for _, value in flattened(fields) if isinstance(value, str) and times.value(value) is None]
        return max(texts, key=lambda text: (" " in text.strip(), len(text)), default="")

    def _from_line(self, line: str, at: datetime | None, below: str, place: str) -> Record:
        below, statement = self._parted(below)
        stated = self._stated_in(line, below)
        gravity, gravest_message = self._graver(stated.gravity, line, below)
        if gravest_message is line and below and (_says_nothing_yet(line, stated) or stated.word not in line):
            gravest_message = f"{line} {' '.join(below.split())}"[:LONGEST_TEXT]
        text = f"{line}\n{below}" if below else line
        if line.startswith("Traceback"):
            gravity, gravest_message = max(gravity, Gravity.ERROR), _last_line(text)
        return Record(
            source=self.source.name,
            place=place,
            at=at,
            timed=at is not None,
            gravity=gravity,
            told_below=stated.gravity < Gravity.ERROR <= gravity,
            message=gravest_message,
            text=text[:LONGEST_TEXT],
            level=stated.word,
            statement=statement,
        )

    def _stated_in(self, line: str, below: str) -> Stated:
        levels = self.understood.text_levels
        broken = _IN_BROKEN_JSON.search(line) if line.startswith("{") else None
        if broken:
            return Stated(levels.vocabulary.gravity(broken["word"]) or Gravity.UNSTATED, broken["word"])
        stated = levels.read(line)
        if stated.gravity or not below:
            return stated
        for one in below.splitlines()[:_HEADING_LINES]:
            heading = _LEVEL_LINE.match(one)
            if heading and (gravity := levels.vocabulary.gravity(heading["word"])):
                return Stated(gravity, heading["word"])
        # Java's own logger puts the level at the start of the second line, .NET's console the message.
        second = below.partition("\n")[0]
        return stated if second[:1].isspace() or ":" not in second[:20] else levels.anywhere(second[:40])

    def _parted(self, below: str) -> tuple[str, str]:
        """What stands below a record of a database without and with what it only adds: details, the statement."""
        if self.source.holds != "database" or not below:
            return below, ""
        record_lines: list[str] = []
        added: list[str] = []
        for line in below.splitlines():
            (added if added or CONTINUES.match(line) else record_lines).append(line)
        return "\n".join(record_lines), "\n".join(added)

    def _graver(self, stated: Gravity, message: str, below: str) -> tuple[Gravity, str]:
        """Lines below a record may be graver than itself: a crash writes into the log that stands open."""
        gravity, gravest_message = stated, message
        by_code = gravity_by_code(message)
        if by_code is not None and self.source.holds == "database":
            gravity = by_code
        for line in below.splitlines()[:50]:
            of_line = gravity_by_code(line) or self._said_below(line)
            if of_line > max(gravity, Gravity.WARNING):
                gravity, gravest_message = of_line, line
        if gravity < Gravity.ERROR and _TRACEBACK.search(below):
            gravity, gravest_message = Gravity.ERROR, _last_line(below)
        return gravity, gravest_message

    def _said_below(self, line: str) -> Gravity:
        return Gravity.UNSTATED if line[:1].isspace() else self.understood.text_levels.said_below(line)


@lru_cache(maxsize=128)
def _plain_names(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(plain_name, names))


def _may_be(name: str, value: object) -> bool:
    return value is not None and not (name in {"time", "message"} and isinstance(value, list))


@lru_cache(maxsize=1024)
def _keys_of(keys: tuple[str, ...], names: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which keys of a line without inner objects are some of the names, in their order, and which compare as one."""
    plain_names = _plain_names(names)
    return tuple(name for name in names if name in keys), tuple(key for key in keys if plain_name(key) in plain_names)


def _says_nothing_yet(line: str, stated: Stated) -> bool:
    """Whether the first line of a record is a heading of which the message stands below."""
    return bool(_MESSAGE_BELOW.search(line)) or (bool(stated.word) and line.rstrip().endswith(stated.word))


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""
