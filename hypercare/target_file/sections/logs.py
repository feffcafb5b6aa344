"""The section of a log, and that of errors that somebody has looked at."""

from __future__ import annotations

import codecs
import re
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from hypercare.target_file.section import Duration, Later, RequestPattern, Section

if TYPE_CHECKING:
    from hypercare.target_file.sections.log_sources import JournaldSection, LokiSection, SentrySection
else:
    JournaldSection = LokiSection = SentrySection = Any

_SOURCES = "hypercare.target_file.sections.log_sources"
LevelName = Literal["debug", "info", "warning", "error", "critical"]
ScaleName = Literal["syslog", "windows", "python", "bunyan", "monolog", "otel", "java", "logback", "dotnet", "slog"]


def _checked_pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is not a regular expression: {error}") from None
    return text


def _checked_level_pattern(text: str) -> str:
    if "level" not in re.compile(_checked_pattern(text)).groupindex:
        raise ValueError(f"{text!r} names no level: it needs a group (?P<level>...)")
    return text


def _checked_encoding(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        raise ValueError(f'there is no encoding {name!r}; write for instance "cp1252" or "utf-16-le"') from None


TimePattern = Annotated[str, AfterValidator(_checked_pattern)]
LevelPattern = Annotated[str, AfterValidator(_checked_level_pattern)]
Encoding = Annotated[str, AfterValidator(_checked_encoding)]


class LogSource(Section):
    """One log with its rotated pieces. `clock_zone` is for lines whose time names no zone.

    `format` is "json" (an object a line), "python" (what Python's logging writes), "text" (any lines that state a time,
    key=value among them) or "access" (common and combined). `fields` says what JSON lines call `time`, `level`,
    `message`, `logger`, `trace` and `exception`, and in an access log `method`, `path`, `route`, `status`, `user`,
    `channel` and `duration_ms` or `duration_s`; `duration_unit` is that of a number at the end of an access line.

    `pattern` is a regular expression for lines that tell of requests in a form of their own, be it in an access log or
    among other lines. Its named groups say what is told: `route` or `path`, `method`, `status`, `user`, `channel`, `at`
    (where the time is not at the line's start), and `duration_ms`, `duration_s`, `duration_us` or `duration` with its
    unit behind it. Requests of [canary] users, where `user` tells, do not count in figures.

    How the lines are written (encoding, times, levels) is told from a sample, and `hypercare doctor` says what was
    understood. Where that is wrong: `levels` says what the log's own words or numbers mean ({ FEIL = "error" }),
    `level_pattern` where they stand (a regular expression with a group `level`), `level_scale` on which scale numbers
    count, and `unstated` that what states none is no error. `time_pattern` is a regular expression of the time, or has
    a group `at`; `time_format` its form in strptime's letters. `encoding` is a name that Python knows.

    In place of `path` stands one of `journald`, `loki`, `sentry`, or `entity`: the mapped table in which the
    application writes down what goes wrong (`"logged_error"`). Of these a round asks for what is new, `most` entries at
    most, and once more for what is not older than `late_by`, since some arrives late; each counts once. A table is read
    by its time, or `by = "key"` where its `id` is a number that grows with each row that arrives: then a row counts
    however late it comes.
    """

    name: str
    path: Path | None = None
    entity: str | None = None
    journald: Annotated[JournaldSection | None, Later(f"{_SOURCES}:JournaldSection")] = None
    loki: Annotated[LokiSection | None, Later(f"{_SOURCES}:LokiSection")] = None
    sentry: Annotated[SentrySection | None, Later(f"{_SOURCES}:SentrySection")] = None
    by: Literal["time", "key"] = "time"
    late_by: Duration = timedelta(hours=1)
    most: int = Field(default=50_000, ge=1, le=200_000)
    holds: Literal["application", "access", "database"] = "application"
    format: str = "json"
    clock_zone: str = "UTC"
    fields: dict[str, str] = Field(default_factory=dict)
    pattern: RequestPattern | None = None
    silent_after: Duration | None = None
    levels: dict[str, LevelName] = Field(default_factory=dict)
    level_pattern: LevelPattern | None = None
    level_scale: ScaleName | None = None
    unstated: Literal["debug", "info"] | None = None
    time_pattern: TimePattern | None = None
    time_format: str | None = None
    encoding: Encoding | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        places = (self.path, self.entity, self.journald, self.loki, self.sentry)
        if sum(place is not None for place in places) != 1:
            raise ValueError(
                f"the log {self.name!r} needs one place to be read from: path, entity, journald, loki or sentry"
            )
        if self.path is None and self.holds == "access" and self.pattern is None:
            raise ValueError(f"requests are read from files; give the log {self.name!r} a path, or a pattern")
        if self.by == "key" and self.entity is None:
            raise ValueError(f"only a table is read by its key; the log {self.name!r} names no entity")
        return self

    @property
    def file(self) -> Path:
        """The file of a log that is one."""
        if self.path is None:
            raise ValueError(f"the log {self.name!r} is no file")
        return self.path

    @property
    def says_json(self) -> bool:
        return self.format.lower() in {"json", "jsonl", "json lines", "ndjson"}

    @property
    def tells_of_requests(self) -> bool:
        return self.holds == "access" or self.pattern is not None


class LogRule(Section):
    """What a record counts as that holds the text `says`, whatever level it states: "critical", "error", "warning" (no
    error) or "user error" (a person's own mistake). The first rule that fits holds.

    `log` is the name of the only log that it is for. Nothing that is critical by itself becomes less by a rule.
    `training` is what ends a mistake of people, "closing the till"; it is told with it.
    """

    says: str = Field(min_length=4)
    counts_as: Literal["critical", "error", "warning", "user error"]
    log: str | None = None
    training: str = ""

    def fits(self, source: str, text: str) -> bool:
        return self.log in {None, source} and self.says in text


class KnownError(Section):
    """An error that somebody has looked at: records that hold the text `says` are known, until that day if one is set.

    A critical error is never known.
    """

    says: str = Field(min_length=4)
    owner: str = Field(min_length=1)
    until: date | None = None
