"""The target's logs and backups, tried."""

from __future__ import annotations

from collections.abc import Iterator

from hypercare.backups import Backups
from hypercare.database.database import Database
from hypercare.doctor.attempt import Attempt, Wrong, attempted
from hypercare.logs import Logs
from hypercare.logs.logs import LOOKING_BACK
from hypercare.logs.understanding import description_of
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.sections.logs import LogSource
from hypercare.target_file.target import Target


def try_logs(target: Target) -> Iterator[Attempt]:
    if not target.config.logs:
        yield attempted("logs", "logs", lambda: str(Logs(target).silent().count))
    for source in target.config.logs:
        yield attempted("logs", f"log {source.name}", lambda one=source: _log(target, one))  # type: ignore[misc]


def _log(target: Target, source: LogSource) -> str:
    only = Target(
        target.config.model_copy(update={"logs": (source,)}), target.state, target.as_of, target.redactor, None, True
    )
    logs = Logs(only)
    try:
        return _told(logs, only, source)
    finally:
        logs.close()


def _told(logs: Logs, target: Target, source: LogSource) -> str:
    logs.gone()  # an unreadable one is told by this already
    reader = logs.reader(source)
    figures = reader.understood
    if not figures.records:
        _require(reader.packed_gap(target.as_of - LOOKING_BACK))
        return "readable, no line yet" if source.path is not None else f"{reader.pieces.name} answers, no line lately"
    _require(figures.time_gap)
    _require(reader.packed_gap(target.as_of - LOOKING_BACK))
    troubles = logs.with_wrong_clock()
    if troubles.count:
        raise Wrong(
            f"Its clock does not agree: {troubles.sample[0]['trouble']}.",
            f"Correct clock_zone of the log {source.name} (now {source.clock_zone!r}), or the clock of its writer.",
        )
    if source.holds != "access":
        _require(figures.level_gap)
    newest = reader.newest()
    newest_line = f"newest line of {newest.astimezone(target.calendar.zone):%Y-%m-%d %H:%M}, " if newest else ""
    requests = _requests_understood(logs, target) if source.tells_of_requests else ""
    return f"{newest_line}clock agrees{requests}; understood as {description_of(reader.understanding, source)}"


def _require(gap: NotCovered | None) -> None:
    if gap is not None:
        raise Wrong(gap.reason, gap.remedy)


def _requests_understood(logs: Logs, only: Target) -> str:
    try:
        requests = logs.requests(only.since_last_round)
    except NotCovered as gap:
        raise Wrong(gap.reason, gap.remedy) from None
    _require(next(iter(requests.gaps), None))
    return f", {requests.count:,} requests since the last round"


def try_backups(target: Target, database: Database) -> Iterator[Attempt]:
    backups = Backups(target, database)
    try:
        yield attempted("backups", "backups", lambda: _newest(target, backups))
        if target.config.backups is not None:
            yield attempted("backups", "backup can be restored", lambda: _restorable(backups))
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
    manifest_words = "with a manifest" if newest.manifest else "without a manifest"
    return f"newest {newest.name}{when}, {newest.size / 1e6:.1f} MB, {manifest_words}"


def _restorable(backups: Backups) -> str:
    newest = backups.newest
    damage = backups.damage()
    if damage.count:
        raise Wrong(
            f"{newest.name} does not come back to life: {damage.sample[0]['trouble']}.",
            "Make another backup and try to restore it; correct [backups] pattern if this is none.",
        )
    return f"{newest.name} restored and removed again"
