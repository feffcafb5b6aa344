"""The tables of a database as its own catalogue describes them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Enum, inspect, types
from sqlalchemy.engine import Inspector
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.exc import SQLAlchemyError

_NOT_THE_BUSINESS = {
    "information_schema",
    "pg_catalog",
    "pg_toast",
    "sys",
    "mysql",
    "performance_schema",
    "INFORMATION_SCHEMA",
    "guest",
    "db_owner",
}


class Type(StrEnum):
    WHOLE = "whole number"
    DECIMAL = "decimal"
    FLOAT = "float"
    TEXT = "text"
    FLAG = "flag"
    TIME = "time"
    AWARE = "time with zone"
    DATE = "date"
    OTHER = "other"


NUMBERS = {Type.WHOLE, Type.DECIMAL, Type.FLOAT}
TIMES = {Type.TIME, Type.AWARE, Type.DATE}


@dataclass(frozen=True)
class Column:
    name: str
    type: Type
    nullable: bool = True
    comment: str = ""
    declared: str = ""
    choices: tuple[str, ...] = ()


@dataclass
class Table:
    """`name` is "schema.table" outside the default schema; `references` are declared: column to (table, column).

    `select` is what makes a table that is derived from another; one that is `folded` from events is only a suggestion.
    """

    name: str
    columns: dict[str, Column]
    key: tuple[str, ...] = ()
    references: dict[str, tuple[str, str]] = field(default_factory=dict)
    unique: set[tuple[str, ...]] = field(default_factory=set)
    comment: str = ""
    select: str | None = None
    folded: bool = False

    @property
    def id(self) -> str | None:
        """The column that tells rows apart, where it is one."""
        if len(self.key) == 1:
            return self.key[0]
        return next((column[0] for column in sorted(self.unique) if len(column) == 1), None)


def read_schema(connection: Connection) -> dict[str, Table]:
    """Every table of the business, by its name. Reads the catalogue only."""
    inspector = inspect(connection)
    default = inspector.default_schema_name
    tables: dict[str, Table] = {}
    for schema in _schemas(inspector):
        for table in _tables_of(inspector, schema, None if schema == default else schema):
            tables[table.name] = table
    return tables


def _schemas(inspector: Inspector) -> list[str | None]:
    if inspector.dialect.name in {"sqlite", "mysql", "mariadb"}:
        return [inspector.default_schema_name]
    return [name for name in inspector.get_schema_names() if name not in _NOT_THE_BUSINESS and name[:3] != "db_"]


def _tables_of(inspector: Inspector, schema: str | None, prefix: str | None) -> Iterator[Table]:
    schema_name = None if prefix is None else schema
    columns = inspector.get_multi_columns(schema=schema_name)
    keys = inspector.get_multi_pk_constraint(schema=schema_name)
    foreign = inspector.get_multi_foreign_keys(schema=schema_name)
    uniques: Mapping[Any, Any] = {}
    comments: dict[Any, Any] = {}
    with suppress(NotImplementedError, SQLAlchemyError), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what it cannot reflect is of no use to us either
        uniques = inspector.get_multi_unique_constraints(schema=schema_name)
    with suppress(NotImplementedError, SQLAlchemyError):
        comments = dict(inspector.get_multi_table_comment(schema=schema_name))
    for key, found in columns.items():
        name = _named(prefix, key[1])
        if key[1].startswith("sqlite_"):
            continue
        table = Table(name, {one["name"]: _column(one) for one in found})
        primary = keys.get(key)
        table.key = tuple(primary["constrained_columns"] or ()) if primary else ()
        for one in foreign.get(key) or ():
            if len(one["constrained_columns"]) == 1:
                parent = _named(one["referred_schema"] if one["referred_schema"] else prefix, one["referred_table"])
                referred = one["referred_columns"] or [""]
                table.references[one["constrained_columns"][0]] = (parent, referred[0])
        table.unique = {tuple(one["column_names"]) for one in uniques.get(key) or () if all(one["column_names"])}
        comment = comments.get(key)
        table.comment = (comment["text"] or "") if comment else ""
        yield table


def _named(schema: str | None, table: str) -> str:
    return f"{schema}.{table}" if schema else table


def _column(found: ReflectedColumn) -> Column:
    kind = found["type"]
    choices = tuple(kind.enums) if isinstance(kind, Enum) else ()
    declared = str(kind.__class__.__name__)
    return Column(found["name"], _type_of(kind), found["nullable"], found.get("comment") or "", declared, choices)


def _type_of(kind: Any) -> Type:
    if isinstance(kind, types.Boolean):
        return Type.FLAG
    if isinstance(kind, types.DateTime | types.TIMESTAMP):
        return Type.AWARE if getattr(kind, "timezone", False) else Type.TIME
    if isinstance(kind, types.Date):
        return Type.DATE
    if isinstance(kind, types.Integer):
        # MySQL's flag is a whole number of one digit.
        return (
            Type.FLAG if kind.__class__.__name__ == "TINYINT" and getattr(kind, "display_width", 0) == 1 else Type.WHOLE
        )
    if isinstance(kind, types.Float):
        return Type.FLOAT
    if isinstance(kind, types.Numeric) or kind.__class__.__name__ in {"MONEY", "SMALLMONEY"}:
        return Type.DECIMAL
    if isinstance(kind, types.String | types.Enum | types.Uuid):
        return Type.TEXT
    return Type.OTHER
