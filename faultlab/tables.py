"""The embedded system's database as the lab writes to it: past the application and past every declared rule."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, Row, create_engine, event, inspect, make_url, text
from sqlalchemy.pool import NullPool

from faultlab.originals import Originals
from faultlab.problem import LabProblem


class Tables:
    """SQLite or PostgreSQL. Every change of rows is noted in the originals before it is made.

    Conditions and assignments are SQL text with :names for the values that are given. Values are the driver's own:
    instants as `Scene.instant` makes them.
    """

    def __init__(self, url: str, originals: Originals) -> None:
        self._url = make_url(url)
        self._originals = originals

    @property
    def file(self) -> Path:
        """The file of an SQLite database. Raises LabProblem for any other."""
        if self._url.get_backend_name() != "sqlite" or not self._url.database:
            raise LabProblem("this fault needs a database that is a file")
        return Path(self._url.database)

    @cached_property
    def engine(self) -> Engine:
        """Without a pool and never making a missing file, so that it always is the database of this moment."""
        if self._url.get_backend_name() != "sqlite":
            engine = create_engine(self._url, poolclass=NullPool)
            event.listen(engine, "connect", _unruled_postgresql)
            return engine
        address = f"file:{quote(str(self.file))}?mode=rw"
        engine = create_engine(
            self._url, creator=lambda: sqlite3.connect(address, uri=True, timeout=15), poolclass=NullPool
        )
        event.listen(engine, "connect", _unruled_sqlite)
        return engine

    def rows(self, question: str, /, **values: Any) -> Sequence[Row[Any]]:
        with self.engine.connect() as connection:
            return connection.execute(text(question), values).all()

    def one(self, question: str, /, **values: Any) -> Row[Any]:
        """The first row. Raises LabProblem when the system holds nothing of the kind."""
        found = self.rows(question, **values)
        if not found:
            raise LabProblem("the system holds no record of the kind that this fault needs")
        return found[0]

    def change(self, table: str, to: str, where: str, **values: Any) -> int:
        """Set columns of the rows that a condition chooses; how many they were.

        Raises LabProblem when there are none.
        """
        with self.engine.begin() as connection:
            rows = self._chosen(connection, table, where, values)
            self._note("rows changed", table, rows)
            connection.execute(text(f"UPDATE {table} SET {to} WHERE {where}"), values)
        return len(rows)

    def delete(self, table: str, where: str, **values: Any) -> int:
        """Delete the rows that a condition chooses; how many they were. Raises LabProblem as `change` does."""
        with self.engine.begin() as connection:
            rows = self._chosen(connection, table, where, values)
            self._note("rows deleted", table, rows)
            connection.execute(text(f"DELETE FROM {table} WHERE {where}"), values)
        return len(rows)

    def add(self, table: str, /, **values: Any) -> int:
        """Add a row under the next free id."""
        with self.engine.begin() as connection:
            number = int(connection.execute(text(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")).scalar_one())
            row = {"id": number, **values}
            self._note("rows added", table, [{"id": number}])
            _insert(connection, table, row)
        return number

    def copy(self, table: str, number: int, /, **different: Any) -> int:
        """Add a copy of the row with this id under the next free one, with some columns different."""
        with self.engine.connect() as connection:
            (row,) = self._chosen(connection, table, "id = :number", {"number": number})
        return self.add(table, **{key: value for key, value in {**row, **different}.items() if key != "id"})

    def run(self, statement: str, back: str) -> None:
        """Change what the tables are; `back` is the statement that makes them again what they were."""
        self._originals.note("tables changed", back=back)
        with self.engine.begin() as connection:
            connection.execute(text(statement))

    def rebuild(self, table: str, statement: str, back: str) -> None:
        """Make a table of SQLite anew by a CREATE statement, with all its rows; `back` is the one it had."""
        self._originals.note("tables rebuilt", table=table, back=back)
        with self.engine.begin() as connection:
            _rebuild(connection, table, statement)

    def undo(self, kind: str, change: Mapping[str, Any]) -> None:
        """Bring rows, or the tables themselves, back to what they were."""
        if kind == "tables rebuilt":
            with self.engine.begin() as connection:
                _rebuild(connection, change["table"], change["back"])
            return
        if kind == "tables changed":
            with self.engine.begin() as connection:
                connection.execute(text(change["back"]))
            return
        table, rows = change["table"], change["rows"]
        keys = self._key(table)
        with self.engine.begin() as connection:
            for row in reversed(rows):
                here = " AND ".join(f"{key} = :{key}" for key in keys)
                if kind != "rows changed":
                    connection.execute(text(f"DELETE FROM {table} WHERE {here}"), row)
                if kind == "rows deleted":
                    _insert(connection, table, row)
                if kind == "rows changed":
                    columns = ", ".join(f"{column} = :{column}" for column in row if column not in keys)
                    connection.execute(text(f"UPDATE {table} SET {columns} WHERE {here}"), _plain(row))

    def close(self) -> None:
        if "engine" in self.__dict__:
            self.engine.dispose()

    def _chosen(
        self, connection: Connection, table: str, where: str, values: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        found = connection.execute(text(f"SELECT * FROM {table} WHERE {where}"), values).mappings()
        rows = [dict(row) for row in found]
        if not rows:
            raise LabProblem("the system holds no record of the kind that this fault needs")
        return rows

    def _note(self, kind: str, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        self._originals.note(kind, table=table, rows=rows)

    def _key(self, table: str) -> list[str]:
        return list(inspect(self.engine).get_pk_constraint(table)["constrained_columns"])


def _rebuild(connection: Connection, table: str, statement: str) -> None:
    """Make an SQLite table anew by this statement, with the same rows and indexes."""
    connection.exec_driver_sql("PRAGMA legacy_alter_table=ON")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    found = connection.execute(
        text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :table AND sql IS NOT NULL"),
        {"table": table},
    ).all()
    for index in found:
        connection.exec_driver_sql(f"DROP INDEX {index.name}")
    connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {table}_before")
    connection.exec_driver_sql(statement)
    connection.exec_driver_sql(f"INSERT INTO {table} SELECT * FROM {table}_before")
    connection.exec_driver_sql(f"DROP TABLE {table}_before")
    for index in found:
        connection.exec_driver_sql(index.sql)


def _insert(connection: Connection, table: str, row: Mapping[str, Any]) -> None:
    names = ", ".join(row)
    places = ", ".join(f":{name}" for name in row)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({places})"), _plain(row))


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """JSON columns are read as objects by some drivers, and written as text by all."""
    return {key: json.dumps(value) if isinstance(value, dict | list) else value for key, value in row.items()}


def _unruled_sqlite(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("PRAGMA ignore_check_constraints=ON")


def _unruled_postgresql(connection: Any, _record: Any) -> None:
    """Foreign keys are triggers there, which a replica does not fire; only a superuser may say that he is one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser')")
        if cursor.fetchone()[0] == "on":
            cursor.execute("SET session_replication_role = replica")
    connection.commit()
