"""Which place the backups are kept in, and its list kept for a moment."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from hypercare.backups.backup import Backup, Store
from hypercare.backups.borg import Borg
from hypercare.backups.folder import Folder
from hypercare.backups.object_store import ObjectStore
from hypercare.backups.pgbackrest import PgBackRest
from hypercare.backups.repository import Repository
from hypercare.backups.restic import Restic
from hypercare.target_file.sections.backups import BackupsSection
from hypercare.target_file.target import Target

_A_WHILE = 20.0  # seconds; looking again after a failure takes longer


class Remembered:
    """A store whose list is asked for once in a while: several questions follow each other, and each list is costly."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._listed: tuple[float, list[Backup]] | None = None

    def backups(self) -> list[Backup]:
        if self._listed is None or time.monotonic() - self._listed[0] > _A_WHILE:
            found = self._store.backups()  # what went wrong is not remembered
            self._listed = (time.monotonic(), found)
        return self._listed[1]

    def fetch(self, backup: Backup, folder: Callable[[], Path]) -> Path:
        return self._store.fetch(backup, folder)

    def still_changes(self, backup: Backup) -> bool:
        return self._store.still_changes(backup)


def store_of(section: BackupsSection, target: Target, timeout: timedelta) -> Store:
    """The store that [backups] describes. Nothing is looked at yet."""
    zone, clock_is_real = target.calendar.zone, target.config.business.clock is None
    if section.kind == "files":
        if "://" in section.directory:
            return Remembered(ObjectStore(section, zone, clock_is_real=clock_is_real))
        return Folder(section, zone, clock_is_real=clock_is_real)
    repository = Repository(section, target.state, timeout, target.redactor.learn)
    if section.kind == "restic":
        return Remembered(Restic(repository))
    return Remembered(Borg(repository) if section.kind == "borg" else PgBackRest(repository))
