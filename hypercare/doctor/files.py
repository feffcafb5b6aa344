"""The target's logs and backups, tried."""

from __future__ import annotations

from collections.abc import Iterator

from hypercare.doctor.tried import Tried, Wrong, tried
from hypercare.target.backups import Backups
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
    newest_line = f"newest line of {newest.astimezone(target.calendar.zone):%Y-%m-%d %H:%M}, clock agrees"
    return newest_line + (_requests_told(only, source) if source.tells_of_requests else "")


def _requests_told(only: Target, source: LogSource) -> str:
    requests = Logs(only).requests(only.since_last_round)
    if requests.lines and not requests.understood:
        raise Wrong(
            f"None of its {requests.lines:,} lines since the last round is understood as a request.",
            f"Correct {'pattern' if source.pattern else 'format, or give a pattern,'} of the log {source.name}.",
        )
    return f", {requests.count:,} requests since the last round"


def _is_empty(source: LogSource) -> bool:
    return source.path.is_file() and source.path.stat().st_size == 0


def try_backups(target: Target, database: Database) -> Iterator[Tried]:
    backups = Backups(target, database)
    try:
        yield tried("backups", "backups", lambda: _newest(target, backups))
        if target.config.backups is not None:
            yield tried("backups", "backup can be restored", lambda: _restorable(backups))
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


def _restorable(backups: Backups) -> str:
    newest = backups.newest
    damage = backups.damage()
    if damage.count:
        raise Wrong(
            f"{newest.name} does not come back to life: {damage.sample[0]['trouble']}.",
            "Make another backup and try to restore it; correct [backups] pattern if this is none.",
        )
    return f"{newest.name} restored and removed again"
