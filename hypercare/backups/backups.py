"""The backups of the target as the checks speak of them."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from statistics import median

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from hypercare.backups.backup import Backup, Store, Unreachable, Unrestorable
from hypercare.backups.comparison import MARGIN, Compared, against_manifest, damage_in_sqlite, lacking
from hypercare.backups.content import comparable_schemas, contents, live_contents, shapes
from hypercare.backups.folder import short_of_room
from hypercare.backups.manifest import Manifest, checksum_of
from hypercare.backups.restoring import restored
from hypercare.backups.stores import store_of
from hypercare.database.database import Database
from hypercare.database.scratch import scratch_folder
from hypercare.outcome.durations import rounded_duration
from hypercare.outcome.evidence import attach_rows
from hypercare.outcome.finding import Finding, Row
from hypercare.outcome.found import Found
from hypercare.outcome.signals import ChannelDown, CheckFailed, MonitorFault, NotCovered, Signal
from hypercare.plan.calendar import Calendar
from hypercare.target_file.sections.backups import BackupsSection
from hypercare.target_file.target import Target

_LOG = logging.getLogger(__name__)
_FUTURE = timedelta(minutes=5)
_EARLIER_ONES = 5
_SHARE_OF_TIME = 0.7  # of a check's limit that a restore or a checksum may take
_EARLY = timedelta(minutes=15)  # a schedule may start a little before its time
_DAYS_BACK = 3


class Backups:
    """Looks at the newest backup, and restores it once a session when a check asks for what is in it.

    Every question raises NotCovered when no backups are configured and ChannelDown("backups") when their folder cannot
    be read. `close` removes what was restored.
    """

    def __init__(self, target: Target, database: Database | None = None) -> None:
        self._target = target
        self._database = database if database is not None else Database(target)
        self._open = ExitStack()
        self._folder: Path | None = None
        self._fetched: tuple[Backup, Path] | None = None
        self._restored: tuple[Backup, Engine] | None = None

    @cached_property
    def section(self) -> BackupsSection:
        section = self._target.config.backups
        if section is None:
            raise NotCovered(
                "no backups are configured", remedy="Add [backups] with their directory to the target file."
            )
        return section

    @cached_property
    def _store(self) -> Store:
        return store_of(self.section, self._target, self._time_for_one)

    @property
    def place(self) -> str:
        return self.section.directory

    def all(self) -> list[Backup]:
        """Every backup that was there at the round's instant, newest first."""
        target = self._target
        try:
            found = self._store.backups()
        except Unreachable as reason:
            raise ChannelDown("backups", self._unreachable(str(reason)), address=self.place) from None
        except Unrestorable as trouble:
            raise CheckFailed(self._shut(trouble)) from None
        if target.is_replay:
            found = [one for one in found if one.taken_at is None or one.taken_at <= target.as_of]
        return found

    @property
    def newest(self) -> Backup:
        """The newest backup. Raises CheckFailed when there is none."""
        found = self.all()
        if not found:
            raise CheckFailed(
                Finding(
                    sentence="There is no backup at all.",
                    where=self.place,
                    next_step="Run a backup now, then find out why none was made.",
                    cause="backup-missing",
                )
            )
        return found[0]

    def overdue(self) -> Found:
        """The newest backup, when it is older than the last one that was due."""
        due = _last_due(self.section, self._target.calendar, self._target.as_of)
        newest = self.newest
        if newest.taken_at is None:
            trouble = "nothing tells when it was taken"
        elif due is not None and newest.taken_at < due - _EARLY:
            trouble = "a later one was due and is not there"
        else:
            return Found(count=0, where=self.place, of=1)
        row: Row = {
            "newest": newest.name,
            "taken_at": self._local(newest),
            "due_at": "" if due is None else due.astimezone(self._target.calendar.zone).isoformat(timespec="minutes"),
            "trouble": trouble,
        }
        return Found.of_rows([row], where=self.place, of=1)

    def unvouched(self) -> Found:
        """What speaks against the newest backup being whole: manifest, status, times, size or checksum."""
        newest = self.newest
        rows = [{"backup": newest.name, "trouble": trouble} for trouble in self._troubles_of(newest)]
        return Found.of_rows(rows, where=self.place, of=1)

    def implausible_size(self) -> Found:
        """The newest backup, when it is much smaller than those before it, or empty."""
        newest, *earlier = self.all() or [self.newest]
        usual = median(one.size for one in earlier[:_EARLIER_ONES]) if earlier else 0
        if newest.size > 0 and newest.size >= usual * self.section.smallest_share:
            return Found(count=0, where=self.place, of=1)
        row = {"backup": newest.name, "bytes": newest.size, "usual_bytes": int(usual)}
        return Found.of_rows([row], where=self.place, of=1)

    def short_of_room(self) -> Found:
        """The folder of the backups, when its disk has less room left than [backups] room asks for."""
        if self.section.kind != "files" or "://" in self.place:
            raise NotCovered(
                f"How much room {self.place} has left cannot be seen from here.",
                remedy="Watch it where it is kept.",
            )
        return short_of_room(Path(self.place), self.newest, self.section.room)

    def damage(self) -> Found:
        """What keeps the newest backup from being restored, or what the engine finds damaged in the restored one."""
        try:
            newest, engine = self._restore()
        except Unrestorable as trouble:
            name = self.newest.name
            return Found.of_rows([{"backup": name, "trouble": trouble.reason}], where=self.place, of=1)
        try:
            with engine.connect() as connection:
                found = list(damage_in_sqlite(connection)) if engine.dialect.name == "sqlite" else []
        except SQLAlchemyError as error:
            found = [_first_line(error)]
        rows = [{"backup": newest.name, "trouble": line} for line in found]
        return Found.of_rows(rows, where=self.place, of=1)

    def other_than_manifest(self) -> Found:
        """Tables of the restored backup whose rows are not as many as its manifest says."""
        newest, engine = self._restore_or_fail()
        if newest.manifest is None or not newest.manifest.tables:
            raise NotCovered(
                "the backup's manifest states no rows", remedy="Write the row count of each table into it."
            )
        try:
            with engine.connect() as connection:
                compared = against_manifest(connection, newest.manifest.tables)
        except SQLAlchemyError as error:
            raise CheckFailed(self._damaged(newest, error)) from None
        return self._as_listed(compared, "backup against manifest")

    def lacking_live_data(self) -> Found:
        """Tables and rows that were in the live database before the newest backup began, and are not in it."""
        newest, engine = self._restore_or_fail()
        if self._target.config.database is None:
            raise NotCovered("there is no live database to compare with", remedy="Add [database] to the target file.")
        if newest.taken_at is None:
            raise NotCovered("nothing tells when the backup was taken", remedy="Write started_at into its manifest.")
        compared = self._compared(newest, newest.taken_at - MARGIN, engine)
        return self._as_listed(compared, "backup against live database")

    def close(self) -> None:
        """Remove what was fetched and restored."""
        self._restored = self._fetched = self._folder = None
        self._open.close()

    def _compared(self, newest: Backup, before: datetime, engine: Engine) -> Compared:
        zone = self._target.calendar.zone
        with self._database.snapshot() as live, self._database.translating():
            schemas = comparable_schemas(live, self._target.config.mapping)
            live_shapes = shapes(live, schemas)
        try:
            with engine.connect() as connection:
                backup_shapes = shapes(connection, schemas)
                both = {name: shape for name, shape in live_shapes.items() if name in backup_shapes}
                in_backup = contents(connection, both, before, zone)
        except SQLAlchemyError as error:
            raise CheckFailed(self._damaged(newest, error)) from None
        in_live = live_contents(self._database, live_shapes, before, zone, in_backup)
        stated = newest.manifest.tables if newest.manifest else {}
        return lacking(in_live, in_backup, empty_by_manifest={name for name, rows in stated.items() if not rows})

    def _troubles_of(self, backup: Backup) -> Iterator[str]:
        if backup.size == 0:
            yield "it is empty"
        if backup.trouble:
            yield backup.trouble
        if backup.manifest is None:
            if backup.manifest_trouble and not self._store.still_changes(backup):
                yield backup.manifest_trouble
            return
        yield from self._troubles_in_manifest(backup, backup.manifest)

    def _troubles_in_manifest(self, backup: Backup, manifest: Manifest) -> Iterator[str]:
        now = self._target.now()
        if not manifest.says_complete:
            yield f'its manifest says "{manifest.status}"'
        if manifest.file is not None and manifest.file != backup.name:
            yield f"its manifest is of another file ({manifest.file})"
        if manifest.finished_at is not None:
            started = manifest.started_at or manifest.finished_at
            if manifest.finished_at > now + _FUTURE:
                yield "its manifest says that it finished in the future"
            if manifest.finished_at < started:
                yield "its manifest says that it finished before it began"
            elif manifest.finished_at - started > self.section.complete_within:
                yield f"it took {rounded_duration(manifest.finished_at - started)}"
        if manifest.bytes is not None and manifest.bytes != backup.size:
            yield f"it has {backup.size:,} bytes where its manifest says {manifest.bytes:,}"
            return
        yield from self._trouble_in_checksum(backup, manifest)

    def _trouble_in_checksum(self, backup: Backup, manifest: Manifest) -> Iterator[str]:
        for kind, expected in list(manifest.checksums.items())[:1]:
            try:
                path = self._content_of(backup)
                found = checksum_of(path, kind, timeout=self._time_for_one.total_seconds())
            except Unrestorable as trouble:
                yield trouble.reason
                return
            except OSError as error:
                yield f"it cannot be read ({(error.strerror or type(error).__name__).lower()})"
                return
            if found is None and path.is_file():
                raise MonitorFault(
                    "the checksum of the backup could not be taken in time", remedy="Raise [rounds] check_limit."
                )
            if found is not None and found != expected:
                yield f"its {kind} checksum is not the one in its manifest: its content changed"

    def _restore_or_fail(self) -> tuple[Backup, Engine]:
        try:
            return self._restore()
        except Unrestorable as trouble:
            newest = self.newest
            raise CheckFailed(
                Finding(
                    sentence=f"The newest backup {newest.name} cannot be restored: {trouble.reason}.",
                    where=newest.where,
                    next_step="Make a new backup now and try to restore it; keep the older ones.",
                    cause="backup-unrestorable",
                    detail=trouble.detail,
                )
            ) from None

    def _restore(self) -> tuple[Backup, Engine]:
        newest = self.newest
        if self._restored is not None and self._restored[0].is_same_as(newest):
            return self._restored
        started = time.perf_counter()
        path = self._content_of(newest)
        opening = restored(path, self._scratch(), self.section, self._database, self._time_for_one)
        try:
            self._restored = (newest, self._open.enter_context(opening))
        except (Unrestorable, Signal) as trouble:
            _LOG.info("backup %s is not restored: %s", newest.name, trouble)
            raise
        took = (time.perf_counter() - started) * 1000
        _LOG.info("backup %s is restored into a scratch database in %.0f ms", newest.name, took)
        return self._restored

    def _content_of(self, backup: Backup) -> Path:
        """The backup as a file or folder here, fetched once; what was fetched and restored before is removed."""
        if self._fetched is None or not self._fetched[0].is_same_as(backup):
            self.close()
            _LOG.info("backup %s is opened: %d bytes in %s", backup.name, backup.size, self.place)
            self._fetched = (backup, self._store.fetch(backup, self._scratch))
        return self._fetched[1]

    def _scratch(self) -> Path:
        if self._folder is None:
            self._folder = self._open.enter_context(scratch_folder(self._target.state))
        return self._folder

    @property
    def _time_for_one(self) -> timedelta:
        return self._target.config.rounds.check_limit * _SHARE_OF_TIME

    def _as_listed(self, compared: Compared, name: str) -> Found:
        attach_rows(name, compared.rows)
        return Found.of_rows(compared.rows, where=self.place, of=compared.tables)

    def _local(self, backup: Backup) -> str:
        if backup.taken_at is None:
            return ""
        return backup.taken_at.astimezone(self._target.calendar.zone).isoformat(timespec="minutes")

    def _unreachable(self, reason: str) -> Finding:
        what = "object store" if "://" in self.place else "folder"
        if self.section.kind != "files":
            what = "repository"
        return Finding(
            sentence=f"The {what} of the backups cannot be read: {reason}.",
            where=self.place,
            next_step="See whether the place that the backups go to is mounted and may be read.",
            cause="backups-unreachable",
        )

    def _shut(self, trouble: Unrestorable) -> Finding:
        return Finding(
            sentence=f"The backups cannot be opened: {trouble.reason}.",
            where=self.place,
            next_step="Find the key now, and try it; without it, begin a new repository with a key that is kept safe.",
            cause="backup-unrestorable",
            detail=trouble.detail,
        )

    def _damaged(self, backup: Backup, error: SQLAlchemyError) -> Finding:
        return Finding(
            sentence=f"The newest backup {backup.name} restores but cannot be read through.",
            where=backup.where,
            next_step="Make a new backup now and try to restore it; keep the older ones.",
            cause="backup-unrestorable",
            detail=_first_line(error),
        )


def _first_line(error: Exception) -> str:
    original = getattr(error, "orig", None) or error
    return (str(original).splitlines() or [type(error).__name__])[0][:200]


def _last_due(section: BackupsSection, calendar: Calendar, as_of: datetime) -> datetime | None:
    """The latest time at which a backup was due and must be complete by `as_of`; None when none was since go-live."""
    today = calendar.date_of(as_of)
    opening = calendar.day(calendar.go_live).start
    due = [calendar.at(today - timedelta(days=back), clock) for back in range(_DAYS_BACK + 1) for clock in section.at]
    return max((one for one in due if one + section.complete_within <= as_of and one >= opening), default=None)
