"""Whether a database has room to grow and may still be written, told without writing to it."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, inspect, literal_column, select, table, text

from hypercare.target.database import Database
from hypercare.target.listed import Listed, Row, listed

_MEGABYTE = 1_000_000
_FULLEST = 0.9  # share of the connections, beyond which new people may be turned away
_TABLES_READ = 200
_LOCAL = {None, "", "localhost", "127.0.0.1", "::1"}


def read_something(database: Database) -> int:
    """Read a row of each table, up to 200 of them; how many tables there are."""
    with database.snapshot() as connection, database.translating():
        names = inspect(connection).get_table_names()
        for name in names[:_TABLES_READ]:
            connection.execute(select(literal_column("*")).select_from(table(name)).limit(1)).all()
    return len(names)


def short_of_room(database: Database) -> Listed:
    """Where the database stands with less than [database] room left, or is running out of connections."""
    with database.snapshot() as connection, database.translating():
        rows = list(_short(database, connection))
    return listed(rows, source=database.address)


def kept_from_writing(database: Database) -> Listed:
    """What would make the application's next write fail, as far as it can be seen."""
    if database.file is not None:
        return listed(_read_only_file(database.file), source=database.address)
    with database.snapshot() as connection, database.translating():
        rows = list(_read_only_server(connection))
    return listed(rows, source=database.address)


def _short(database: Database, connection: Connection) -> Iterator[Row]:
    folder = _folder_of(database, connection)
    if folder is not None:
        free = shutil.disk_usage(folder).free // _MEGABYTE
        if free < database.section.room:
            yield {"what": "disk of the database", "free_mb": free, "wanted_mb": database.section.room}
    if connection.dialect.name == "postgresql":
        yield from _connections(
            connection,
            "SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),"
            " current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int",
        )
    elif connection.dialect.name in {"mysql", "mariadb"}:
        yield from _connections(
            connection, "SELECT (SELECT count(*) FROM information_schema.processlist), @@global.max_connections"
        )


def _connections(connection: Connection, question: str) -> Iterator[Row]:
    used, most = connection.execute(text(question)).one()
    if used > most * _FULLEST:
        yield {"what": "connections to the database", "used": int(used), "of": int(most)}


def _folder_of(database: Database, connection: Connection) -> Path | None:
    """Where the data lies, if that is on this machine and we may know it."""
    if database.file is not None:
        return database.file.parent
    if database.dialect != "postgresql" or database.url.host not in _LOCAL:
        return None
    place = connection.execute(text("SELECT setting FROM pg_settings WHERE name = 'data_directory'")).scalar()
    return Path(place) if place and Path(place).is_dir() else None


def _read_only_file(file: Path) -> Iterator[Row]:
    try:
        mode = file.stat().st_mode
        mounted_read_only = bool(os.statvfs(file.parent).f_flag & os.ST_RDONLY)
    except OSError:
        return  # a file that is gone is told by the way in itself
    # The owner's rights count, not ours: the monitor should not be able to write here at all.
    if not mode & stat.S_IRUSR:
        yield {"what": file.name, "trouble": "its owner may not read it"}
    elif not mode & stat.S_IWUSR:
        yield {"what": file.name, "trouble": "it is read-only"}
    if mounted_read_only:
        yield {"what": str(file.parent), "trouble": "its disk is mounted read-only"}


def _read_only_server(connection: Connection) -> Iterator[Row]:
    if connection.dialect.name == "postgresql":
        # Our own session is read-only by our own wish; the value behind it is the server's.
        default = connection.execute(
            text("SELECT reset_val FROM pg_settings WHERE name = 'default_transaction_read_only'")
        ).scalar()
        if default == "on":
            yield {"what": "the server", "trouble": "every new transaction is read-only"}
    elif connection.dialect.name in {"mysql", "mariadb"} and connection.execute(
        text("SELECT @@global.read_only")
    ).scalar() not in {0, "0", "OFF"}:
        yield {"what": "the server", "trouble": "it is set to read-only"}
