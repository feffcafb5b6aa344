"""Whether the next backup will find room where the backups go to."""

from __future__ import annotations

import shutil
from pathlib import Path

from hypercare.backups.backup import Backup
from hypercare.outcome.found import Found

_MEGABYTE = 1_000_000


def short_of_room(folder: Path, newest: Backup, sizes: float) -> Found:
    """The folder, when its disk has less left than so many sizes of the newest backup. Raises OSError if it is gone."""
    free = shutil.disk_usage(folder).free
    if free >= newest.size * sizes:
        return Found(count=0, where=str(folder), of=1)
    row = {"folder": str(folder), "free_mb": free // _MEGABYTE, "newest_backup_mb": -(-newest.size // _MEGABYTE)}
    return Found.of_rows([row], where=str(folder), of=1)
