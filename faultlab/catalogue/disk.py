"""Disks nearly full, and a database file that lost its rights."""

from __future__ import annotations

from collections.abc import Callable

from faultlab.catalogue.database import READ_IT
from faultlab.fault import Fault, Where, items
from faultlab.scene import Scene
from faultlab.small_disk import cannot_be_mounted, move_backups_to_small_disk, move_to_small_disk
from hypercare.outcome.level import Level

SHORT = {"health.database": Level.L3}


def _left(megabytes: int) -> Callable[[Scene], None]:
    """The database on a disk that has this much room left beside it."""
    return lambda scene: move_to_small_disk(scene, megabytes)


def _backups_left(share: float) -> Callable[[Scene], None]:
    """The backups on a disk that has room for this share of another one."""
    return lambda scene: move_backups_to_small_disk(scene, share)


def _mode(mode: int) -> Callable[[Scene], None]:
    return lambda scene: scene.files.change_mode(scene.tables.file, mode)


def _folder_closed(scene: Scene) -> None:
    scene.files.change_mode(scene.tables.file.parent, 0o555)


FAULTS = (
    Fault(
        id="disk-nearly-full",
        happens="The disk of the database has 300 MB left.",
        where=Where.DISK,
        put_in=_left(300),
        noticed_by=SHORT,
        impossible_here=cannot_be_mounted,
    ),
    Fault(
        id="disk-filling-up",
        happens="The disk of the database has 600 MB left: more than it must have.",
        where=Where.DISK,
        put_in=_left(600),
        just_below=items("health.database"),
        impossible_here=cannot_be_mounted,
    ),
    Fault(
        id="database-file-read-only",
        happens="After a restore the database's file is read-only.",
        where=Where.DISK,
        put_in=_mode(0o444),
        noticed_by=SHORT,
    ),
    Fault(
        id="database-file-locked-away",
        happens="Rights were tidied up, and nobody may read the database's file any more.",
        where=Where.DISK,
        put_in=_mode(0o000),
        noticed_by=SHORT,
        may_notice=READ_IT,
    ),
    Fault(
        id="database-folder-read-only",
        happens="Nobody may write any more in the folder of the database's file, where its journal has to be made.",
        where=Where.DISK,
        put_in=_folder_closed,
        noticed_by=SHORT,
    ),
    Fault(
        id="no-room-for-the-next-backup",
        happens="The disk of the backups has room for most of another one, not for all of it.",
        where=Where.DISK,
        put_in=_backups_left(0.9),
        noticed_by={"backup.completed": Level.L2},
        impossible_here=cannot_be_mounted,
    ),
    Fault(
        id="room-for-one-more-backup",
        happens="The disk of the backups has room for one more.",
        where=Where.DISK,
        put_in=_backups_left(1.1),
        just_below=items("backup.completed"),
        impossible_here=cannot_be_mounted,
    ),
)
