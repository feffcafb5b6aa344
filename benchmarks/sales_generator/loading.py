"""Getting lines into a database fast: COPY, LOAD DATA or bulk inserts; keys and indexes where they cost least."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, ForeignKeyConstraint, Index, Table, UniqueConstraint, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.schema import AddConstraint, CreateIndex, DropConstraint, DropIndex

from benchmarks.sales_generator.rows import COLUMNS, NULL, Lines
from demo_erp.schema import Base

TABLES: dict[str, Table] = {name: Base.metadata.tables[name] for name in COLUMNS}
Rows = tuple[str, str]
"""A table and a condition on its rows."""


class Loader(Protocol):
    """A way of one engine to take lines in."""

    def load(self, parts: Iterable[Lines], *, new: bool, instead_of: Sequence[Rows] = ()) -> None:
        """`new` also makes the tables, and the indexes afterwards; `instead_of` is deleted before."""


def loader_for(url: str) -> Loader:
    made = make_url(url)
    kinds: dict[str, type[PostgresLoader] | type[MariaDbLoader] | type[SqliteLoader]] = {
        "postgresql": PostgresLoader,
        "mysql": MariaDbLoader,
        "mariadb": MariaDbLoader,
        "sqlite": SqliteLoader,
    }
    return kinds[made.get_backend_name()](made)


class PostgresLoader:
    """COPY without keys but the primary ones, then the rest, then VACUUM ANALYZE."""

    def __init__(self, url: URL) -> None:
        self.engine = create_engine(url.set(drivername="postgresql+psycopg"))

    def load(self, parts: Iterable[Lines], *, new: bool, instead_of: Sequence[Rows] = ()) -> None:
        if new:
            with self.engine.begin() as connection:
                Base.metadata.create_all(connection)
                _each(connection, DropConstraint, _foreign_keys())
                _each(connection, DropConstraint, _unique())
                _each(connection, DropIndex, _indexes())
        with self.engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            raw.execute("SET TIME ZONE 'UTC'")
            raw.execute("SET session_replication_role = replica")
            for table, which in instead_of:
                raw.execute(f"DELETE FROM {table} WHERE {which}")
            for lines in parts:
                for table in lines:
                    if lines[table]:
                        with raw.cursor().copy(f"COPY {table} ({_listed(table)}) FROM STDIN") as copy:
                            copy.write("\n".join(lines[table]) + "\n")
                raw.commit()
        if new:
            self._finish()
        self._count_on()
        self.engine.dispose()

    def _finish(self) -> None:
        for made, ones in ((CreateIndex, _indexes()), (AddConstraint, _unique()), (AddConstraint, _foreign_keys())):
            for one in ones:
                with self.engine.begin() as connection:
                    connection.exec_driver_sql("SET maintenance_work_mem = '512MB'")
                    _each(connection, made, [one])
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")

    def _count_on(self) -> None:
        """The sequences go on behind what was filled in."""
        with self.engine.begin() as connection:
            for name, table in TABLES.items():
                if "id" in table.c:
                    sequence = f"pg_get_serial_sequence('{name}', 'id')"
                    connection.exec_driver_sql(f"SELECT setval({sequence}, max(id)) FROM {name}")


class MariaDbLoader:
    """LOAD DATA from a file for each table and part."""

    def __init__(self, url: URL) -> None:
        self.engine = create_engine(url.set(drivername="mysql+pymysql"), connect_args={"local_infile": True})

    def load(self, parts: Iterable[Lines], *, new: bool, instead_of: Sequence[Rows] = ()) -> None:
        if new:
            Base.metadata.create_all(self.engine)
        with tempfile.TemporaryDirectory() as folder, self.engine.connect() as connection:
            for setting in ("foreign_key_checks", "unique_checks"):
                connection.exec_driver_sql(f"SET {setting} = 0")
            for table, which in instead_of:
                connection.exec_driver_sql(f"DELETE FROM {table} WHERE {which}")
            for lines in parts:
                for table in lines:
                    file = Path(folder) / f"{table}.tsv"
                    file.write_text("\n".join(lines[table]) + "\n" if lines[table] else "", encoding="utf-8")
                    connection.exec_driver_sql(
                        f"LOAD DATA LOCAL INFILE '{file}' INTO TABLE {table} CHARACTER SET utf8mb4 ({_listed(table)})"
                    )
                connection.commit()
            for table in TABLES if new else ():
                connection.exec_driver_sql(f"ANALYZE TABLE {table}")
        self.engine.dispose()


class SqliteLoader:
    """One transaction without a journal; the columns' affinities make numbers of what are numbers."""

    def __init__(self, url: URL) -> None:
        assert url.database
        self.file, self.url = Path(url.database), url

    def load(self, parts: Iterable[Lines], *, new: bool, instead_of: Sequence[Rows] = ()) -> None:
        if new:
            engine = create_engine(self.url)
            with engine.begin() as connection:
                Base.metadata.create_all(connection)
                _each(connection, DropIndex, _indexes())
            engine.dispose()
        with _unguarded(self.file) as raw:
            for table, which in instead_of:
                raw.execute(f"DELETE FROM {table} WHERE {which}")
            for lines in parts:
                for table in lines:
                    marks = ", ".join("?" * len(COLUMNS[table].split()))
                    raw.executemany(
                        f"INSERT INTO {table} ({_listed(table)}) VALUES ({marks})",
                        ([None if word == NULL else word for word in line.split("\t")] for line in lines[table]),
                    )
            raw.commit()
        if new:
            engine = create_engine(self.url)
            with engine.begin() as connection:
                _each(connection, CreateIndex, _indexes())
                connection.exec_driver_sql("ANALYZE")
            engine.dispose()


@contextmanager
def _unguarded(file: Path) -> Iterator[sqlite3.Connection]:
    raw = sqlite3.connect(file)
    try:
        for setting in ("synchronous = OFF", "journal_mode = OFF", "foreign_keys = OFF", "cache_size = -400000"):
            raw.execute(f"PRAGMA {setting}")
        yield raw
        raw.execute("PRAGMA journal_mode = DELETE")
    finally:
        raw.close()


def engine_of(url: str) -> Engine:
    """An engine with the driver that the loaders use."""
    made = make_url(url)
    drivers = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql", "mariadb": "mysql+pymysql"}
    return create_engine(made.set(drivername=drivers.get(made.get_backend_name(), made.drivername)))


def _listed(table: str) -> str:
    return ", ".join(COLUMNS[table].split())


def _foreign_keys() -> list[ForeignKeyConstraint]:
    return [one for t in TABLES.values() for one in t.constraints if isinstance(one, ForeignKeyConstraint)]


def _unique() -> list[UniqueConstraint]:
    return [one for t in TABLES.values() for one in t.constraints if isinstance(one, UniqueConstraint)]


def _indexes() -> list[Index]:
    return [index for table in TABLES.values() for index in table.indexes]


def _each(connection: Connection, element: Callable[..., Any], ones: Iterable[Any]) -> None:
    for one in ones:
        extra = {"isolate_from_table": False} if element in (AddConstraint, DropConstraint) else {}
        connection.execute(element(one, **extra))
