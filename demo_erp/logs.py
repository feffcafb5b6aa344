"""Logs as JSON lines: one object a line, rotated by size, safe to write from several processes at once."""

from __future__ import annotations

import fcntl
import json
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from demo_erp.clock import Clock

ROTATE_AT_BYTES = 5_000_000
KEEP_ROTATED = 9
SLOW_STATEMENT_MS = 500.0


def stamp(instant: datetime) -> str:
    """An instant as the logs write it: ISO 8601 in UTC with milliseconds."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds")


def _line(record: Mapping[str, Any]) -> bytes:
    # Half a character, which UTF-8 does not have, is written as JSON writes it: escaped.
    return json.dumps(record, ensure_ascii=False, default=str).encode(errors="backslashreplace") + b"\n"


class JsonLines:
    """One log file. Lines longer than the limit still go in whole; a file is rotated before it would outgrow it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, records: Iterable[Mapping[str, Any]]) -> None:
        """Append many records under one lock. A log that cannot be written never stops the work it tells of."""
        lines = [_line(record) for record in records]
        if not lines:
            return
        try:
            with self._locked():
                self._append_rotating(lines)
        except OSError as problem:
            print(f"log {self.path} cannot be written: {problem}", file=sys.stderr)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.path.parent / ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _append_rotating(self, lines: list[bytes]) -> None:
        size = self.path.stat().st_size if self.path.exists() else 0
        waiting: list[bytes] = []
        for line in lines:
            if size and size + len(line) > ROTATE_AT_BYTES:
                self._write(waiting)
                self._rotate()
                waiting, size = [], 0
            waiting.append(line)
            size += len(line)
        self._write(waiting)

    def _write(self, lines: list[bytes]) -> None:
        with self.path.open("ab") as file:
            file.write(b"".join(lines))

    def _rotate(self) -> None:
        for number in range(KEEP_ROTATED, 0, -1):
            older = self.path.with_name(f"{self.path.name}.{number}")
            newer = self.path if number == 1 else self.path.with_name(f"{self.path.name}.{number - 1}")
            if newer.exists():
                newer.replace(older)


class Logs:
    """The three logs of the system: what the application says, who asked for what, and what the database said."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder = folder
        self.clock = clock
        self.app_lines = JsonLines(folder / "app.jsonl")
        self.access_lines = JsonLines(folder / "access.jsonl")
        self.database_lines = JsonLines(folder / "database.jsonl")

    @property
    def paths(self) -> dict[str, str]:
        return {
            "app": str(self.app_lines.path),
            "access": str(self.access_lines.path),
            "database": str(self.database_lines.path),
        }

    def app(
        self,
        level: str,
        logger: str,
        message: str,
        *,
        trace_id: str = "",
        user: str | None = None,
        branch: str | None = None,
        exception: BaseException | None = None,
    ) -> None:
        """One line in the application log; ``level`` is INFO, WARNING, ERROR or CRITICAL."""
        self.app_lines.append(
            [
                app_record(
                    self.clock.now(),
                    level,
                    logger,
                    message,
                    trace_id=trace_id,
                    user=user,
                    branch=branch,
                    exception=exception,
                )
            ]
        )

    def database(
        self, level: str, message: str, *, statement: str, duration_ms: float | None, error_class: str | None
    ) -> None:
        """One line in the database log: an error, or a statement slower than half a second."""
        record = {
            "at": stamp(self.clock.now()),
            "level": level,
            "message": message,
            "statement": statement,
            "duration_ms": duration_ms,
            "error_class": error_class,
        }
        self.database_lines.append([record])


def app_record(
    at: datetime,
    level: str,
    logger: str,
    message: str,
    *,
    trace_id: str = "",
    user: str | None = None,
    branch: str | None = None,
    exception: BaseException | None = None,
) -> dict[str, Any]:
    """A line of the application log as a record, for bulk appends."""
    record: dict[str, Any] = {
        "at": stamp(at),
        "level": level,
        "logger": logger,
        "message": message,
        "trace_id": trace_id,
    }
    if user is not None:
        record["user"] = user
    if branch is not None:
        record["branch"] = branch
    if exception is not None:
        record["exception"] = "".join(traceback.format_exception(exception))
    return record


def access_record(
    at: datetime,
    *,
    method: str,
    path: str,
    route: str,
    status: int,
    duration_ms: float,
    channel: str,
    user: str | None,
    trace_id: str,
    size: int,
) -> dict[str, Any]:
    """A line of the access log as a record; ``path`` is what was asked for, ``route`` its template."""
    return {
        "at": stamp(at),
        "method": method,
        "path": path,
        "route": route,
        "status": status,
        "duration_ms": round(duration_ms, 1),
        "channel": channel,
        "user": user,
        "trace_id": trace_id,
        "bytes": size,
    }
