"""The backups that lie in a folder: which they are, and of when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hypercare.target.backups.manifest import Manifest, ManifestUnreadable, read_manifest
from hypercare.target.config import BackupsSection

_NAMED_TIME = re.compile(
    r"(?P<day>\d{4}[-_]?\d\d[-_]?\d\d)(?:[-_T ]?(?P<clock>\d\d[-_:h]?\d\d(?:[-_:m]?\d\d)?)(?!\d))?"
)
_UNFINISHED = (".tmp", ".part", ".partial", ".incomplete", ".lock", "~")
_CHECKSUM_FILES = (".sha256", ".sha512", ".sha1", ".md5", ".json")
_OLDEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Backup:
    """One backup. `taken_at` is by the target's clock; None when neither manifest nor name tells."""

    path: Path
    size: int
    manifest: Manifest | None
    manifest_trouble: str
    taken_at: datetime | None
    written_at: float

    @property
    def name(self) -> str:
        return self.path.name


def backups_in(section: BackupsSection, zone: ZoneInfo, *, clock_is_real: bool) -> list[Backup]:
    """All backups of the folder, newest first.

    Raises:
        OSError: the folder cannot be read.
    """
    folder = Path(section.directory)
    suffix = section.manifest
    found: list[Backup] = []
    for path in _candidates(folder, section):
        try:
            found.append(_backup(path, suffix, zone, clock_is_real=clock_is_real))
        except FileNotFoundError:
            continue  # an old one that was removed while we looked
    # A file's own time is real time: it only orders those that tell no other.
    return sorted(found, key=lambda one: (one.taken_at or _OLDEST, one.written_at), reverse=True)


def _candidates(folder: Path, section: BackupsSection) -> Iterator[Path]:
    list(folder.iterdir())  # glob is silent about a folder that may not be read
    for path in folder.glob(section.pattern):
        name = path.name.lower()
        is_beside = section.manifest and name.endswith(section.manifest.lower())
        if name.startswith(".") or name.endswith(_UNFINISHED) or name.endswith(_CHECKSUM_FILES) or is_beside:
            continue
        yield path


def _backup(path: Path, suffix: str, zone: ZoneInfo, *, clock_is_real: bool) -> Backup:
    status = path.stat()
    size = sum(part.stat().st_size for part in path.rglob("*") if part.is_file()) if path.is_dir() else status.st_size
    manifest, trouble = _manifest_of(path, suffix, zone)
    taken_at = named_time(path.name, zone)
    if manifest is not None:
        taken_at = manifest.started_at or manifest.finished_at or taken_at
    if taken_at is None and clock_is_real:
        taken_at = datetime.fromtimestamp(status.st_mtime, UTC)
    return Backup(path, size, manifest, trouble, taken_at, status.st_mtime)


def _manifest_of(path: Path, suffix: str, zone: ZoneInfo) -> tuple[Manifest | None, str]:
    if not suffix:
        return None, ""
    beside = next((p for p in (path.with_name(path.name + suffix), path.with_suffix(suffix)) if p.is_file()), None)
    if beside is None:
        return None, "its manifest is missing, so it was not finished or something took it away"
    try:
        return read_manifest(beside, zone), ""
    except ManifestUnreadable as trouble:
        return None, str(trouble)


def named_time(name: str, zone: ZoneInfo) -> datetime | None:
    """The local time that a file's name tells: rosewood-20260115-1630.sqlite, dump_2026-01-15.sql."""
    match = _NAMED_TIME.search(name)
    if match is None:
        return None
    day = re.sub(r"\D", "", match["day"])
    clock = re.sub(r"\D", "", match["clock"] or "").ljust(6, "0")
    try:
        return datetime.strptime(day + clock, "%Y%m%d%H%M%S").replace(tzinfo=zone).astimezone(UTC)
    except ValueError:
        return None
