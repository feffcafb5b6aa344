"""An export of the target's database as Parquet files, which DuckDB reads here: the database itself does nothing.

It may be a little old and made in a way of its own, so it is never believed alone: what looks wrong in it is asked of
the database again, and what it lacks is not covered.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Engine, Executable, Select, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from hypercare.database.column_types import ColumnType
from hypercare.database.database import Database, Row, tables_in
from hypercare.database.parquet_files import ExportedFiles, ExportedTable, exported_files
from hypercare.database.schemas import TableName
from hypercare.extras import install
from hypercare.outcome.durations import rounded_duration
from hypercare.outcome.signals import NotCovered, Signal
from hypercare.target_file.target import Target

# A guest on our own machine: one core, and no more memory than a round may take.
_SETTINGS = {"threads": 1, "memory_limit": "512MB", "max_temp_directory_size": "4GB"}
_EXTRA = "duckdb"
_OF_OUR_WORDS = {"BinderException", "ConversionException", "NotImplementedException", "ParserException"}
# How DuckDB's types are called by PostgreSQL, as far as it matters.
_TYPES = {
    "BIGINT": "int8",
    "INTEGER": "int4",
    "SMALLINT": "int2",
    "HUGEINT": "int8",
    "VARCHAR": "text",
    "UUID": "uuid",
    "BOOLEAN": "bool",
}


class NotUnderstood(NotCovered):
    """DuckDB reads SQL of this kind in another way than the database; what is asked so is asked of that alone."""


class Export(Database):
    """Asked as the database is; whatever goes wrong with it is NotCovered and no outage."""

    def __init__(self, target: Target, place: str) -> None:
        super().__init__(target)
        self._place = place

    @property
    def engine(self) -> Engine:
        if self._engine is None:
            self._engine = _engine(self._files, str(self.target.state / "export-spill"))
        return self._engine

    @property
    def url(self) -> URL:
        return make_url("duckdb:///:memory:")

    @property
    def address(self) -> str:
        return self._place

    @cached_property
    def _files(self) -> ExportedFiles:
        return exported_files(self._place)

    def written(self, *tables: TableName) -> datetime:
        """As of when these tables were exported, that which was first; of all tables where none is named.

        Raises:
            NotCovered: one of them is not there, or older than the target file allows.
        """
        tables = tables or tuple(self._files.tables)
        oldest = min(self._exported(one).written for one in tables)
        age = datetime.now(UTC) - oldest
        if age > self.section.export_behind:
            raise NotCovered(
                f"The export of {', '.join(one.words for one in tables)} at {self._place} is {rounded_duration(age)}"
                " old, more than the target file allows ([database] export_behind).",
                remedy="See why no newer one was made, or raise [database] export_behind.",
            )
        return oldest

    @property
    def tables(self) -> int:
        """How many it has."""
        return len(self._files.tables)

    def _exported(self, table: TableName) -> ExportedTable:
        for name in (table, TableName(None, table.name)):
            if name in self._files.tables:
                return self._files.tables[name]
        raise NotCovered(
            f"The export at {self._place} has no table {table.words}.",
            remedy=f"Export it as {table.words}.parquet, or as files in a folder {table.words}.",
        )

    def trouble_with(self, statement: Select[Any]) -> Signal | None:
        try:
            self.rows(statement.where(text("1 = 0")), about="a plan")
        except Signal as signal:
            return signal
        return None

    def types_of(self, statement: Select[Any]) -> Mapping[str, ColumnType]:
        with self.snapshot() as connection, self.translating(statement):
            sql = statement.compile(connection.engine, compile_kwargs={"literal_binds": True})
            described = connection.exec_driver_sql(f"DESCRIBE {sql}").all()
        return {str(name): ColumnType(_TYPES.get(str(kind), str(kind).lower())) for name, kind, *_ in described}

    def rows(self, statement: Executable, *, about: str = "") -> Sequence[Row]:
        with self.snapshot() as connection, self._in_time(connection), self.translating(statement):
            return [dict(row) for row in connection.execute(statement).mappings()]

    @contextmanager
    def _in_time(self, connection: Connection) -> Iterator[None]:
        raw: Any = connection.connection.driver_connection
        timer = threading.Timer(self.section.timeout.total_seconds(), raw.interrupt)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    @property
    def _copy_to_ask(self) -> Database | None:
        return None

    def _signal(self, error: Exception, statement: Executable | None, connected: bool) -> Signal:
        original = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
        about, kind = "" if statement is None else tables_in(statement), type(original).__name__
        words = str(original).partition("\n")[0]
        what = f"The export at {self._place} does not say what is asked of {about or 'it'}"
        lacks_it = "Referenced column" in words or "does not have a column" in words
        if (kind in _OF_OUR_WORDS and not lacks_it) or "Function with name" in words:
            return NotUnderstood(f"{what}: {words}", remedy="Export its columns under their names, with their types.")
        return NotCovered(f"{what}: {words}", remedy="Mend the export, or leave out [database] scan_from.")


def export_of(database: Database) -> Export | None:
    """The one that the target file names, to be closed with the database; None where it names none."""
    if database.target.config.database is None or database.section.scan_from is None:
        return None
    if not isinstance(database.export, Export):
        database.export = Export(database.target, database.section.scan_from)
    return database.export


def _engine(files: ExportedFiles, spill: str) -> Engine:
    try:
        import duckdb
        import duckdb_engine  # noqa: F401 - tells SQLAlchemy how DuckDB speaks
    except ImportError:
        raise NotCovered(
            "an export is read by DuckDB, which is not installed here", remedy=f"Install it: {install(_EXTRA)}."
        ) from None
    config = {**_SETTINGS, "temp_directory": spill, "autoinstall_known_extensions": False}
    engine = create_engine("duckdb:///:memory:", connect_args={"config": config}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _show_tables(connection: Any, _: Any) -> None:
        connection.execute("SET TimeZone = 'UTC'")
        if files.file_system is not None:
            connection.register_filesystem(files.file_system)
        for name, table in files.tables.items():
            _show(connection, name, table)
            if name.schema is not None and TableName(None, name.name) not in files.tables:
                _show(connection, TableName(None, name.name), table)
        if files.file_system is None:
            shown = ", ".join(_quoted(file) for table in files.tables.values() for file in table.files)
            connection.execute(f"SET allowed_paths = [{shown}]")
            connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")

    @event.listens_for(engine, "before_cursor_execute")
    def _only_read(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        kinds = {one.type for one in duckdb.extract_statements(statement)}
        if not kinds <= {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN, duckdb.StatementType.RELATION}:
            raise NotUnderstood("An export is only read, and this question would do more.")

    return engine


def _show(connection: Any, name: TableName, table: ExportedTable) -> None:
    files = ", ".join(_quoted(file) for file in table.files)
    place = ".".join(f'"{part.replace(chr(34), chr(34) * 2)}"' for part in (name.schema, name.name) if part)
    if name.schema is not None:
        connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{name.schema}"')
    with suppress(Exception):  # a file that is damaged or still being written is missed by whoever asks for its table
        connection.execute(f"CREATE VIEW {place} AS SELECT * FROM read_parquet([{files}], union_by_name = true)")


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
