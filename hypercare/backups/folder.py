"""Backups that are files or folders on this machine, and whether the next one finds room there."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hypercare.backups.backup import Backup, Unreachable, is_candidate, newest_first, taken_at
from hypercare.backups.manifest import Manifest, ManifestUnreadable, manifest_of
from hypercare.outcome.found import Found
from hypercare.target_file.sections.backups import BackupsSection

_STILL_FRESH = 120.0  # seconds
_A_MOMENT = 1.5
_NO_MANIFEST = "its manifest is missing, so it was not finished or something took it away"
_MEGABYTE = 1_000_000


class Folder:
    """`zone` is that of times that name none. Without a real clock, the time of a file tells nothing of the target."""

    def __init__(self, section: BackupsSection, zone: ZoneInfo, *, clock_is_real: bool) -> None:
        self._section = section
        self._zone = zone
        self._clock_is_real = clock_is_real

    def backups(self) -> list[Backup]:
        found: list[Backup] = []
        try:
            for path in self._candidates():
                try:
                    found.append(self._backup(path))
                except FileNotFoundError:
                    continue  # an old one that was removed while we looked
        except FileNotFoundError:
            raise Unreachable("it is not there") from None
        except OSError as error:
            raise Unreachable((error.strerror or type(error).__name__).lower()) from None
        return newest_first(found)

    def fetch(self, backup: Backup, folder: Callable[[], Path]) -> Path:
        return Path(backup.where)

    def still_changes(self, backup: Backup) -> bool:
        """Both times here are real ones, whatever clock the target has."""
        if time.time() - backup.written_at > _STILL_FRESH:
            return False
        path = Path(backup.where)
        before = path.stat()
        time.sleep(_A_MOMENT)
        after = path.stat()
        return (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns)

    def _candidates(self) -> Iterator[Path]:
        folder = Path(self._section.directory)
        list(folder.iterdir())  # glob is silent about a folder that may not be read
        return (path for path in folder.glob(self._section.pattern) if is_candidate(path.name, self._section.manifest))

    def _backup(self, path: Path) -> Backup:
        status = path.stat()
        size = status.st_size
        if path.is_dir():
            size = sum(part.stat().st_size for part in path.rglob("*") if part.is_file())
        manifest, trouble = self._manifest(path)
        stored = datetime.fromtimestamp(status.st_mtime, UTC) if self._clock_is_real else None
        taken = taken_at(path.name, manifest, self._zone, stored)
        return Backup(path.name, str(path), size, manifest, trouble, taken, status.st_mtime)

    def _manifest(self, path: Path) -> tuple[Manifest | None, str]:
        suffix = self._section.manifest
        if not suffix:
            return None, ""
        places = (path.with_name(path.name + suffix), path.with_suffix(suffix), path / f"manifest{suffix}")
        beside = next((place for place in places if place.is_file()), None)
        if beside is None:
            return None, _NO_MANIFEST
        try:
            return manifest_of(beside.read_bytes(), beside.name, self._zone), ""
        except OSError as error:
            return None, f"its manifest {beside.name} cannot be read ({type(error).__name__})"
        except ManifestUnreadable as trouble:
            return None, str(trouble)


def short_of_room(folder: Path, newest: Backup, sizes: float) -> Found:
    """The folder, when its disk has less left than so many sizes of the newest backup. Raises OSError if it is gone."""
    free = shutil.disk_usage(folder).free
    if free >= newest.size * sizes:
        return Found(count=0, where=str(folder), of=1)
    row = {"folder": str(folder), "free_mb": free // _MEGABYTE, "newest_backup_mb": -(-newest.size // _MEGABYTE)}
    return Found.of_rows([row], where=str(folder), of=1)
