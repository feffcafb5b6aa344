"""Whether a database answers a read and has room to grow."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, literal_column, select, text

from hypercare.database.database import Database
from hypercare.database.schemas import every_schema, places_of, tables_of
from hypercare.database.trouble import TooSlow, WritersWouldWait
from hypercare.outcome.finding import Row
from hypercare.outcome.found import Found
from hypercare.outcome.intake import took_in
from hypercare.outcome.signals import CheckFailed, NotCovered

_MEGABYTE = 1_000_000
_FULLEST = 0.9  # share of the connections, beyond which new people may be turned away
_TABLES_READ = 200
_LOCAL = {"", "localhost", "127.0.0.1", "::1"}
MYSQL = {"mysql", "mariadb"}


@dataclass(frozen=True)
class DatabaseLook:
    """What was found wrong, and what could not be seen, each gap with what would show it."""

    found: Found
    unseen: Sequence[NotCovered] = ()

    def require_all_seen(self) -> None:
        """Raises NotCovered when part of it could not be seen: what was not looked at does not pass."""
        if self.unseen:
            raise NotCovered(" ".join(gap.reason for gap in self.unseen), remedy=self.unseen[0].remedy)


def read_something(database: Database) -> int:
    """Read a row of each table, up to 200 of them; how many tables there are.

    Where there is none, views and foreign tables count: what they look up elsewhere may take its time.

    Raises:
        CheckFailed: a table does not give a row in time.
        NotCovered: there are tables, and our user can read none of them.
    """
    with database.snapshot() as connection, database.translating():
        schemas = list(every_schema(connection))
        tables = tables_of(connection, schemas)
        names = tables or places_of(connection, schemas)
        unread: NotCovered | None = None
        read = 0
        for name in names[:_TABLES_READ]:
            statement: Select[Any] = select(literal_column("*")).select_from(name.clause()).limit(1)
            try:
                database.rows(statement, about=f"a row of {name.words}")
                read += 1
            except TooSlow as slow:
                if not tables or isinstance(slow, WritersWouldWait):
                    unread = unread or slow
                    continue
                raise CheckFailed(replace(slow.finding, where=f"table {name.words}")) from None
            except NotCovered as gap:
                unread = unread or gap
    took_in(database.address, "tables", len(names), read)
    if unread is not None and not read:
        raise unread
    return len(names)


def short_of_room(database: Database) -> DatabaseLook:
    """Where the database stands with less than [database] room left, or is running out of connections."""
    unseen: list[NotCovered] = []
    with database.snapshot() as connection, database.translating():
        folder = folder_of(database, connection)
        rows = list(_short(database, connection, folder))
    if folder is None:
        unseen.append(_unseen_disk(database))
    if database.dialect not in {"sqlite", "postgresql", *MYSQL}:
        unseen.append(unknown_to_us(database, "How many connections are left"))
    return DatabaseLook(Found.of_rows(rows, where=database.address), unseen)


def _short(database: Database, connection: Connection, folder: Path | None) -> Iterator[Row]:
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
    elif connection.dialect.name in MYSQL:
        # Not from the list of processes, of which a user without rights sees only its own.
        used = shown_by_name(connection, "SHOW GLOBAL STATUS LIKE 'Threads_connected'").get("threads_connected", 0)
        most = shown_by_name(connection, "SHOW GLOBAL VARIABLES LIKE 'max_connections'").get("max_connections", 0)
        yield from _nearly_full(int(used), int(most))


def shown_by_name(connection: Connection, question: str) -> dict[str, str]:
    """What MySQL shows by name; a name that this version does not know is left out."""
    return {str(name).lower(): str(value) for name, value in connection.execute(text(question)).all()}


def _connections(connection: Connection, question: str) -> Iterator[Row]:
    yield from _nearly_full(*connection.execute(text(question)).one())


def _nearly_full(used: int, most: int) -> Iterator[Row]:
    if used > most * _FULLEST:
        yield {"what": "connections to the database", "used": int(used), "of": int(most)}


def folder_of(database: Database, connection: Connection) -> Path | None:
    """Where the data lies, if that is on this machine and we may know it."""
    if database.file is not None:
        return database.file.parent
    if not _is_on_this_machine(database):
        return None
    if database.dialect == "postgresql":
        place = connection.execute(text("SELECT setting FROM pg_settings WHERE name = 'data_directory'")).scalar()
    elif database.dialect in MYSQL:
        place = connection.execute(text("SELECT @@global.datadir")).scalar()
    else:
        place = None
    return Path(place) if place and _is_folder(Path(place)) else None


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False  # it may be there, but is not ours to see


def _is_on_this_machine(database: Database) -> bool:
    stated_host = database.url.host or database.url.query.get("host") or ""
    host = stated_host if isinstance(stated_host, str) else stated_host[0]
    # A path is a socket's.
    return host.startswith("/") or host.lower() in _LOCAL | {socket.gethostname().lower()}


def _unseen_disk(database: Database) -> NotCovered:
    if _is_on_this_machine(database):
        return NotCovered(
            "How much room the disk of the database has left cannot be seen.",
            remedy="Let our user read where the data lies (PostgreSQL: GRANT pg_read_all_settings), and our account see"
            " that folder.",
        )
    return NotCovered(
        f"The database stands on another host, {database.address}: how much room its disk has left cannot be seen"
        " from here.",
        remedy="Watch that disk on its own host, for instance by running this item there.",
    )


def unknown_to_us(database: Database, what: str) -> NotCovered:
    return NotCovered(f"{what} is not asked of {database.dialect}.", remedy="Let the database's own monitoring tell.")
