"""One backup, and what every place that backups are kept in can tell of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from hypercare.backups.manifest import Manifest

_NAMED_TIME = re.compile(
    r"(?P<day>\d{4}[-_]?\d\d[-_]?\d\d)(?:[-_T ]?(?P<clock>\d\d[-_:h]?\d\d(?:[-_:m]?\d\d)?)(?!\d))?"
)
_UNFINISHED = (".tmp", ".part", ".partial", ".incomplete", ".lock", "~")
_CHECKSUM_FILES = (".sha256", ".sha512", ".sha1", ".md5", ".json")
# What is named after a day may have been written until the next morning.
_DAY_AND_NIGHT = timedelta(hours=30)
_OLDEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Backup:
    """One backup. `taken_at` is by the target's clock; None when nothing tells.

    `where` is its path or address, `written_at` when it was stored, in seconds since 1970 by a real clock (0 when
    nothing tells). `trouble` is what the program that made it holds against it.
    """

    name: str
    where: str
    size: int
    manifest: Manifest | None
    manifest_trouble: str
    taken_at: datetime | None
    written_at: float
    trouble: str = ""

    def is_same_as(self, other: Backup) -> bool:
        """Whether nothing of it has changed since."""
        return (self.where, self.size, self.written_at) == (other.where, other.size, other.written_at)


class Unreachable(Exception):
    """The place that backups are kept in cannot be looked into; the message is a few plain words."""


class Unrestorable(Exception):
    """A backup does not restore; `reason` is a few plain words, `detail` what the tool said."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


class Store(Protocol):
    """A place that backups are kept in."""

    def backups(self) -> list[Backup]:
        """All of them, newest first.

        Raises:
            Unreachable: the place cannot be looked into.
            NotCovered: we lack what it takes to look into it.
        """

    def fetch(self, backup: Backup, folder: Callable[[], Path]) -> Path:
        """The backup as a file or folder on this machine; `folder` gives one that it may be put into.

        Raises:
            Unrestorable: it does not come out of there.
        """

    def still_changes(self, backup: Backup) -> bool:
        """Whether it is being written just now."""


def newest_first(found: list[Backup]) -> list[Backup]:
    # The time at which it was stored is real time: it only orders those that tell no other.
    return sorted(found, key=lambda one: (one.taken_at or _OLDEST, one.written_at), reverse=True)


def is_candidate(name: str, manifest_suffix: str) -> bool:
    """Whether a file of this name may be a backup: not hidden, unfinished, or something beside one."""
    low = name.lower()
    is_beside = bool(manifest_suffix) and low.endswith(manifest_suffix.lower())
    return not (low.startswith(".") or low.endswith(_UNFINISHED) or low.endswith(_CHECKSUM_FILES) or is_beside)


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


def taken_at(name: str, manifest: Manifest | None, zone: ZoneInfo, stored: datetime | None) -> datetime | None:
    """When it was taken by its manifest, else by its name, else by when it was `stored` (None if that is no guide).

    A name that tells a day alone leaves the hour to the file, unless that was stored on another day, as a copy is.
    """
    stated = None if manifest is None else manifest.started_at or manifest.finished_at
    if stated is not None:
        return stated
    named = named_time(name, zone)
    if named is None or stored is None:
        return named or stored
    match = _NAMED_TIME.search(name)
    tells_a_day = match is not None and match["clock"] is None
    return stored if tells_a_day and named <= stored < named + _DAY_AND_NIGHT else named
