"""Scratch databases on a server: made for one restore, always removed, and swept when a run that made one has died."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from hypercare.database.database import Database
from hypercare.database.engine import APPLICATION, CONNECT_WITHIN
from hypercare.database.scratch import PREFIX, is_forgotten, scratch_name
from hypercare.database.trouble import translated
from hypercare.extras import install_driver
from hypercare.outcome.signals import ChannelDown, MonitorFault, NotCovered
from hypercare.target_file.secrets import MissingSecret
from hypercare.target_file.sections.backups import BackupsSection

MYSQL = {"mysql", "mariadb"}
_DRIVERS = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql", "mariadb": "mysql+pymysql"}
_NAMES = {"postgresql": "SELECT datname FROM pg_database", "mysql": "SHOW DATABASES"}
_NOT_ALLOWED = ("permission denied", "access denied", "must be superuser", "must be owner")


_RIGHTS = {
    "postgresql": "Grant CREATEDB to the monitor's user.",
    "mysql": "Grant it: GRANT ALL ON `" + PREFIX.replace("_", r"\_") + "%`.* TO the monitor's user.",
}
_MAY_CREATE = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"


@dataclass(frozen=True)
class Scratch:
    """An empty database. `is_quiet` is whether our user may keep it out of what the server's copies repeat."""

    url: URL
    is_quiet: bool = False


@contextmanager
def scratch_database(section: BackupsSection, database: Database | None, kind: str) -> Iterator[Scratch]:
    """An empty database of the kind "postgresql" or "mysql" that is gone when the block ends.

    Raises:
        NotCovered: there is no such server, or our user may not create a database on it.
        MonitorFault: it could not be made or removed.
    """
    url = _server(section, database, kind)
    name = scratch_name()
    with _administration(url, kind, database) as connection:
        _require_right(connection, kind)
        if database is not None:
            database.target.hold_back("restore the backup into a scratch database")
        is_quiet = kind == "mysql" and _quietened(connection)
        _create(connection, name, kind)
        try:
            yield Scratch(url.set(database=name), is_quiet)
        finally:
            _drop(connection, name, kind)


def live_name(database: Database | None) -> str:
    """What the live database is called, "" when there is none or its address cannot be made out."""
    if database is None or database.target.config.database is None:
        return ""
    try:
        return database.url.database or ""
    except MonitorFault:
        return ""


def _server(section: BackupsSection, database: Database | None, kind: str) -> URL:
    own = _own_server(section)
    if own is not None and _kind_of(own) == kind:
        if database is not None and own.password:
            database.target.redactor.learn([own.password])
        return own.set(drivername=_DRIVERS[kind])
    if own is None and database is not None and database.target.config.database is not None:
        url = database.url
        if _kind_of(url) == kind:
            return url.set(drivername=_DRIVERS[kind])
    words = {"postgresql": "PostgreSQL", "mysql": "MySQL"}[kind]
    raise NotCovered(
        f"there is no {words} server to restore into",
        remedy="Name one as [backups] scratch on which our user may create and drop databases.",
    )


def _own_server(section: BackupsSection) -> URL | None:
    if section.scratch is None:
        return None
    try:
        url = make_url(section.scratch)
        return url if section.scratch_password is None else url.set(password=section.scratch_password.resolve())
    except (ArgumentError, ValueError):
        raise MonitorFault(
            "the address of the scratch server cannot be understood", remedy="Correct [backups] scratch."
        ) from None
    except MissingSecret as missing:
        raise MonitorFault(str(missing), remedy="Give the secret that [backups] scratch_password names.") from None


def _kind_of(url: URL) -> str:
    return "mysql" if url.get_backend_name() in MYSQL else url.get_backend_name()


@contextmanager
def _administration(url: URL, kind: str, database: Database | None) -> Iterator[Connection]:
    named = "application_name" if kind == "postgresql" else "program_name"
    options = {"connect_timeout": int(CONNECT_WITHIN.total_seconds()), named: APPLICATION}
    # Any database of the server will do; one that is being restored over or gone must not keep us out.
    plain = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=options)
    try:
        connection = plain.connect()
    except DBAPIError as error:
        signal = translated(error.orig or error, url, timeout=CONNECT_WITHIN)
        if database is not None and database.target.config.backups and database.target.config.backups.scratch:
            words = signal.finding.sentence if isinstance(signal, ChannelDown) else str(signal)
            raise MonitorFault(f"the scratch server does not let us in ({words})", remedy="Look at it.") from None
        raise signal from None
    except ImportError as error:
        raise NotCovered(f"the driver of {kind} is not installed ({error})", remedy=install_driver(kind)) from None
    try:
        yield connection
    finally:
        connection.close()
        plain.dispose()


def _create(connection: Connection, name: str, kind: str) -> None:
    try:
        left = [str(one) for one in connection.execute(text(_NAMES[kind])).scalars().all()]
        for forgotten in filter(is_forgotten, left):
            _drop(connection, forgotten, kind)
        if kind == "mysql":
            connection.execute(text(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4"))
        else:
            connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE template0'))
    except SQLAlchemyError as error:
        if any(words in str(error).lower() for words in _NOT_ALLOWED):
            raise _no_right(kind) from None
        raise MonitorFault(
            f"a scratch database could not be made ({_first_line(error)})",
            remedy="See whether the server has room for one more copy of the database.",
        ) from None


def _require_right(connection: Connection, kind: str) -> None:
    """MySQL tells only by refusing."""
    if kind == "postgresql" and not connection.execute(text(_MAY_CREATE)).scalar():
        raise _no_right(kind)


def _no_right(kind: str) -> NotCovered:
    return NotCovered("our user may not create a scratch database for the trial restore", remedy=_RIGHTS[kind])


def _quietened(connection: Connection) -> bool:
    try:
        connection.execute(text("SET SESSION sql_log_bin = 0"))
    except DBAPIError:
        return False
    return True


def _drop(connection: Connection, name: str, kind: str) -> None:
    statement = (
        f"DROP DATABASE IF EXISTS `{name}`" if kind == "mysql" else f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'
    )
    try:
        connection.execute(text(statement))
    except SQLAlchemyError as error:
        raise MonitorFault(f"the scratch database {name} could not be removed ({_first_line(error)})") from None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
