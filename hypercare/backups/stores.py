"""Which place the backups are kept in."""

from __future__ import annotations

from datetime import timedelta

from hypercare.backups.backup import Store
from hypercare.backups.borg import Borg
from hypercare.backups.folder import Folder
from hypercare.backups.object_store import ObjectStore
from hypercare.backups.pgbackrest import PgBackRest
from hypercare.backups.remembered import Remembered
from hypercare.backups.repository import Repository
from hypercare.backups.restic import Restic
from hypercare.target_file.sections.backups import BackupsSection
from hypercare.target_file.target import Target


def store_of(section: BackupsSection, target: Target, timeout: timedelta) -> Store:
    """The store that [backups] describes. Nothing is looked at yet."""
    zone, clock_is_real = target.calendar.zone, target.config.business.clock is None
    if section.kind == "files":
        if "://" in section.directory:
            return Remembered(ObjectStore(section, zone, clock_is_real=clock_is_real))
        return Folder(section, zone, clock_is_real=clock_is_real)
    repository = Repository(section, target.state, timeout, target.redactor.learn)
    if section.kind == "restic":
        return Remembered(Restic(repository))
    return Remembered(Borg(repository) if section.kind == "borg" else PgBackRest(repository))
