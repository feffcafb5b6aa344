"""A store whose list is asked for once in a while: several questions follow each other, and each list is costly."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from hypercare.backups.backup import Backup, Store

_A_WHILE = 20.0  # seconds; looking again after a failure takes longer


class Remembered:
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
