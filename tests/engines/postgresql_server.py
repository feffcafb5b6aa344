"""A PostgreSQL of the machine's packages, which has what the one from PyPI lacks: amcheck and page checksums."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import URL

_TRIES = 600
WITHOUT = "PostgreSQL with its contributed modules is not installed on this machine: apt-get install postgresql"


@dataclass(frozen=True)
class PostgreSQL:
    """A server that listens on a socket in `folder` only; `programs` are those of its own version."""

    programs: Path
    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def url(self, database: str = "postgres") -> URL:
        return URL.create(
            "postgresql+psycopg", "postgres", database=database, query={"host": str(self.folder), "port": "5432"}
        )

    def execute(self, *statements: str, database: str = "postgres") -> None:
        engine = create_engine(self.url(database), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()

    def reload(self, setting: str, value: str) -> None:
        """Let it read its settings anew, and return once a new session has this one."""
        self.execute("SELECT pg_reload_conf()")
        engine = create_engine(self.url("postgres"), poolclass=NullPool)
        for _ in range(_TRIES):
            with engine.connect() as connection:
                if connection.execute(text(f"SHOW {setting}")).scalar_one() == value:
                    return
            time.sleep(0.05)
        raise AssertionError(f"{setting} is not {value} after the reload")

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off -c shared_buffers=16MB"
        self._control("start", "-w", "-l", str(self.folder / "log"), "-o", options)

    def stop(self) -> None:
        self._control("stop", "-w", "-m", "fast")

    def _control(self, *words: str) -> None:
        subprocess.run(
            [self.programs / "pg_ctl", "-D", self.data, *words], check=True, stdout=subprocess.DEVNULL, **as_account()
        )


def programs() -> Path | None:
    """Where the newest version with its contributed modules is; None when there is none."""
    found = [
        folder
        for folder in Path("/usr/lib/postgresql").glob("*/bin")
        if (folder / "pg_ctl").exists()
        and Path(f"/usr/share/postgresql/{folder.parent.name}/extension/amcheck.control").exists()
        and (os.geteuid() != 0 or account() is not None)
    ]
    return max(found, key=lambda folder: float(folder.parent.name), default=None)


@contextmanager
def running(folder: Path) -> Iterator[PostgreSQL]:
    """Set up a server in an empty folder and run it until the block ends; the folder should have a short path."""
    place = programs()
    assert place is not None, WITHOUT
    hand_over(folder)
    subprocess.run(
        [place / "initdb", "-D", folder / "data", "-U", "postgres", "--auth=trust", "--data-checksums", "--no-sync"],
        check=True,
        stdout=subprocess.DEVNULL,
        **as_account(),
    )
    server = PostgreSQL(place, folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def hand_over(folder: Path) -> None:
    """Let the server's account write into a folder of ours."""
    name = account()
    if os.geteuid() == 0 and name is not None:
        shutil.chown(folder, name)


def account() -> str | None:
    """The server refuses to run as root."""
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return None


def as_account() -> dict[str, Any]:
    return {"user": account(), "group": account(), "extra_groups": []} if os.geteuid() == 0 else {}
