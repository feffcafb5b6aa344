"""A MariaDB of the machine's packages for a foreign system: on loopback, gone with whoever started it."""

from __future__ import annotations

import getpass
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from targets.tryton import guarded

_PLACES = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin", "/usr/libexec"])
_STARTS_WITHIN = 120  # seconds
_RESTORES_WITHIN = 600


class NoMariaDB(Exception):
    """It is not installed, or does not start; the message is one line."""


@dataclass(frozen=True)
class MariaDB:
    """A running server. `root` may do everything; users of its databases are made by `create`."""

    port: int
    password: str

    def url(self, database: str = "", user: str = "root") -> str:
        return f"mysql+pymysql://{user}:{self.password}@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, dump: Path | None = None) -> None:
        """Anew, with what a dump holds. The user `monitor` may read it, `shop` may do everything in it."""
        self._say(
            f"DROP DATABASE IF EXISTS `{database}`; CREATE DATABASE `{database}` CHARACTER SET utf8mb4;"
            f"GRANT SELECT ON `{database}`.* TO monitor@'127.0.0.1'; GRANT ALL ON `{database}`.* TO shop@'127.0.0.1'"
        )
        if dump is not None:
            with dump.open("rb") as content:
                self._run("mariadb", database, reads=content.fileno())

    def drop(self, database: str) -> None:
        self._say(f"DROP DATABASE IF EXISTS `{database}`")

    def dump(self, database: str, into: Path) -> None:
        with into.open("wb") as out:
            self._run("mariadb-dump", "--single-transaction", database, writes=out.fileno())

    def _say(self, statements: str) -> None:
        self._run("mariadb", f"--execute={statements}")

    def _run(self, program: str, *words: str, reads: int | None = None, writes: int | None = None) -> None:
        subprocess.run(
            [_program(program), "--no-defaults", "--host=127.0.0.1", f"--port={self.port}", "--user=root", *words],
            env={**os.environ, "MYSQL_PWD": self.password},
            stdin=subprocess.DEVNULL if reads is None else reads,
            stdout=subprocess.DEVNULL if writes is None else writes,
            check=True,
            timeout=_RESTORES_WITHIN,
        )


@contextmanager
def running() -> Iterator[MariaDB]:
    """An empty server until the block ends.

    Raises:
        NoMariaDB: it cannot be had here.
    """
    with tempfile.TemporaryDirectory(prefix="hypercare-mariadb-") as folder:
        place = Path(folder)
        server, process = _start(place)
        try:
            _wait_for(server.port, place / "server.log", process)
            yield server
        finally:
            guarded.stop(process)


def _start(place: Path) -> tuple[MariaDB, subprocess.Popen[bytes]]:
    server = MariaDB(free_port(), secrets.token_urlsafe(12))
    us = ("--no-defaults", f"--datadir={place / 'data'}", f"--user={getpass.getuser()}")
    options = ("--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve")
    made = guarded.run(
        [_program("mariadb-install-db"), *us, *options],
        place / "making.log",
        environment=os.environ,
        patience=_STARTS_WITHIN,
    )
    if made:
        raise NoMariaDB(f"MariaDB's tables cannot be made: {_last_line(place / 'making.log')}")
    begin = place / "begin.sql"
    begin.touch(mode=0o600)
    users = [
        f"CREATE OR REPLACE USER {one}@'127.0.0.1' IDENTIFIED BY '{server.password}';"
        for one in ("root", "monitor", "shop")
    ]
    begin.write_text("\n".join([*users, "GRANT ALL ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;\n"]), encoding="utf-8")
    command = [
        _program("mariadbd"), *us, f"--port={server.port}", "--bind-address=127.0.0.1", f"--socket={place / 's'}",
        f"--pid-file={place / 'pid'}", f"--init-file={begin}", "--skip-name-resolve",
        "--innodb-buffer-pool-size=64M", "--innodb-flush-log-at-trx-commit=0", "--innodb-flush-method=nosync",
    ]  # fmt: skip
    return server, guarded.started(command, place / "server.log", environment=os.environ)


def _wait_for(port: int, log: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as listener:
            listener.settimeout(1)
            # It listens only once its users are made.
            if listener.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise NoMariaDB(f"MariaDB does not start: {_last_line(log)}")


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1][:300] if lines else "it says nothing"


def _program(name: str) -> str:
    found = shutil.which(name, path=_PLACES)
    if found is None:
        raise NoMariaDB(f"{name} is not installed on this machine: apt-get install mariadb-server")
    return found


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
