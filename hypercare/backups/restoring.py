"""Restoring a backup into a scratch database: only that proves it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import URL

from hypercare.backups.backup import Unrestorable
from hypercare.backups.kinds import BackupKind
from hypercare.backups.loading import load_mysql, load_postgresql
from hypercare.backups.opening import not_started, opened
from hypercare.backups.scratch_server import live_name, scratch_database
from hypercare.database.database import Database
from hypercare.database.engine import make_engine
from hypercare.database.scratch import our_disk
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.sections.backups import BackupsSection


@contextmanager
def restored(
    path: Path, folder: Path, section: BackupsSection, database: Database | None, timeout: timedelta
) -> Iterator[Engine]:
    """A read-only engine on the restored backup; what was restored is gone when the block ends.

    Raises:
        Unrestorable: the backup cannot be read or restored.
        NotCovered: we lack the tools or the right to restore such a backup.
        MonitorFault: our own disk or time does not suffice.
    """
    live = live_name(database)
    path, kind = opened(path, folder, section, Path(live).stem, timeout)
    if kind is BackupKind.SQLITE:
        with _sqlite(path, folder, timeout) as engine:
            yield engine
    elif kind in {BackupKind.POSTGRESQL_ARCHIVE, BackupKind.POSTGRESQL_SCRIPT}:
        with scratch_database(section, database, "postgresql") as scratch:
            load_postgresql(path, kind, scratch.url, live, timeout)
            with _reading(scratch.url, timeout) as engine:
                yield engine
    elif kind is BackupKind.MYSQL_SCRIPT:
        with scratch_database(section, database, "mysql") as scratch:
            load_mysql(path, scratch, live, folder, timeout)
            with _reading(scratch.url, timeout) as engine:
                yield engine
    else:
        raise _of_no_use(kind, section, database)


def _of_no_use(kind: BackupKind, section: BackupsSection, database: Database | None) -> Exception:
    if kind is BackupKind.SERVER_FILES:
        return not_started()
    if kind is BackupKind.OTHER_ENGINE:
        return NotCovered(
            "the backup can only be read by its own engine, which is not started here",
            remedy="Restore it on a server of its own once a week.",
        )
    if kind is BackupKind.ENCRYPTED and not section.decrypt:
        return Unrestorable("it is encrypted, and we have no key: nothing shows that it opens ([backups] decrypt)")
    expected = ""
    if database is not None and database.target.config.database is not None:
        expected = f"; it should be a copy of the live database ({database.dialect})"
    return Unrestorable(f"it is {kind}: damaged, or encrypted with a key that we do not have{expected}")


@contextmanager
def _sqlite(path: Path, folder: Path, timeout: timedelta) -> Iterator[Engine]:
    copy = folder / "restored.sqlite"
    try:
        shutil.copyfile(path, copy)
    except OSError as error:
        if error.filename == str(path):
            raise Unrestorable(f"it cannot be read ({(error.strerror or '').lower()})") from None
        raise our_disk(error) from None
    with _reading(URL.create("sqlite", database=str(copy)), timeout) as engine:
        yield engine


@contextmanager
def _reading(url: URL, timeout: timedelta) -> Iterator[Engine]:
    engine = make_engine(url, timeout)
    try:
        yield engine
    finally:
        engine.dispose()
