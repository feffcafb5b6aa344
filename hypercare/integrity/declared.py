"""What a schema declares, read by reflection: tables, their checks, required columns, keys and references."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Inspector, inspect, text
from sqlalchemy.engine.interfaces import ReflectedForeignKeyConstraint
from sqlalchemy.types import Double, Float, Integer, Numeric

from hypercare.database.schemas import TableName

_OPENS_STRING = {"'": "'", '"': '"', "`": "`", "[": "]"}


@dataclass(frozen=True)
class Check:
    """A rule that every row of a table must hold: an SQL condition, and its name where it has one."""

    name: str
    condition: str


@dataclass(frozen=True)
class Reference:
    """Columns of `table` that point to columns of `parent`. `agreed` ones are relied on but not declared.

    With a `prefix` ("sale.line,") the one column holds text, in which the key follows it.
    """

    table: str
    columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...]
    schema: str | None = None
    parent_schema: str | None = None
    where: str | None = None
    prefix: str | None = None
    agreed: bool = False

    @property
    def child(self) -> TableName:
        return TableName(self.schema, self.table)

    @property
    def words(self) -> str:
        parent = TableName(self.parent_schema, self.parent).words
        return f"{self.child.words}.{'+'.join(self.columns)} → {parent}.{'+'.join(self.parent_columns)}"


@dataclass(frozen=True)
class DeclaredTable:
    name: str
    required: tuple[str, ...]
    unique: tuple[tuple[str, ...], ...]
    checks: tuple[Check, ...]
    numeric: tuple[str, ...]
    key: tuple[str, ...]


def declared_tables(connection: Connection) -> list[DeclaredTable]:
    """Every table of an SQLite database with what it declares."""
    inspector = inspect(connection)
    statements = _create_statements(connection)
    return [_table(inspector, name, statements.get(name, "")) for name in sorted(inspector.get_table_names())]


def _table(inspector: Inspector, name: str, statement: str) -> DeclaredTable:
    columns = inspector.get_columns(name)
    key = tuple(inspector.get_pk_constraint(name)["constrained_columns"])
    unique = {tuple(one["column_names"]) for one in inspector.get_unique_constraints(name)}
    unique |= {
        tuple(str(column) for column in index["column_names"])
        for index in inspector.get_indexes(name)
        if index["unique"] and None not in index["column_names"] and not _is_partial(index)
    }
    return DeclaredTable(
        name=name,
        required=tuple(one["name"] for one in columns if not one["nullable"]),
        unique=tuple(sorted(unique | ({key} if key else set()))),
        checks=tuple(checks_in(statement)),
        numeric=tuple(one["name"] for one in columns if isinstance(one["type"], Integer | Numeric | Float | Double)),
        key=key,
    )


def _is_partial(index: object) -> bool:
    options = index.get("dialect_options", {}) if isinstance(index, dict) else {}
    return any("where" in str(option) for option in options)


def _create_statements(connection: Connection) -> dict[str, str]:
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL"))
    return {str(name): str(sql) for name, sql in rows}


def checks_in(statement: str) -> list[Check]:
    """The CHECK conditions of a CREATE TABLE statement, by counting parentheses outside of quotes and comments."""
    found: list[Check] = []
    masked = _masked(statement)
    for match in re.finditer(r"(?:\bCONSTRAINT\s+(?P<name>\S+)\s+)?\bCHECK\s*\(", masked, re.IGNORECASE):
        end = _closing(masked, match.end())
        if end is not None:
            name = statement[match.start("name") : match.end("name")] if match["name"] else ""
            condition = " ".join(statement[match.end() : end].split())
            found.append(Check(name.strip("\"'`[]") or condition, condition))
    return found


def _masked(statement: str) -> str:
    """The statement with everything inside quotes and comments blanked, each character in its place."""
    shown: list[str] = []
    at = 0
    while at < len(statement):
        end = _end_of_quiet(statement, at)
        if end == at:
            shown.append(statement[at])
            at += 1
        else:
            shown.append("_" * (end - at))
            at = end
    return "".join(shown)


def _end_of_quiet(statement: str, at: int) -> int:
    if statement.startswith("--", at):
        end = statement.find("\n", at)
        return len(statement) if end < 0 else end
    if statement.startswith("/*", at):
        end = statement.find("*/", at + 2)
        return len(statement) if end < 0 else end + 2
    closing = _OPENS_STRING.get(statement[at])
    if closing is None:
        return at
    end = statement.find(closing, at + 1)
    while end >= 0 and statement.startswith(closing * 2, end) and closing != "]":
        end = statement.find(closing, end + 2)
    return len(statement) if end < 0 else end + 1


def _closing(masked: str, start: int) -> int | None:
    depth = 1
    for at in range(start, len(masked)):
        depth += {"(": 1, ")": -1}.get(masked[at], 0)
        if depth == 0:
            return at
    return None


def declared_references(connection: Connection, tables: Iterable[TableName]) -> list[Reference]:
    """Every foreign key that these tables declare, on any engine; asked once for each schema."""
    inspector = inspect(connection)
    by_schema: dict[str | None, dict[str, Sequence[ReflectedForeignKeyConstraint]]] = {}
    found: list[Reference] = []
    for one in tables:
        if one.schema not in by_schema:
            keys = inspector.get_multi_foreign_keys(schema=one.schema)
            by_schema[one.schema] = {name: some for (_, name), some in keys.items()}
        found += [
            Reference(
                table=one.name,
                columns=tuple(key["constrained_columns"]),
                parent=key["referred_table"],
                parent_columns=tuple(key["referred_columns"]),
                schema=one.schema,
                parent_schema=key["referred_schema"],
            )
            for key in by_schema[one.schema].get(one.name, ())
            if key["referred_columns"]
        ]
    return found
