"""What an engine tells of the tables of some schemas, each table by its name as people say it."""

from __future__ import annotations

import re
import warnings
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import SAWarning

from hypercare.database.schemas import TableName, tables_of

# Tools that change a table while it is in use, or copy it elsewhere, put triggers on it and take them away again.
_COME_AND_GO = re.compile(r"(?:pt_osc_|_?gho_|repack_trigger|_?lhm|sym_on_|pglogical|bucardo|ts_)", re.IGNORECASE)
_TRIGGERS = {
    "sqlite": "SELECT NULL, tbl_name, name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": """SELECT n.nspname, r.relname, t.tgname FROM pg_trigger t JOIN pg_class r ON r.oid = t.tgrelid
        JOIN pg_namespace n ON n.oid = r.relnamespace WHERE NOT t.tgisinternal""",
    "mysql": "SELECT event_object_schema, event_object_table, trigger_name FROM information_schema.triggers",
}
_CHECKS_OF_DOMAINS = text(
    """SELECT n.nspname, r.relname, a.attname, d.typname, pg_get_constraintdef(c.oid)
       FROM pg_attribute a JOIN pg_class r ON r.oid = a.attrelid JOIN pg_namespace n ON n.oid = r.relnamespace
         JOIN pg_type d ON d.oid = a.atttypid JOIN pg_constraint c ON c.contypid = d.oid
       WHERE d.typtype = 'd' AND a.attnum > 0 AND NOT a.attisdropped AND r.relkind IN ('r', 'p')
         AND c.contype = 'c'"""
)


class Reflected:
    """Asked once for each kind; a table that is cut into parts is told of once."""

    def __init__(self, connection: Connection, schemas: Collection[str | None]) -> None:
        self._connection = connection
        self._inspector = inspect(connection)
        self._schemas = schemas
        self._tables = set(tables_of(connection, schemas))

    def definitions(self, kind: str) -> Iterator[tuple[str, Any]]:
        """By table, what the engine tells of "columns", "indexes", ...; nothing where it cannot."""
        reflect = getattr(self._inspector, f"get_multi_{kind}")
        for schema in self._schemas:
            try:
                with warnings.catch_warnings():
                    # Of indexes of an expression, which are no rule about columns.
                    warnings.simplefilter("ignore", SAWarning)
                    found = reflect(schema=schema)
            except NotImplementedError:
                return
            for (_, table), words in found.items():
                name = TableName(schema, str(table))
                if name in self._tables:
                    yield name.words, words

    def triggers(self) -> Iterator[tuple[str, str]]:
        """By table, the names of the triggers that somebody wrote to stay."""
        kind = self._connection.dialect.name
        question = _TRIGGERS.get("mysql" if kind == "mariadb" else kind)
        for schema, table, name in self._connection.execute(text(question)) if question else ():
            place = self._name(schema, table)
            if place in self._tables and not _COME_AND_GO.match(str(name)):
                yield place.words, str(name)

    def checks_of_domains(self) -> Iterator[tuple[str, str, str, str]]:
        """Table, column, domain and condition of each check that a column has by its domain."""
        if self._connection.dialect.name != "postgresql":
            return
        for schema, table, column, domain, condition in self._connection.execute(_CHECKS_OF_DOMAINS):
            place = self._name(schema, table)
            if place in self._tables:
                yield place.words, str(column), str(domain), str(condition)

    def _name(self, schema: object, table: object) -> TableName:
        is_default = schema is None or str(schema) == self._inspector.default_schema_name
        return TableName(None if is_default else str(schema), str(table))
