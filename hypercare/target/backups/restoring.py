"""Restoring a backup into a scratch database: only that proves it."""

from __future__ import annotations

import lzma
import os
import shutil
import subprocess
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from hypercare.outcome.signals import MonitorFault, NotCovered
from hypercare.target.backups.kinds import BackupKind, kind_of, unpack
from hypercare.target.backups.scratch import is_forgotten, our_disk, scratch_name
from hypercare.target.database import Database
from hypercare.target.database_engine import CONNECT_WITHIN, make_engine

_OURS = ("unsupported version", "server version mismatch", "aborting because of server version")


class Unrestorable(Exception):
    """A backup does not restore; `reason` is a few plain words, `detail` what the tool said."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


@contextmanager
def restored(path: Path, folder: Path, database: Database | None, within: timedelta) -> Iterator[Engine]:
    """A read-only engine on the restored backup; what was restored is gone when the block ends.

    Raises:
        Unrestorable: the backup cannot be read or restored.
        NotCovered: we lack the tools or the right to restore such a backup.
        MonitorFault: our own disk or time does not suffice.
    """
    try:
        kind = kind_of(path)
    except OSError as error:
        raise Unrestorable(f"it cannot be read ({(error.strerror or type(error).__name__).lower()})") from None
    if path.is_file() and path.stat().st_size == 0:
        raise Unrestorable("it is empty")
    if kind is BackupKind.PACKED:
        path = _unpacked(path, folder)
        kind = kind_of(path)
    if kind is BackupKind.SQLITE:
        with _sqlite(path, folder, within) as engine:
            yield engine
    elif kind in {BackupKind.POSTGRESQL_ARCHIVE, BackupKind.POSTGRESQL_SCRIPT}:
        with _postgresql(path, kind, database, within) as engine:
            yield engine
    elif kind is BackupKind.MYSQL_SCRIPT:
        raise NotCovered("MySQL scripts are not restored yet", mend="Keep a restore test of your own until then.")
    else:
        raise Unrestorable(_of_no_kind(path, database))


def _of_no_kind(path: Path, database: Database | None) -> str:
    expected = ""
    if database is not None and database.target.config.database is not None:
        expected = f"; it should be a copy of the live database ({database.dialect})"
    return f"it is {kind_of(path)}: damaged, or encrypted with a key that we do not have{expected}"


def _unpacked(path: Path, folder: Path) -> Path:
    try:
        return unpack(path, folder)
    except (EOFError, zlib.error, lzma.LZMAError) as error:
        raise Unrestorable("it does not unpack: it breaks off or is damaged", str(error)) from None
    except OSError as error:
        if error.errno is None:
            raise Unrestorable("it does not unpack: it breaks off or is damaged", str(error)) from None
        raise our_disk(error) from None


@contextmanager
def _sqlite(path: Path, folder: Path, within: timedelta) -> Iterator[Engine]:
    copy = folder / "restored.sqlite"
    try:
        if path != copy:
            shutil.copyfile(path, copy)
    except OSError as error:
        if error.filename == str(path):
            raise Unrestorable(f"it cannot be read ({(error.strerror or '').lower()})") from None
        raise our_disk(error) from None
    engine = make_engine(URL.create("sqlite", database=str(copy)), within)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _postgresql(path: Path, kind: BackupKind, database: Database | None, within: timedelta) -> Iterator[Engine]:
    if database is None or database.target.config.database is None or database.dialect != "postgresql":
        raise NotCovered(
            "there is no PostgreSQL server to restore into",
            mend="Give [database] url of a server on which our user may create a scratch database.",
        )
    name = scratch_name()
    with _administration(database) as connection:
        database.target.hold_back("restore the backup into a scratch database")
        _create(connection, name)
        engine: Engine | None = None
        try:
            _load(path, kind, database.url.set(database=name), within)
            engine = make_engine(database.url.set(database=name), within)
            yield engine
        finally:
            if engine is not None:
                engine.dispose()
            _drop(connection, name)


@contextmanager
def _administration(database: Database) -> Iterator[Connection]:
    url = database.url
    # A script may set this session's defaults to read-only; creating a database needs a plain session.
    plain = create_engine(
        url.set(drivername="postgresql+psycopg"),
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"connect_timeout": int(CONNECT_WITHIN.total_seconds())},
    )
    with database.translating():
        connection = plain.connect()
    try:
        yield connection
    finally:
        connection.close()
        plain.dispose()


def _create(connection: Connection, name: str) -> None:
    try:
        left = connection.execute(text("SELECT datname FROM pg_database")).scalars().all()
        for forgotten in filter(is_forgotten, left):
            _drop(connection, forgotten)
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE template0'))
    except SQLAlchemyError as error:
        if "permission denied" in str(error):
            raise NotCovered(
                "our user may not create a scratch database for the trial restore",
                mend="Grant CREATEDB to the monitor's user.",
            ) from None
        raise MonitorFault(
            f"a scratch database could not be made ({_first_line(error)})",
            mend="See whether the server has room for one more copy of the database.",
        ) from None


def _drop(connection: Connection, name: str) -> None:
    try:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    except SQLAlchemyError as error:
        raise MonitorFault(f"the scratch database {name} could not be removed ({_first_line(error)})") from None


def _load(path: Path, kind: BackupKind, url: URL, within: timedelta) -> None:
    is_script = kind is BackupKind.POSTGRESQL_SCRIPT
    tool = "psql" if is_script else "pg_restore"
    program = shutil.which(tool)
    if program is None:
        raise NotCovered(f"{tool} is not installed here", mend="Install PostgreSQL's client programs.")
    options = (
        ["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--file", str(path)]
        if is_script
        else ["--no-owner", "--no-privileges", "--exit-on-error", str(path)]
    )
    environment = {**os.environ, **_connection_settings(url), "PGCONNECT_TIMEOUT": "10"}
    try:
        done = subprocess.run(
            [program, "--dbname", str(url.database), *options],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=within.total_seconds(),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise MonitorFault(
            f"the trial restore did not end within {within.total_seconds():.0f} s",
            mend="Raise [rounds] check_limit, so that a whole restore fits into it.",
        ) from None
    said = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode == 0 and not (is_script and _breaks_off(path)):
        return
    if any(words in said for words in _OURS):
        raise MonitorFault(
            f"our {tool} is older than the backup ({said.splitlines()[0]})", mend="Install a newer PostgreSQL client."
        )
    raise Unrestorable(_plainly(said), said[:2000])


def _breaks_off(path: Path) -> bool:
    """A script that was cut between two statements runs without an error; its last line is what is missing."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 4096))
        return b"PostgreSQL database dump complete" not in file.read()


def _connection_settings(url: URL) -> dict[str, str]:
    # By environment, so that no password stands in the list of processes.
    host = url.host or url.query.get("host", "")
    settings = {"PGUSER": url.username, "PGPASSWORD": url.password, "PGHOST": host, "PGPORT": url.port}
    for option in ("sslmode", "sslrootcert", "sslcert", "sslkey"):
        settings["PG" + option.upper()] = url.query.get(option)
    return {name: str(value) for name, value in settings.items() if value}


def _plainly(said: str) -> str:
    lines = [line for line in said.splitlines() if "error" in line.lower()] or said.splitlines() or ["it breaks off"]
    return f"it does not restore: {lines[0].strip()[:200]}"


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
