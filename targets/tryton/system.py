"""A copy of the prepared Tryton, served on a port of this machine, with its log, its backups and its target file."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from targets.tryton import guarded
from targets.tryton.database_log import quiet_database
from targets.tryton.engines import Engine
from targets.tryton.log_lines import days_of_requests
from targets.tryton.prepared import CANARY_CUSTOMER, CHECKS, Moved, Prepared, configuration
from targets.tryton.run import Run
from targets.tryton.software import Software

TEMPLATE = Path(__file__).parent / "target.toml.template"
_STARTS_WITHIN = 180  # seconds; two, where nothing else runs
_GROUPS = {"sales": "Sales", "workshop": "Production", "owner": "Accounting"}
_BRANCHES = {"north": "Branch North", "south": "Branch South", "training": "Branch Training"}
TRADING = ("Branch North", "Branch South")
_LOGGING = """[loggers]
keys = root
[handlers]
keys = file
[formatters]
keys = plain
[logger_root]
level = INFO
handlers = file
[handler_file]
class = FileHandler
args = ({path!r},)
formatter = plain
[formatter_plain]
format = %(asctime)s %(levelname)s %(name)s %(message)s
"""


_DATABASE_LOG = """[[logs]]
name = "database"
path = "{path}"
format = "text"
holds = "database"
clock_zone = "UTC"
"""


class DidNotStart(Exception):
    """The server did not answer in time; the message holds its last words."""


@dataclass
class TrytonSystem:
    """`folder` holds everything of it but a PostgreSQL database; `mode` is that of its target file."""

    software: Software
    prepared: Prepared
    run: Run
    folder: Path
    mode: str = "transact"
    name: str = field(init=False)
    port: int = field(init=False)
    moved: Moved = field(init=False)
    _server: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def lay_out(self, *, backed_up: bool = True) -> Path:
        """Copy the database, write log, target file and, where they are wanted, backups. Nothing runs yet."""
        self.name = self.run.name()
        self.run.will_make(engine=self.engine.name, database=self.name, folder=self.folder)
        self.folder.mkdir(parents=True)
        self.port = _free_port()
        now = datetime.now(UTC)
        self.moved = self.prepared.copy(self.name, now)
        self.backups.mkdir()
        if backed_up:
            self._back_up(now)
        (self.folder / "trytond.conf").write_text(
            configuration(self.engine, listen=f"127.0.0.1:{self.port}", web_root=self.software.web_root),
            encoding="utf-8",
        )
        (self.folder / "logging.conf").write_text(_LOGGING.format(path=str(self.log)), encoding="utf-8")
        local = now.astimezone(ZoneInfo(self.moved.zone)).date()
        days = (local - self.moved.go_live).days
        self.log.write_text("".join(days_of_requests(now - timedelta(minutes=2), days)), encoding="utf-8")
        if self.engine.name == "postgresql":
            self.database_log.write_text("".join(quiet_database(now, days)), encoding="utf-8")
        self.target_file.write_text(self._target_file(), encoding="utf-8")
        return self.target_file

    def start(self) -> None:
        """Serve it, until `stop` or the end of this process, however that comes.

        Raises:
            DidNotStart: it does not answer.
        """
        environment = {**os.environ, **self.engine.environment, "TZ": "UTC"}
        command = [
            str(self.software.programs / "trytond"),
            "-c",
            str(self.folder / "trytond.conf"),
            "-d",
            self.name,
            "--logconf",
            str(self.folder / "logging.conf"),
        ]
        self._server = guarded.started(command, self.folder / "server.out", environment=environment)
        self._wait_until(self._answers)

    def stop(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            guarded.stop(server)

    def remove(self) -> None:
        self.stop()
        self.engine.drop(self.name)
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def engine(self) -> Engine:
        return self.prepared.engine

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "trytond.log"

    @property
    def database_log(self) -> Path:
        return self.folder / "postgresql.log"

    @property
    def backups(self) -> Path:
        return self.folder / "backups"

    @property
    def target_file(self) -> Path:
        return self.folder / "target.toml"

    def _back_up(self, now: datetime) -> None:
        """Yesterday's and today's, as a nightly job leaves them; both hold what is there now."""
        kind = "sqlite" if self.engine.name == "sqlite" else "dump"
        local = now.astimezone(ZoneInfo(self.moved.zone))
        today = self.backups / f"tryton-{local:%Y%m%d-%H%M%S}.{kind}"
        self.engine.back_up(self.name, today)
        shutil.copy2(today, self.backups / f"tryton-{local - timedelta(days=1):%Y%m%d-%H%M%S}.{kind}")

    def _target_file(self) -> str:
        secrets = self.folder / "secrets.json"
        secrets.touch(mode=0o600)
        secrets.write_text(json.dumps({login: self.prepared.passwords[login] for login in CHECKS}), encoding="utf-8")
        return target_text(
            self.prepared,
            mode=self.mode,
            zone=self.moved.zone,
            go_live=self.moved.go_live,
            server=self.address,
            database=self.name,
            log=self.log,
            backups=self.backups,
            database_log=self.database_log if self.engine.name == "postgresql" else None,
            # Its server was started just now, which would be a restart in opening hours.
            branches_with_hours=() if self.engine.name == "postgresql" else TRADING,
        )

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.address, timeout=2):
                return True
        except urllib.error.HTTPError:
            return True  # what it answers is for the checks to judge
        except OSError:
            return False

    def _wait_until(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _STARTS_WITHIN
        while time.monotonic() < deadline:
            if holds():
                return
            if self._server is not None and self._server.poll() is not None:
                break
            time.sleep(0.2)
        self.stop()
        output = (self.folder / "server.out").read_text(encoding="utf-8", errors="replace")[-1500:]
        raise DidNotStart(f"Tryton did not answer at {self.address} within {_STARTS_WITHIN} s:\n{output}")


def target_text(
    prepared: Prepared,
    *,
    mode: str,
    zone: str,
    go_live: date,
    server: str,
    database: str,
    log: Path,
    backups: Path,
    database_log: Path | None = None,
    branches_with_hours: Sequence[str] = TRADING,
) -> str:
    """The template filled in, as somebody who attaches their own Tryton does it."""
    return TEMPLATE.read_text(encoding="utf-8").format(
        name="Tryton",
        mode=mode,
        timezone=zone,
        go_live=go_live.isoformat(),
        server=server,
        database=database,
        database_url=prepared.engine.url(database),
        log=log,
        backups=backups,
        backup_at="01:30",
        canary_branch="Branch Training",
        canary_customer=CANARY_CUSTOMER,
        canary_product="TRIAL",
        hours="\n\n".join(_hours(branch) for branch in branches_with_hours),
        database_log="" if database_log is None else _DATABASE_LOG.format(path=database_log),
        accounts="\n\n".join(_account(login) for login in CHECKS),
    )


def _account(login: str) -> str:
    first, last = login.split(".")[1], login.split(".")[-1]
    lines = [
        "[[accounts]]",
        f'username = "{login}"',
        f'role = "{_GROUPS[last]}"',
        f'password = {{ file = "secrets.json", key = "{login}" }}',
    ]
    if first in _BRANCHES:
        lines.append(f'branch = "{_BRANCHES[first]}"')
    return "\n".join(lines)


def _hours(branch: str) -> str:
    days = '["mon", "tue", "wed", "thu", "fri", "sat", "sun"]'
    return f'[[business.hours]]\nbranch = "{branch}"\ndays = {days}\nopens = "07:00"\ncloses = "19:00"'


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
