"""The target's logs and backups, tried."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from sqlalchemy import text

from hypercare.doctor.tried import Tried, Wrong, tried
from hypercare.outcome.signals import NotCovered
from hypercare.target.backups import Backups
from hypercare.target.backups.kinds import BackupKind, kind_of
from hypercare.target.config import LogSource
from hypercare.target.database import Database
from hypercare.target.logs import Logs
from hypercare.target.logs.reading import LogReader
from hypercare.target.logs.record import RecordFormat
from hypercare.target.target import Target


def try_logs(target: Target) -> Iterator[Tried]:
    if not target.config.logs:
        yield tried("logs", "logs", lambda: str(Logs(target).silent().count))
    for source in target.config.logs:
        yield tried("logs", f"log {source.name}", lambda one=source: _log(target, one))  # type: ignore[misc]


def _log(target: Target, source: LogSource) -> str:
    only = Target(
        target.config.model_copy(update={"logs": (source,)}), target.state, target.as_of, target.redactor, None, True
    )
    troubles = Logs(only).with_wrong_clock()  # an unreadable one is told by this already
    newest = LogReader(RecordFormat(source, target.now()), target.state / "unpacked-logs").newest()
    if newest is None and _is_empty(source):
        return "readable, no line yet"
    if newest is None:
        raise Wrong(
            f"No line of {source.path.name} states a time that is understood.",
            f"Correct format of the log {source.name}; for JSON lines with names of their own also fields.",
        )
    if troubles.count:
        raise Wrong(
            f"Its clock does not agree: {troubles.sample[0]['trouble']}.",
            f"Correct clock_zone of the log {source.name} (now {source.clock_zone!r}), or the clock of its writer.",
        )
    return f"newest line of {newest.astimezone(target.calendar.zone):%Y-%m-%d %H:%M}, clock agrees"


def _is_empty(source: LogSource) -> bool:
    return source.path.is_file() and source.path.stat().st_size == 0


def try_backups(target: Target, database: Database) -> Iterator[Tried]:
    backups = Backups(target, database)
    try:
        yield tried("backups", "backups", lambda: _newest(target, backups))
        if target.config.backups is not None:
            yield tried("backups", "backup can be restored", lambda: _restorable(backups, database))
    finally:
        backups.close()


def _newest(target: Target, backups: Backups) -> str:
    newest = backups.newest
    troubles = backups.unvouched()
    if troubles.count:
        raise Wrong(
            f"The newest backup {newest.name} cannot be relied on: {troubles.sample[0]['trouble']}.",
            'Correct [backups] pattern or manifest; where none is written, set manifest = "".',
        )
    when = f" of {newest.taken_at.astimezone(target.calendar.zone):%Y-%m-%d %H:%M}" if newest.taken_at else ""
    told = "with a manifest" if newest.manifest else "without a manifest"
    return f"newest {newest.name}{when}, {newest.size / 1e6:.1f} MB, {told}"


def _restorable(backups: Backups, database: Database) -> str:
    newest = backups.newest
    kind = kind_of(newest.path)
    if kind in {BackupKind.POSTGRESQL_ARCHIVE, BackupKind.POSTGRESQL_SCRIPT}:
        _require_tools(kind)
        _require_right(database)
    damage = backups.damage()
    if damage.count:
        raise Wrong(
            f"{newest.name} does not come back to life: {damage.sample[0]['trouble']}.",
            "Make another backup and try to restore it; correct [backups] pattern if this is none.",
        )
    return f"{kind.value}, restored and removed again"


def _require_tools(kind: BackupKind) -> None:
    tool = "pg_restore" if kind is BackupKind.POSTGRESQL_ARCHIVE else "psql"
    if shutil.which(tool) is None:
        raise NotCovered(f"{tool} is not on this machine.", mend="Install PostgreSQL's client programs.")


def _require_right(database: Database) -> None:
    if database.dialect != "postgresql":
        return
    asked = text("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
    if not database.value(asked):
        raise NotCovered(
            "our user may not create a scratch database for the trial restore",
            mend="Grant CREATEDB to the monitor's user.",
        )
