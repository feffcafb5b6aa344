"""Which tables of a database are the business's: those of the session's own schemas, and of all that the mapping names.

A system may keep its tables in schemas of their own (or, on MySQL, in several databases); what looks only where an
unqualified name leads would see none of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Connection, TableClause, column, inspect, table, text

from hypercare.target_file.mapping import MappingConfig

_WITH_SCHEMAS = {"postgresql", "mysql", "mariadb", "mssql", "oracle"}
_OWN_ON_POSTGRESQL = text("SELECT unnest(current_schemas(false))")
_READABLE_ON_POSTGRESQL = text(
    """SELECT nspname FROM pg_namespace WHERE has_schema_privilege(oid, 'USAGE')
       AND nspname !~ '^pg_' AND nspname <> 'information_schema'"""
)
# A table that is cut into parts is one table: its parts are read, compared and counted with it.
_PARTS_ON_POSTGRESQL = text(
    """SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relispartition AND c.relkind IN ('r', 'p')"""
)
_OF_THE_SERVER = {"information_schema", "mysql", "performance_schema", "sys"}
_BEFORE_A_DOT = re.compile(r"[\"`\[]?([^\W\d][\w$]*)[\"`\]]?\s*\.\s*[\"`\[]?[^\W\d]")


@dataclass(frozen=True, order=True)
class TableName:
    """A table; `schema` is None in the schema that an unqualified name leads to."""

    schema: str | None
    name: str

    @property
    def words(self) -> str:
        return self.name if self.schema is None else f"{self.schema}.{self.name}"

    def clause(self, *columns: str) -> TableClause:
        """For a question."""
        return table(self.name, *(column(name) for name in columns), schema=self.schema)


def schemas_of(connection: Connection, mapping: MappingConfig) -> list[str | None]:
    """The session's own schemas and those that the mapping names, as far as our user may use them. None is the default.

    Where the search path leads through several, all of them are the session's own.
    """
    kind = connection.dialect.name
    if kind not in _WITH_SCHEMAS:
        return [None]
    readable = _readable_schemas(connection)
    default = inspect(connection).default_schema_name
    named = sorted(name for name in readable if name in set(_named(mapping, readable)))
    own = list(connection.execute(_OWN_ON_POSTGRESQL).scalars()) if kind == "postgresql" else []
    return [None, *dict.fromkeys(name for name in (*own, *named) if name != default)]


def real_names(connection: Connection, schemas: Iterable[str | None]) -> list[str]:
    """The schemas with the default one by its name, as the engine's own catalogue has them."""
    default = str(inspect(connection).default_schema_name)
    return [default if schema is None else schema for schema in schemas]


def every_schema(connection: Connection) -> list[str | None]:
    """All schemas that our user may use and that are not the server's own; on MySQL, its database."""
    if connection.dialect.name != "postgresql":
        return [None]
    default = inspect(connection).default_schema_name
    return [None, *(name for name in sorted(_readable_schemas(connection)) if name != default)]


def tables_of(connection: Connection, schemas: Iterable[str | None]) -> list[TableName]:
    """The tables of these schemas, in their order; one that is cut into parts is there once."""
    inspector = inspect(connection)
    default, parts = inspector.default_schema_name, set[tuple[str, str]]()
    if connection.dialect.name == "postgresql":
        parts = {(str(schema), str(name)) for schema, name in connection.execute(_PARTS_ON_POSTGRESQL)}
    return [
        TableName(schema, name)
        for schema in schemas
        for name in sorted(inspector.get_table_names(schema=schema))
        if (schema or default, name) not in parts and not name.startswith("sqlite_")
    ]


def places_of(connection: Connection, schemas: Iterable[str | None]) -> list[TableName]:
    """Whatever can be read there without being a table of this database: views, kept ones too, and foreign tables."""
    inspector = inspect(connection)
    listings = [inspector.get_view_names, inspector.get_materialized_view_names]
    if connection.dialect.name == "postgresql":
        listings.append(inspector.get_foreign_table_names)  # type: ignore[attr-defined]
    found = {(schema, name): None for schema in schemas for names in listings for name in _named_by(names, schema)}
    return [TableName(*one) for one in found]


def _named_by(names: Callable[..., list[str]], schema: str | None) -> list[str]:
    with suppress(NotImplementedError):
        return sorted(names(schema=schema))
    return []


def _readable_schemas(connection: Connection) -> set[str]:
    if connection.dialect.name == "postgresql":
        return {str(name) for name in connection.execute(_READABLE_ON_POSTGRESQL).scalars()}
    return {name for name in inspect(connection).get_schema_names() if name.lower() not in _OF_THE_SERVER}


def _named(mapping: MappingConfig, schemas: Collection[str]) -> Iterator[str]:
    """What stands before a dot: in the names of tables for sure, in a select where there is such a schema."""
    agreed = mapping.agreed
    entities = list(mapping.mapped_entities().values())
    tables = [one.table for one in entities if one.table] + [rule.table for rule in agreed.rules]
    tables += [one.branches.table for one in entities if one.branches and one.branches.table]
    tables += [place.rpartition(".")[0] for one in agreed.references for place in (one.child, one.parent)]
    yield from (name.rpartition(".")[0] for name in tables)
    for one in entities:
        written = [
            one.select or "",
            one.where or "",
            (one.branches and one.branches.select) or "",
            *(column.sql or "" for column in one.columns.values()),
        ]
        yield from (name for part in written for name in _BEFORE_A_DOT.findall(part) if name in schemas)
