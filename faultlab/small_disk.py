"""A disk of the lab's own with little room, which only an administrator of a Linux machine may mount."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from faultlab.scene import Scene

_MAY_MOUNT = 1 << 21  # CAP_SYS_ADMIN
_FOLDER = "small-disk"
_PAGE = 4096


def cannot_be_mounted() -> str:
    """Why no disk can be mounted here; empty when one can."""
    if not sys.platform.startswith("linux") or shutil.which("mount") is None:
        return "a small disk can be mounted on Linux only"
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("CapEff:") and int(line.split()[1], 16) & _MAY_MOUNT:
            return ""
    return "only an administrator may mount a small disk"


def move_to_small_disk(scene: Scene, room: int) -> None:
    """Lay the database onto a disk that then has `room` MB left, and lead the target file to it.

    Raises:
        LabProblem: no disk can be mounted.
    """
    database = scene.tables.file
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    folder = _small_disk(scene, database.stat().st_size + room * 1_000_000)
    moved = folder / database.name
    shutil.copyfile(database, moved)
    _lead(scene, database, moved)


def move_backups_to_small_disk(scene: Scene, room: float) -> None:
    """Lay the backups onto a disk that then has room for `room` times the newest, and lead the target file to it.

    Raises:
        LabProblem: no disk can be mounted.
    """
    files = sorted(scene.backups.iterdir())
    # A disk is filled by whole pages.
    taken = sum(-(-file.stat().st_size // _PAGE) * _PAGE for file in files)
    folder = _small_disk(scene, taken + int(scene.newest_backup.stat().st_size * room))
    for file in files:
        shutil.copy2(file, folder)
    _lead(scene, scene.backups, folder)


def _small_disk(scene: Scene, size: int) -> Path:
    folder = scene.target_file.resolve().parent / _FOLDER
    scene.files.make(folder)
    folder.mkdir()
    scene.files.mount(folder, size)
    return folder


def _lead(scene: Scene, before: Path, now: Path) -> None:
    scene.files.spoil(scene.target_file)
    text = scene.target_file.read_text(encoding="utf-8")
    scene.target_file.write_text(text.replace(str(before), str(now)), encoding="utf-8")
