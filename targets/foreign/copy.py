"""A copy of a foreign system that was lived in: what a target file names, and how to spoil it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import create_engine


@dataclass(frozen=True)
class Copy:
    """`folder` holds its target file, log and backups; `url` is that of its database, with the right to write.

    `last` is the instant at which its business stopped: rounds judge as of it, or as of any hour before. `log` is
    where it lies in the folder.
    """

    folder: Path
    url: str
    last: datetime
    zone: str
    log_name: str = "application.log"

    @property
    def target_file(self) -> Path:
        return self.folder / "target.toml"

    @property
    def log(self) -> Path:
        return self.folder / self.log_name

    @property
    def backups(self) -> Path:
        return self.folder / "backups"

    @property
    def as_of(self) -> str:
        return self.last.isoformat()

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.zone))

    def newest_backup(self) -> Path:
        return max(self.backups.iterdir())

    def execute(self, statements: Sequence[str]) -> None:
        """Past the application, all in one transaction, with nothing checked that the engine lets pass."""
        engine = create_engine(self.url)
        with engine.begin() as connection:
            if engine.dialect.name == "mysql":
                connection.exec_driver_sql("SET foreign_key_checks = 0")
            for statement in statements:
                connection.exec_driver_sql(statement)
        engine.dispose()
