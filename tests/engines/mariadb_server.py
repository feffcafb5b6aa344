"""A MariaDB server of the tests' own, from the machine's packages: loopback, a free port, always stopped."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

WITHOUT = "MariaDB is not installed on this machine: apt-get install mariadb-server"
PASSWORD = "sesame"
_PLACES = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin", "/usr/libexec"])


@dataclass
class MariaDB:
    """A running server; `folder` is where its data lies. `root` may do everything."""

    command: list[str]
    port: int
    folder: Path
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        with (self.folder.parent / "server.log").open("ab") as said:
            self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=said)
        _wait(self.process, self.port, self.folder.parent)

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def url(self, database: str = "", *, user: str = "root", kind: str = "mariadb") -> URL:
        return URL.create(
            f"{kind}+pymysql", user, PASSWORD, host="127.0.0.1", port=self.port, database=database or None
        )

    def execute(self, *statements: str, database: str = "", user: str = "root") -> None:
        engine = create_engine(self.url(database, user=user), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
        engine.dispose()

    def databases(self) -> set[str]:
        engine = create_engine(self.url())
        with engine.connect() as connection:
            names = set(connection.execute(text("SHOW DATABASES")).scalars())
        engine.dispose()
        return names


def program() -> str | None:
    """The server's program, when it and what sets up its data are installed."""
    found = shutil.which("mariadbd", path=_PLACES)
    return found if found and shutil.which("mariadb-install-db", path=_PLACES) else None


@contextmanager
def running(folder: Path, *options: str) -> Iterator[MariaDB]:
    """Set up a server in the folder and run it until the block ends."""
    server = program()
    assert server is not None, WITHOUT
    data = folder / "data"
    # A server that starts removes what others left of their temporary tables, also of those that run.
    own = folder / "temporary"
    own.mkdir(exist_ok=True)
    us = ["--no-defaults", f"--datadir={data}", f"--tmpdir={own}", f"--user={getpass.getuser()}"]
    installer = shutil.which("mariadb-install-db", path=_PLACES)
    assert installer is not None
    subprocess.run(
        [installer, *us, "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    begin = folder / "begin.sql"
    begin.write_text(
        f"CREATE OR REPLACE USER root@'127.0.0.1' IDENTIFIED BY '{PASSWORD}';\n"
        "GRANT ALL ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;\n",
        encoding="utf-8",
    )
    port = _free_port()
    command = [
        server, *us, f"--port={port}", "--bind-address=127.0.0.1", f"--socket={folder / 's'}",
        f"--pid-file={folder / 'pid'}", f"--init-file={begin}", "--skip-name-resolve",
        "--innodb-buffer-pool-size=16M", "--innodb-flush-log-at-trx-commit=0", "--innodb-flush-method=nosync",
        "--innodb-log-file-size=8M", "--key-buffer-size=1M", "--innodb-fast-shutdown=1",
        "--innodb-buffer-pool-load-at-startup=0", *options,
    ]  # fmt: skip
    started = MariaDB(command, port, data)
    try:
        started.start()
        yield started
    finally:
        started.stop()


def _wait(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    while process.poll() is None:
        with socket.socket() as client:
            client.settimeout(1)
            # The server listens only once its init file is done.
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"MariaDB did not start: {(folder / 'server.log').read_text(errors='replace')[-2000:]}")


def _free_port() -> int:
    with socket.socket() as client:
        client.bind(("127.0.0.1", 0))
        return int(client.getsockname()[1])
