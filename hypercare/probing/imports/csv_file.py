"""Looks from a table: CSV with a line of headings, parted by commas, semicolons or tabs."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypercare.probing.imports.sample import ImportedSample, UnreadableFile
from hypercare.target_file.duration import parsed_duration
from hypercare.uptime.state import State

_HEADINGS = {
    "at": ("at", "time", "timestamp", "datetime", "date", "date-time", "checked_at", "created_at", "start", "from"),
    "last": ("until", "end", "to", "last"),
    "state": ("state", "status", "up", "success", "result", "value", "event"),
    "says": ("says", "message", "msg", "reason", "error", "detail"),
    "latency": ("latency_ms", "latency", "response_time", "response_time_ms", "ping", "duration_ms", "ms"),
    "interval": ("interval", "interval_s", "every"),
    "way": ("way",),
    "branch": ("branch",),
    "series": ("monitor", "name", "check", "service", "series"),
    "url": ("url", "target", "address"),
}
_UP = {"up", "1", "true", "ok", "yes", "success", "successful", "passed", "online", "available", "healthy", "200"}
_DOWN = {"down", "0", "false", "no", "fail", "failed", "failure", "error", "critical", "offline", "unavailable"}
_OTHER = {
    "degraded": State.DEGRADED,
    "slow": State.DEGRADED,
    "warning": State.DEGRADED,
    "flaky": State.FLAKY,
    "pending": State.DOWN,
    "maintenance": State.MAINTENANCE,
    "paused": State.UNKNOWN,
    "unknown": State.UNKNOWN,
}
_FAR_FUTURE_SECONDS = 100_000_000_000  # what is larger is Unix time in milliseconds


def read_csv(path: Path, zone: ZoneInfo) -> Iterator[ImportedSample]:
    """Looks from the lines of a table; a time that names no zone is in `zone`.

    Raises:
        UnreadableFile: a heading is missing, or a line cannot be understood; the message names the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableFile(f"{path.name} is not UTF-8 text") from None
    lines = text.splitlines()
    if not lines:
        raise UnreadableFile(f"{path.name} is empty")
    reader = csv.DictReader(lines, delimiter=max(",;\t", key=lines[0].count))
    columns = _columns(path, [name or "" for name in reader.fieldnames or ()])
    before: datetime | None = None
    for row in reader:
        try:
            sample = _sample({ours: (row.get(theirs) or "").strip() for ours, theirs in columns.items()}, zone, before)
        except ValueError as error:
            raise UnreadableFile(f"{path.name}, line {reader.line_num}: {error}") from None
        before = sample.at
        yield sample


def _columns(path: Path, headings: list[str]) -> dict[str, str]:
    plain = {heading.strip().lower().replace(" ", "_"): heading for heading in reversed(headings)}
    found = {}
    for ours, theirs in _HEADINGS.items():
        matched = next((plain[name] for name in theirs if name in plain), None)
        if matched is not None:
            found[ours] = matched
    for needed, example in (("at", "time"), ("state", "state")):
        if needed not in found:
            raise UnreadableFile(f"{path.name} has no column {example!r}; its first line must name the columns")
    return found


def _sample(row: Mapping[str, str], zone: ZoneInfo, before: datetime | None) -> ImportedSample:
    state = _state(row["state"])
    at = _instant(row["at"], zone, before)
    last = _instant(row["last"], zone, at) if row.get("last") else None
    if last is not None and last < at:
        raise ValueError(f"it ends ({row['last']}) before it begins ({row['at']})")
    return ImportedSample(
        series=row.get("series", ""),
        at=at,
        state=state,
        # Whoever writes "down" of a stretch of time has made sure; a single look may be a blip.
        confirmed=state is not State.DOWN or last is not None,
        says=row.get("says", ""),
        latency_ms=_number(row["latency"]) if row.get("latency") else None,
        interval=timedelta(0) if last is not None else _interval(row.get("interval", "")),
        last=last,
        way=row.get("way", ""),
        branch=row.get("branch", ""),
        url=row.get("url", ""),
    )


def _state(text: str) -> State:
    word = text.lower()
    if word in _UP or word in _DOWN:
        return State.UP if word in _UP else State.DOWN
    if word in _OTHER:
        return _OTHER[word]
    if word.isdigit() and len(word) == 3:
        return State.UP if word < "400" else State.DOWN
    raise ValueError(f"{text!r} is no state; write up, degraded, flaky, down, maintenance or unknown, or 1 and 0")


def _instant(text: str, zone: ZoneInfo, before: datetime | None) -> datetime:
    """An instant; in the hour that comes twice in autumn the second one, if the line before was already later."""
    try:
        number = float(text)
    except ValueError:
        pass
    else:
        return datetime.fromtimestamp(number / 1000 if number > _FAR_FUTURE_SECONDS else number, UTC)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no time; write 2026-01-31 17:00:00, with or without a zone") from None
    if instant.tzinfo is not None:
        return instant.astimezone(UTC)
    first = instant.replace(tzinfo=zone).astimezone(UTC)
    second = instant.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return second if second > first and before is not None and before >= first else first


def _interval(text: str) -> timedelta | None:
    if not text:
        return None
    try:
        return timedelta(seconds=float(text))
    except ValueError:
        parsed = parsed_duration(text)
        assert isinstance(parsed, timedelta)
        return parsed


def _number(text: str) -> float | None:
    try:
        return float(text.lower().removesuffix("ms").strip())
    except ValueError:
        raise ValueError(f"{text!r} is no number of milliseconds") from None
