"""How a log is written, told from a sample of its head, its middle and its end, and said in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypercare.log_levels.gravity import NAMED
from hypercare.log_levels.level_words import Vocabulary
from hypercare.log_levels.text_levels import TextLevels, text_levels_of
from hypercare.logs.durations import usual_length_of
from hypercare.logs.encoding import encoding_of, of_parts, text_of
from hypercare.logs.fields import (
    FieldLevels,
    field_levels_of,
    inner_object,
    json_object,
    named_fields,
    with_inner,
)
from hypercare.logs.heads import HEAD, head_of
from hypercare.logs.sampling import Sample
from hypercare.logs.time_forms import ALL, ALWAYS, TimeForm
from hypercare.logs.times import TimeReader, forms_of, order_of
from hypercare.target_file.sections.logs import LogSource

_MOST_LINES = 600
_TIME_KEYS = re.compile(r'"[^"]{0,20}(?:time|date|stamp|ts|@t|at|when)[^"]{0,12}"\s*:\s*"([^"]{6,40})"', re.IGNORECASE)
_SQL_SERVER = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d\d (?:spid\d+s?|Server|Logon|Backup|\w+) +\S")
_ONLY_A_TIME = re.compile(r"[\w:+., -]{19,45}$")


@dataclass(frozen=True)
class Understanding:
    """What was told of a log.

    `quiet_unless_told`: its writer states a level only where something is wrong. `usual_length` is that of a
    request in a unit that no name says, `columns` those of a W3C log; `keeps_objects` that messages are
    JSON themselves.
    """

    encoding: str
    times: TimeReader
    head: re.Pattern[bytes]
    text_levels: TextLevels = field(default_factory=TextLevels)
    field_levels: FieldLevels = field(default_factory=FieldLevels)
    is_json: bool = False
    is_keyed: bool = False
    quiet_unless_told: bool = False
    usual_length: float | None = None
    columns: tuple[str, ...] = ()
    keeps_objects: bool = False

    @property
    def parts_encoding(self) -> str:
        return of_parts(self.encoding)


def understand(source: LogSource, now: datetime, sample: Sample) -> Understanding:
    vocabulary = Vocabulary({word: NAMED[level] for word, level in source.levels.items()})
    encoding = source.encoding or encoding_of(sample.first, b"\n".join(sample.lines))
    chosen = [text_of(line, of_parts(encoding)).strip("\r\n\ufeff") for line in spread(sample.lines)]
    lines = [line for line in chosen if line.strip()]
    is_json = _is_json(source, lines)
    objects = _objects(lines, is_json)
    stamps = [match[1] for line in lines if line.startswith("{") for match in _TIME_KEYS.finditer(line[:2000])]
    plain = lines if not objects or not is_json else [line for line in lines if not line.startswith("{")]
    forms = forms_of([line for line in plain if not line[:1].isspace()]) if plain else ()
    zone = ZoneInfo(source.clock_zone)
    times = TimeReader(
        zone,
        now,
        forms + tuple(form for form in (ALL if stamps else ALWAYS) if form not in forms),
        order_of([*stamps, *plain], zone, now),
        re.compile(source.time_pattern) if source.time_pattern else None,
        source.time_format,
    )
    head = head_of(source, forms, plain, of_parts(encoding))
    heads = [line for line in plain if head.match(line.encode("utf-8", "replace"))] or plain
    messages = [_message_of(one, source) for one in objects] if is_json else []
    objects = [with_inner(one, _message_of(one, source)) for one in objects]
    pattern = re.compile(source.level_pattern) if source.level_pattern else None
    return Understanding(
        encoding,
        times,
        head,
        text_levels_of(messages or heads, vocabulary, pattern),
        field_levels_of(objects, vocabulary, source.fields.get("level"), source.level_scale),
        is_json,
        bool(objects) and not is_json,
        source.unstated is not None or _quiet_unless_told(source, heads),
        usual_length_of(objects),
        _columns(lines),
        any(message.startswith("{") for message in messages),
    )


def _columns(lines: Sequence[str]) -> tuple[str, ...]:
    """The columns that the head of a W3C log names (IIS, CloudFront)."""
    named = [line.partition(":")[2].split() for line in lines if line.startswith("#Fields:")]
    return tuple(named[-1]) if named else ()


def unsampled(source: LogSource, now: datetime) -> Understanding:
    """What can be said of a log of which no line was seen."""
    times = TimeReader(ZoneInfo(source.clock_zone), now)
    return Understanding("utf-8", times, HEAD, is_json=source.says_json)


def spread(lines: Sequence[bytes]) -> list[bytes]:
    if len(lines) <= _MOST_LINES:
        return list(lines)
    return [lines[len(lines) * number // _MOST_LINES] for number in range(_MOST_LINES)]


def _is_json(source: LogSource, lines: Sequence[str]) -> bool:
    if source.says_json and (not lines or any(line.startswith("{") for line in lines)):
        return True
    starting = [line for line in lines if not line[:1].isspace()]
    return bool(starting) and sum(line.startswith("{") for line in starting) >= 0.8 * len(starting)


def _objects(lines: Sequence[str], is_json: bool) -> list[Mapping[str, Any]]:
    """The lines of the sample that name their fields, if that is how most are written."""
    if is_json:
        found = [json_object(line.encode()) for line in lines if line.startswith("{")]
    else:
        starting = [line for line in lines if not line[:1].isspace()]
        found = [named_fields(line) or inner_object(line) for line in starting]
        if sum(one is not None for one in found) < 0.5 * len(starting):
            return []
    return [one for one in found if one]


def _message_of(fields: Mapping[str, Any], source: LogSource) -> str:
    for name in (source.fields.get("message", "message"), "log", "msg", "MESSAGE", "body"):
        if isinstance(fields.get(name), str):
            return str(fields[name])
    return ""


def _quiet_unless_told(source: LogSource, heads: Sequence[str]) -> bool:
    """Whether the log is one of an engine that states a level with errors only."""
    if not heads or source.holds != "database":
        return False
    of_sql_server = sum(bool(_SQL_SERVER.match(line)) for line in heads)
    only_a_time = sum(bool(_ONLY_A_TIME.match(line)) for line in heads)
    return max(of_sql_server, only_a_time) >= 0.7 * len(heads)


def description_of_times(times: TimeReader, forms: Sequence[TimeForm]) -> str:
    names = [form.name for form in times.forms if form in forms][:2]
    return " and ".join(names)


def description_of(understanding: Understanding, source: LogSource) -> str:
    """What was understood, for whoever attaches a log: form, level, time and encoding.

    "JSON lines, level under severity, times as year-month-day, utf-8".
    """
    parts = [
        _form(understanding),
        _level(understanding) if source.holds != "access" else "",
        _times(understanding, source),
        understanding.encoding,
    ]
    return ", ".join(part for part in parts if part)


def _form(understanding: Understanding) -> str:
    if understanding.columns:
        return f"W3C columns ({len(understanding.columns)})"
    return (
        "JSON lines" if understanding.is_json else "lines of named fields" if understanding.is_keyed else "plain lines"
    )


def _level(understanding: Understanding) -> str:
    if (understanding.is_json or understanding.is_keyed) and understanding.field_levels.key:
        scale = f" on the {understanding.field_levels.scale.name} scale" if understanding.field_levels.scale else ""
        return f"level under {understanding.field_levels.key}{scale}"
    levels = understanding.text_levels
    if levels.pattern is not None:
        return "level by its pattern"
    if levels.glued or levels.as_letter:
        return "level as one letter"
    if levels.places:
        return f"level as word {' or '.join(str(place + 1) for place in levels.places)} of a line"
    return "level as the number of syslog" if levels.numbered else "level as a word in the line"


def _times(understanding: Understanding, source: LogSource) -> str:
    if understanding.times.own is not None:
        return "times by their pattern"
    if understanding.is_json:
        return ""
    name = understanding.times.forms[0].name
    order = (
        f" ({understanding.times.order})"
        if understanding.times.forms[0].three_numbers and understanding.times.order
        else ""
    )
    return f"times as {name}{order}, in {source.clock_zone} where none is named"
