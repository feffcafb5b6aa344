"""What a backup says of itself: a small file beside it with times, size, checksum and row counts."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

_CHECKSUMS = ("sha256", "sha512", "sha1", "md5")
_KEYS = {
    "bytes": ("bytes", "size", "size_bytes", "file_size", "length"),
    "started_at": ("started_at", "started", "begin", "start", "start_time"),
    "finished_at": ("finished_at", "finished", "completed_at", "completed", "end", "stop", "end_time"),
    "status": ("status", "state", "result"),
    "file": ("file", "filename", "name", "path"),
    "tables": ("tables", "rows", "row_counts", "counts"),
}
_GOOD = {"complete", "completed", "ok", "success", "succeeded", "done", "finished", "good", "true"}
_CHUNK = 4 << 20


class ManifestUnreadable(Exception):
    """There is a manifest but it says nothing that can be understood; the message is a few plain words."""


@dataclass(frozen=True)
class Manifest:
    """Only what is stated; None where it is not. Times are aware, by the target's clock."""

    bytes: int | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    status: str | None = None
    file: str | None = None
    checksums: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, int] = field(default_factory=dict)

    @property
    def says_complete(self) -> bool:
        return self.status is None or self.status.strip().lower() in _GOOD


def manifest_of(content: bytes, name: str, zone: ZoneInfo) -> Manifest:
    """Read a manifest: JSON, or a line as `sha256sum` writes it. A time without a zone is in `zone`.

    Raises:
        ManifestUnreadable: it cannot be understood.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise ManifestUnreadable(f"its manifest {name} cannot be read (it is no text)") from None
    line = re.fullmatch(r"\s*(?P<sum>[0-9a-fA-F]{32,128})(?:\s+\*?(?P<file>\S+))?\s*", text)
    if line:
        kind = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}.get(len(line["sum"]))
        return Manifest(checksums={kind: line["sum"].lower()} if kind else {}, file=line["file"])
    try:
        stated = json.loads(text)
    except ValueError:
        raise ManifestUnreadable(f"its manifest {name} is not JSON") from None
    if not isinstance(stated, dict):
        raise ManifestUnreadable(f"its manifest {name} is not a JSON object")
    return _from_json(stated, zone)


def _from_json(content: Mapping[str, Any], zone: ZoneInfo) -> Manifest:
    tables = _first(content, "tables")
    status = _first(content, "status")
    file = _first(content, "file")
    return Manifest(
        bytes=_whole(_first(content, "bytes")),
        started_at=_instant(_first(content, "started_at"), zone),
        finished_at=_instant(_first(content, "finished_at"), zone),
        status=None if status is None else str(status),
        file=None if file is None else Path(str(file)).name,
        checksums={kind: str(content[kind]).lower() for kind in _CHECKSUMS if content.get(kind)},
        tables=_row_counts(tables),
    )


def _row_counts(stated: object) -> dict[str, int]:
    if not isinstance(stated, dict):
        return {}
    counts = {str(name): _whole(rows) for name, rows in stated.items()}
    return {name: rows for name, rows in counts.items() if rows is not None}


def checksum_of(path: Path, kind: str, *, timeout: float) -> str | None:
    """The checksum of a file; None for a folder, or when it takes longer than `timeout` seconds."""
    if not path.is_file():
        return None
    digest = hashlib.new(kind, usedforsecurity=False)
    deadline = time.monotonic() + timeout
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            if time.monotonic() > deadline:
                return None
    return digest.hexdigest()


def _first(content: Mapping[str, Any], name: str) -> Any:
    return next((content[key] for key in _KEYS[name] if key in content), None)


def _whole(value: object) -> int | None:
    try:
        return None if isinstance(value, bool) or value is None else int(str(value))
    except ValueError:
        return None


def _instant(value: object, zone: ZoneInfo) -> datetime | None:
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(float(value), zone)
        instant = datetime.fromisoformat(str(value))
    except (ValueError, OverflowError, OSError):
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)
