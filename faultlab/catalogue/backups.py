"""Backups that did not come, are not whole, or would not bring the business back."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from faultlab.fault import Fault, Where, items
from faultlab.scene import Scene, manifest_of
from hypercare.outcome.level import Level

COMPLETED = {"backup.completed": Level.L3}
ACCESSIBLE = {"backup.accessible": Level.L3}
BOTH = {**COMPLETED, **ACCESSIBLE}


def _truncated(scene: Scene) -> None:
    newest = scene.newest_backup
    scene.files.spoil(newest)
    with newest.open("r+b") as file:
        file.truncate(newest.stat().st_size * 2 // 3)


def _empty(scene: Scene) -> None:
    newest = scene.newest_backup
    scene.files.spoil(newest)
    newest.write_bytes(b"")


def _one_byte(scene: Scene) -> None:
    """In free text of a customer's name, so that the file stays whole for the engine."""
    newest = scene.newest_backup
    at = newest.read_bytes().find(b"+49 ")
    scene.files.overwrite(newest, at, b"+50 ")


def _missing(scene: Scene) -> None:
    newest = scene.newest_backup
    for path in (newest, manifest_of(newest)):
        scene.files.spoil(path)
        path.unlink()


def _never_any(scene: Scene) -> None:
    for path in sorted(scene.backups.iterdir()):
        scene.files.spoil(path)
        path.unlink()


def _folder_away(scene: Scene) -> None:
    scene.files.spoil(scene.backups)
    shutil.rmtree(scene.backups)


def _without_manifest(scene: Scene) -> None:
    manifest = manifest_of(scene.newest_backup)
    scene.files.spoil(manifest)
    manifest.unlink()


def _still_running(scene: Scene) -> None:
    _say_in_manifest(scene, status="running")


def _of_old_data(scene: Scene) -> None:
    """Fresh by its name and its manifest, but with the data of days ago."""
    newest, oldest = scene.newest_backup, scene.backup_files()[-1]
    scene.files.spoil(newest)
    shutil.copyfile(oldest, newest)
    rows = json.loads(manifest_of(oldest).read_text(encoding="utf-8"))["tables"]
    _say_in_manifest(scene, tables=rows, **_measured(newest))


def _lacks_a_table(scene: Scene) -> None:
    newest = scene.newest_backup
    scene.files.spoil(newest)
    with closing(sqlite3.connect(newest)) as connection:
        connection.execute("DROP TABLE costs")
        connection.commit()
    rows = json.loads(manifest_of(newest).read_text(encoding="utf-8"))["tables"]
    _say_in_manifest(scene, tables={name: many for name, many in rows.items() if name != "costs"}, **_measured(newest))


def _key_lost(scene: Scene) -> None:
    """Encrypted by somebody who kept no key: whole by its checksum, of no use to anybody."""
    newest = scene.newest_backup
    scene.files.spoil(newest)
    stream = hashlib.shake_256(b"nobody knows").digest(newest.stat().st_size)
    newest.write_bytes(bytes(one ^ other for one, other in zip(newest.read_bytes(), stream, strict=True)))
    _say_in_manifest(scene, **_measured(newest))


def _a_row_more_since(scene: Scene) -> None:
    """Work goes on after a backup: what came later need not be in it."""
    latest = scene.tables.one("SELECT max(id) AS id FROM customers")
    scene.tables.copy("customers", latest.id, created_at=scene.ago(minutes=5))


def _begun_early(scene: Scene) -> None:
    """The schedule let it begin ten minutes before its time, and nothing was written in between."""
    newest = scene.newest_backup
    started = datetime.fromisoformat(json.loads(manifest_of(newest).read_text(encoding="utf-8"))["started_at"])
    early = (started - timedelta(minutes=10)).isoformat()
    _say_in_manifest(scene, started_at=early)


def _packed_tighter(scene: Scene) -> None:
    """Without the room that was free in the live database: a little smaller than those before, and complete."""
    newest = scene.newest_backup
    scene.files.spoil(newest)
    with closing(sqlite3.connect(newest)) as connection:
        for (index,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        ).fetchall():
            connection.execute(f"DROP INDEX {index}")
        connection.commit()
        connection.execute("VACUUM")
    _say_in_manifest(scene, **_measured(newest))


def _say_in_manifest(scene: Scene, **different: object) -> None:
    path = manifest_of(scene.newest_backup)
    scene.files.spoil(path)
    manifest = {**json.loads(path.read_text(encoding="utf-8")), **different}
    path.write_text(json.dumps(manifest), encoding="utf-8")


def _measured(backup: Path) -> dict[str, object]:
    body = backup.read_bytes()
    return {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}


FAULTS = (
    Fault(
        id="backup-begun-early",
        happens="The backup was begun ten minutes before its time: it is of today all the same.",
        where=Where.BACKUP,
        put_in=_begun_early,
        just_below=items("backup.completed"),
    ),
    Fault(
        id="backup-packed-tighter",
        happens="The backup leaves out what can be made again, and is a quarter smaller than those before.",
        where=Where.BACKUP,
        put_in=_packed_tighter,
        just_below=items("backup.completed", "backup.accessible"),
    ),
    Fault(
        id="backup-truncated",
        happens="The newest backup was cut off when the disk was full.",
        where=Where.BACKUP,
        put_in=_truncated,
        noticed_by=BOTH,
    ),
    Fault(
        id="backup-empty",
        happens="The newest backup is an empty file.",
        where=Where.BACKUP,
        put_in=_empty,
        noticed_by=BOTH,
    ),
    Fault(
        id="backup-changed",
        happens="The content of the newest backup changed after it was made.",
        where=Where.BACKUP,
        put_in=_one_byte,
        noticed_by=COMPLETED,
    ),
    Fault(
        id="backup-missing",
        happens="The backup of this afternoon did not come.",
        where=Where.BACKUP,
        put_in=_missing,
        noticed_by=COMPLETED,
    ),
    Fault(
        id="backup-never",
        happens="There is no backup at all.",
        where=Where.BACKUP,
        put_in=_never_any,
        noticed_by=BOTH,
    ),
    Fault(
        id="backup-place-gone",
        happens="The place that the backups go to is not mounted.",
        where=Where.BACKUP,
        put_in=_folder_away,
        noticed_by=ACCESSIBLE,
        may_notice=items("backup.completed"),
    ),
    Fault(
        id="backup-without-manifest",
        happens="Nothing vouches for the newest backup: its manifest was never written.",
        where=Where.BACKUP,
        put_in=_without_manifest,
        noticed_by=COMPLETED,
    ),
    Fault(
        id="backup-never-finished",
        happens="The newest backup says of itself that it is still running.",
        where=Where.BACKUP,
        put_in=_still_running,
        noticed_by=COMPLETED,
    ),
    Fault(
        id="backup-of-old-data",
        happens="The newest backup is fresh, but it is a copy of the data of days ago.",
        where=Where.BACKUP,
        put_in=_of_old_data,
        noticed_by=ACCESSIBLE,
    ),
    Fault(
        id="backup-lacks-a-table",
        happens="The newest backup restores, but the costs are not in it.",
        where=Where.BACKUP,
        put_in=_lacks_a_table,
        noticed_by=ACCESSIBLE,
    ),
    Fault(
        id="backup-with-a-lost-key",
        happens="The newest backup is encrypted, and nobody has the key.",
        where=Where.BACKUP,
        put_in=_key_lost,
        noticed_by=ACCESSIBLE,
    ),
    Fault(
        id="work-after-the-backup",
        happens="A customer came after the backup was made: that is as it should be.",
        where=Where.DATABASE,
        put_in=_a_row_more_since,
        just_below=items("backup.accessible"),
    ),
)
