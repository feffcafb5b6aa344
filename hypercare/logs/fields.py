"""Lines that name or number their fields: JSON, key=value, a database's CSV; and which field is the level."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from hypercare.log_levels.gravity import Gravity
from hypercare.log_levels.level_words import AMBIGUOUS, Vocabulary
from hypercare.log_levels.scales import SCALES, Scale, gravity_on, scale_of
from hypercare.log_levels.text_levels import LONGEST_WORD, NOTHING, Stated
from hypercare.logs.encoding import without_colours

_LONGEST_JSON = 32 << 20
_NEARLY_EVERYWHERE = 0.98
_PAIR = re.compile(r'([\w.@/-]{1,40})=(?:"((?:[^"\\]|\\.)*)"|\'([^\'\n]*)\'|([^\s"]*))(?=\s|,|$)')
_KEYED_START = re.compile(r"[\w.@-]{1,30}=(?:\"(?:[^\"\\]|\\.)*\"|[^\s\"]+)\s+[\w.@-]{1,30}=")
_LABELLED = re.compile(r"[\w.-]{1,30}:[^\t\n]*\t[\w.-]{1,30}:")
_CSV_START = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? [\w+-]+,(?:\"(?:[^\"]|\"\")*\"|[^,]*),")
# The columns of PostgreSQL's csvlog by the names that its jsonlog gives them.
_CSV_COLUMNS = (
    "timestamp", "user", "dbname", "pid", "remote_host", "session_id", "line_num", "ps", "session_start", "vxid",
    "txid", "error_severity", "state_code", "message", "detail", "hint", "internal_query", "internal_position",
    "context", "statement", "cursor_position", "func_name", "application_name", "backend_type", "leader_pid",
    "query_id",
)  # fmt: skip
# As they compare: small, without marks. Words before numbers, what names the level itself before what may be it.
_LEVEL_NAMES = (
    "level", "levelname", "severity", "severitytext", "errorseverity", "loglevel", "loglevelname", "lvl", "logseverity",
    "sev",
    "severitylabel", "sysloglevel", "@l", "l", "s", "label", "severitynumber", "levelno", "levelvalue", "levelnumber",
    "syslogseverity", "syslogseveritycode", "priority", "prio", "levelnumeric",
)  # fmt: skip
# What is a level only where its values are known ones.
_WEAK_NAMES = frozenset({"l", "s", "label", "priority", "prio"})
_INNER_NAMES = ("name", "text", "value", "label")


def json_object(line: bytes, encoding: str = "utf-8") -> dict[str, Any] | None:
    if len(line) > _LONGEST_JSON:
        return None
    try:
        fields = json.loads(line.replace(b"\x00", b"").decode(encoding, "replace"))
    except (ValueError, RecursionError):
        return None
    return fields if isinstance(fields, dict) else None


def named_fields(text: str) -> dict[str, Any] | None:
    """The fields of a line of key=value pairs, of label:value columns, or of PostgreSQL's CSV; None of any other."""
    if _KEYED_START.match(text):
        found = pairs_in(text)
        return found if len(found) >= 2 else None
    if _LABELLED.match(text):
        return dict(part.split(":", 1) for part in text.split("\n", 1)[0].split("\t") if ":" in part)
    if _CSV_START.match(text):
        return _csv_fields(text)
    return None


def pairs_in(text: str) -> dict[str, Any]:
    """The key=value pairs of a line, wherever they stand."""
    found: dict[str, Any] = {}
    for key, double, single, bare in _PAIR.findall(text):
        found.setdefault(key, re.sub(r"\\(.)", r"\1", double) or single or bare)
    return found


def _csv_fields(text: str) -> dict[str, Any] | None:
    try:
        row = next(csv.reader([*text.splitlines(keepends=True)]), [])
    except csv.Error:
        return None
    if not 20 <= len(row) <= 30:
        return None
    return {name: value for name, value in zip(_CSV_COLUMNS, row, strict=False) if value}


def inner_object(text: str) -> dict[str, Any] | None:
    """The JSON object that stands behind a prefix of a line and ends it, as container runtimes and syslog write."""
    start = text.find("{", 0, 300)
    if start < 0 or not text.rstrip().endswith("}"):
        return None
    return json_object(text[start:].encode("utf-8", "replace"))


def with_inner(fields: Mapping[str, Any], message: object) -> Mapping[str, Any]:
    """The fields of a line and, where its message is a line of named fields itself, those of that one as well.

    So container runtimes and log shippers keep what a program wrote.
    """
    if isinstance(message, dict):
        inner: Mapping[str, Any] | None = message
    elif isinstance(message, str) and message.startswith("{"):
        inner = json_object(message.strip().encode("utf-8", "replace"))
    else:
        inner = named_fields(message) if isinstance(message, str) else None
    return {**fields, **inner} if inner else fields


@lru_cache(maxsize=2048)
def plain_name(name: str) -> str:
    return re.sub(r"[_.\- ]", "", name).casefold()


def flattened(fields: Mapping[str, Any], prefix: str = "", depth: int = 3) -> Iterator[tuple[str, Any]]:
    """Each value with its dotted path, outer ones first."""
    for key, value in fields.items():
        yield f"{prefix}{key}", value
    for key, value in fields.items():
        if depth > 1 and isinstance(value, dict):
            yield from flattened(value, f"{prefix}{key}.", depth - 1)


def at_path(fields: Mapping[str, Any], path: str) -> Any:
    """The value of a key, or of a dotted path into objects."""
    if path in fields:
        return fields[path]
    inner: Any = fields
    for part in path.split("."):
        inner = inner.get(part) if isinstance(inner, dict) else None
    return inner


@dataclass(frozen=True)
class FieldLevels:
    """How lines of named fields state their level: under which `key`, and numbers on which `scale`.

    `unstated` is what a line says that has no such key: Serilog leaves the information out.
    """

    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    key: str | None = None
    scale: Scale | None = None
    numbers: tuple[int, ...] = ()
    unstated: Gravity = Gravity.UNSTATED
    mapped: bool = False
    share: float = 0.0

    @property
    def is_nearly_everywhere(self) -> bool:
        """Whether as good as every line has the key, so that one without it is worth a look."""
        return self.key is not None and self.share >= _NEARLY_EVERYWHERE

    def read(self, fields: Mapping[str, Any]) -> Stated:
        stated = self.read_key(fields)
        if stated.gravity or self.mapped:
            return stated
        for path, value in flattened(fields, depth=2):
            if _rank(path) is not None and path != self.key and not _is_weak(path):
                stated = self._of_value_under(path, value, fields)
                if stated.gravity:
                    return stated
        return Stated(self.unstated)

    def read_key(self, fields: Mapping[str, Any]) -> Stated:
        return self._of(at_path(fields, self.key)) if self.key else NOTHING

    def unknown(self, fields: Mapping[str, Any]) -> str | None:
        """What a line states as its level that is none that is known."""
        value = at_path(fields, self.key) if self.key else None
        if value is None or isinstance(value, dict | list | bool) or value == "" or self.read(fields).gravity:
            return None
        return str(value)[:30]

    def _of(self, value: object) -> Stated:
        if isinstance(value, dict):
            inner = next((value[name] for name in _INNER_NAMES if isinstance(value.get(name), str)), None)
            return self._of(inner)
        is_one = isinstance(value, str | int | float) and not isinstance(value, bool)
        word = without_colours(str(value)).strip() if is_one else ""
        own = self.vocabulary.own.get(word.casefold())
        if own is not None:
            return Stated(own, word)
        number = _number(word)
        if number is not None:
            return Stated(gravity_on(self.scale, number) if self.scale else Gravity.UNSTATED, word)
        gravity = self.vocabulary.gravity(word)
        if gravity is None and len(word.strip("D12345")) <= 1 and word:
            gravity = self.vocabulary.gravity_of_letter(word[0])
        return Stated(gravity or Gravity.UNSTATED, word)

    def _of_value_under(self, path: str, value: object, fields: Mapping[str, Any]) -> Stated:
        number = _number(value)
        if number is None:
            return self._of(value) if not isinstance(value, dict) or self.key is None else NOTHING
        scale = scale_of(plain_name(path.rpartition(".")[2]), [number], frozenset(fields))
        return Stated(gravity_on(scale, number), str(value)) if scale is not None else NOTHING


def _number(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return int(value) if value == value and abs(value) < 1e9 else None
    text = str(value).strip() if isinstance(value, str) else ""
    return int(text) if re.fullmatch(r"-?\d{1,6}", text) else None


def _rank(path: str) -> int | None:
    """Which of the usual names of a level a path ends in; None where it is none of them."""
    whole, last = plain_name(path), plain_name(path.rpartition(".")[2])
    for name in (whole, last):
        if name in _LEVEL_NAMES:
            return _LEVEL_NAMES.index(name)
    return None


def field_levels_of(
    lines: Sequence[Mapping[str, Any]], vocabulary: Vocabulary, mapped: str | None, scale_named: str | None
) -> FieldLevels:
    """Under which key the lines of a sample state their level: the one of most lines whose values are known."""
    unstated = Gravity.INFO if sum("@t" in line for line in lines) > len(lines) / 2 else Gravity.UNSTATED
    named = SCALES.get(scale_named or "")
    if mapped:
        values = [number for line in lines if (number := _number(at_path(line, mapped))) is not None]
        beside = frozenset(key for line in lines for key in line)
        scale = named or scale_of(plain_name(mapped.rpartition(".")[2]), values, beside)
        levels = FieldLevels(vocabulary, mapped, scale, tuple(sorted(set(values))), unstated, mapped=True)
        return replace(levels, share=_share_of(mapped, lines))
    paths = {path for line in lines for path, value in flattened(line) if _rank(path) is not None and _is_one(value)}
    tried: list[tuple[int, int, str, FieldLevels]] = []
    for path in paths:
        levels = _of_key(path, lines, vocabulary, unstated, named)
        recognised = sum(bool(levels.read_key(line).gravity) for line in lines)
        if (
            recognised == len(lines)
            if _is_weak(path)
            else recognised or any(_is_one(at_path(line, path)) for line in lines)
        ):
            tried.append((-recognised, _rank(path) or 0, path, levels))
    if not tried:
        key = _key_that_holds_levels(lines, vocabulary)
        return FieldLevels(vocabulary, key, unstated=unstated, share=_share_of(key, lines) if key else 0.0)
    _, _, key, best = min(tried, key=lambda one: one[:3])
    return replace(best, share=_share_of(key, lines))


def _key_that_holds_levels(lines: Sequence[Mapping[str, Any]], vocabulary: Vocabulary) -> str | None:
    """The key under any other name that each line has, and that holds words of two levels or more and nothing else."""
    words: dict[str, list[str]] = {}
    for line in lines:
        for path, value in flattened(line):
            if isinstance(value, str) and len(value) <= LONGEST_WORD:
                words.setdefault(path, []).append(value)
    for path, stated_words in words.items():
        gravities = {None if word.casefold() in AMBIGUOUS else vocabulary.gravity(word) for word in stated_words}
        if len(stated_words) == len(lines) and len(gravities) > 1 and None not in gravities:
            return path
    return None


def _share_of(path: str, lines: Sequence[Mapping[str, Any]]) -> float:
    return sum(_is_one(at_path(line, path)) for line in lines) / len(lines) if lines else 0.0


def _is_weak(path: str) -> bool:
    return plain_name(path.rpartition(".")[2]) in _WEAK_NAMES


def _is_one(value: object) -> bool:
    return value not in (None, "") and not isinstance(value, list | bool)


def _of_key(
    path: str, lines: Sequence[Mapping[str, Any]], vocabulary: Vocabulary, unstated: Gravity, named: Scale | None
) -> FieldLevels:
    values = [at_path(line, path) for line in lines]
    numbers = [number for value in values if (number := _number(value)) is not None]
    beside = frozenset(key for line in lines for key in line)
    scale = named or scale_of(plain_name(path.rpartition(".")[2]), numbers, beside)
    return FieldLevels(vocabulary, path, scale, tuple(sorted(set(numbers))), unstated)
