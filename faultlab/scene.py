"""The embedded system as the lab reaches it, by nothing but its target file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from faultlab.files import Files
from faultlab.gateway.leading import take_away
from faultlab.originals import Originals
from faultlab.problem import LabProblem
from faultlab.tables import Tables
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.loading import load_target
from hypercare.target_file.target import clock_of

_ORIGINALS = ".faults"
_ADAPTER = "demo"


class Scene:
    """A system with one fault in it, or about to be.

    `tables` and `files` are how it is changed: both note in `originals` what was there before.
    """

    def __init__(self, config: TargetConfig, originals: Originals, target_file: Path) -> None:
        if config.database is None or config.backups is None:
            raise LabProblem("the target file names no database or no backups")
        self.config = config
        self.target_file = target_file
        self.originals = originals
        self.tables = Tables(config.database.url, originals)
        self.files = Files(originals)
        self.backups = Path(config.backups.directory)

    def put_back(self) -> None:
        """Undo whatever the originals know of, the latest first."""
        for kind, change in self.originals.noted():
            if kind == "gateway":
                take_away(Path(change["target_file"]), change["system"], change["url"], Path(change["wanted"]))
                continue
            part = self.files if kind.startswith("file") else self.tables
            part.undo(kind, change)

    # -- time ------------------------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        """The present by the system's own clock, aware."""
        return clock_of(self.config)

    def instant(self, when: datetime) -> Any:
        """An instant as its database keeps it: aware, or naive UTC text in SQLite."""
        if self.tables.engine.dialect.name != "sqlite":
            return when
        return f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"

    def ago(self, **length: float) -> Any:
        """So long before now, as the database keeps it: `ago(hours=2)`."""
        return self.instant(self.now - timedelta(**length))

    def moved(self, value: Any, length: timedelta) -> Any:
        """An instant as the database keeps it, so much later; NULL stays."""
        if value is None:
            return None
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        return self.instant((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) + length)

    @property
    def midnight(self) -> Any:
        """When the business day began, as the database keeps it."""
        calendar = self.config.business.calendar
        return self.instant(calendar.at(calendar.date_of(self.now), time.min))

    def put_clock_forward(self, **length: float) -> None:
        """Let so much time pass in which nobody works."""
        path = self.config.business.clock
        if path is None:
            raise LabProblem("the target has no clock that could be set")
        face = json.loads(path.read_text(encoding="utf-8"))
        face["set_to"] = (datetime.fromisoformat(face["set_to"]) + timedelta(**length)).isoformat()
        self.files.spoil(path)
        path.write_text(json.dumps(face), encoding="utf-8")

    # -- logs and backups ------------------------------------------------------------------------------------

    def log(self, name: str) -> Path:
        """The log of this name in the target file: app, access, database."""
        for source in self.config.logs:
            if source.name == name:
                return source.file
        raise LabProblem(f"the target file names no log {name!r}")

    def say(self, log: str, *lines: Mapping[str, Any] | str | bytes) -> None:
        """Append lines to a log: records as JSON, dated now unless they say `at` themselves, or raw text."""
        self.files.append(self.log(log), b"".join(self.line(line) for line in lines))

    def backup_files(self) -> list[Path]:
        """The data files of the backups, the newest first."""
        return sorted((path for path in self.backups.iterdir() if _is_backup(path)), reverse=True)

    @property
    def newest_backup(self) -> Path:
        found = self.backup_files()
        if not found:
            raise LabProblem("there is no backup that could be spoilt")
        return found[0]

    def line(self, line: Mapping[str, Any] | str | bytes) -> bytes:
        """A line of a log as bytes, dated now unless it says otherwise."""
        if isinstance(line, bytes):
            return line + b"\n"
        if isinstance(line, str):
            return line.encode() + b"\n"
        stamped = {"at": self.now.isoformat(timespec="milliseconds"), **line}
        return json.dumps(stamped, ensure_ascii=False).encode() + b"\n"


@contextmanager
def scene_of(target_file: Path, fault: str) -> Iterator[Scene]:
    """The scene of a fault in the system that a target file names.

    Raises:
        TargetFileProblem: the file cannot be used.
        LabProblem: it is not of an embedded system.
    """
    config = load_target(target_file)
    if config.target.adapter != _ADAPTER:
        raise LabProblem(f"faults are put into an embedded system only, and {target_file} is of another")
    scene = Scene(config, Originals(place_of(fault, target_file)), target_file)
    try:
        yield scene
    finally:
        scene.tables.close()


def place_of(fault: str, target_file: Path) -> Path:
    """Where a fault keeps what was there before, and what it needs while it is in."""
    return target_file.resolve().parent / _ORIGINALS / fault


def manifest_of(backup: Path) -> Path:
    """The small file beside a backup that vouches for it."""
    return backup.with_name(f"{backup.name}.json")


def _is_backup(path: Path) -> bool:
    return path.suffix in {".sqlite", ".dump"} and not path.name.startswith(".")
