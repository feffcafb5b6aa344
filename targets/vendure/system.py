"""A copy of the prepared Vendure: its database, log, backups and target file, served where that is wanted."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from targets.foreign.copy import Copy
from targets.foreign.mariadb import MariaDB, free_port
from targets.vendure.prepared import CHECKS, ZONE, Prepared
from targets.vendure.server import Server

TEMPLATE = Path(__file__).parent / "target.toml.template"
_BACKED_UP = timedelta(hours=1, minutes=30)
_NIGHTS = 3


@dataclass
class VendureSystem:
    """`standing` is when its business begins to be looked at: at night, or at five in the evening."""

    software: Path
    mariadb: MariaDB
    prepared: Prepared
    folder: Path
    standing: Literal["night", "evening"] = "evening"
    mode: Literal["observe", "transact"] = "observe"
    copy: Copy = field(init=False)
    server: Server = field(init=False)

    def lay_out(self) -> Copy:
        """Copy database and log, write backups and target file. Nothing runs yet, and its time stands."""
        stands = self.prepared.night if self.standing == "night" else self.prepared.evening
        database = f"vendure_{self.folder.parent.name}_{self.folder.name}".replace("-", "_")[-60:]
        self.folder.mkdir(parents=True)
        self.copy = Copy(self.folder, self.mariadb.url(database), stands, ZONE)
        self.mariadb.create(database, self.prepared.dump(self.standing))
        shutil.copy2(self.prepared.log(self.standing), self.copy.log)
        self.server = Server(
            self.software, self.mariadb, database, self.prepared.folder / "facts.json", self.copy.log, free_port()
        )
        self.copy.backups.mkdir()
        midnight = self.prepared.night - timedelta(days=self.standing == "night")
        for night in range(_NIGHTS):
            self._put_backup(self.prepared.dump("night"), midnight - timedelta(days=night) + _BACKED_UP)
        self._stand_still(stands)
        self._write_target_file(database)
        return self.copy

    def start(self) -> None:
        self.server.start(self.copy.last, self.clock)

    def live_until(self, moment: datetime) -> None:
        """Its people work on, and its nightly backups are made."""
        now = self.copy.local(datetime.fromisoformat(json.loads(self.clock.read_text(encoding="utf-8"))["set_to"]))
        backup = now.replace(hour=0, minute=0, second=0, microsecond=0) + _BACKED_UP
        while backup <= moment:
            if backup > now:
                self.server.live_until(backup)
                dump = self.folder / "backup.sql"
                self.mariadb.dump(self.server.database, dump)
                self._put_backup(dump, backup)
            backup += timedelta(days=1)
        self.server.live_until(moment)

    def remove(self) -> None:
        self.server.stop()
        self.mariadb.drop(self.server.database)
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def clock(self) -> Path:
        return self.folder / "clock.json"

    def _put_backup(self, dump: Path, at: datetime) -> None:
        backup = self.copy.backups / f"vendure-{self.copy.local(at):%Y%m%d-%H%M%S}.sql"
        shutil.copy(dump, backup)
        os.utime(backup, (at.timestamp(), at.timestamp()))

    def _stand_still(self, stands: datetime) -> None:
        setting = {"set_to": stands.isoformat(), "set_at": datetime.now(UTC).isoformat(), "rate": 0}
        self.clock.write_text(json.dumps(setting), encoding="utf-8")

    def _write_target_file(self, database: str) -> None:
        secret = self.folder / "secrets.json"
        secret.touch(mode=0o600)
        secret.write_text(json.dumps({login: self.prepared.passwords[login] for login in CHECKS}), encoding="utf-8")
        self.copy.target_file.write_text(
            TEMPLATE.read_text(encoding="utf-8").format(
                mode=self.mode,
                zone=ZONE,
                go_live=self.copy.local(self.prepared.first).date().isoformat(),
                clock=self.clock,
                server=self.server.address,
                database_url=self.mariadb.url(database, "monitor"),
                scratch_url=self.mariadb.url(),
                log=self.copy.log,
                backups=self.copy.backups,
                accounts="\n".join(_account(login) for login in CHECKS),
            ),
            encoding="utf-8",
        )


def _account(login: str) -> str:
    _, branch, role = login.split(".")
    return (
        f'[[accounts]]\nusername = "{login}"\nrole = "{role}"\nbranch = "{branch}"\n'
        f'password = {{ file = "secrets.json", key = "{login}" }}\n'
    )
