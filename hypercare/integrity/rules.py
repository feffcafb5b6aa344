"""Rows that break a rule: the declared ones where the engine may have let them in, and the agreed ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, literal_column, select, text

from hypercare.database.schemas import real_names
from hypercare.integrity.declared import DeclaredTable
from hypercare.outcome.finding import SAMPLE_SIZE, Row
from hypercare.outcome.found import Found
from hypercare.target_file.mapping import AgreedRule

SMALL_TABLE = 1_000_000  # rows; scanning it takes about 0.3 s a rule


@dataclass(frozen=True)
class Broken:
    """`count` rows of `of` break the rule; `sample` shows the first of them by key."""

    table: str
    rule: str
    count: int
    of: int
    sample: tuple[Row, ...]


@dataclass(frozen=True)
class _Rule:
    words: str
    broken_when: str


def broken_declarations(connection: Connection, tables: Iterable[DeclaredTable]) -> list[Broken]:
    """Scan an SQLite database once a table for rows against its own declarations.

    Any session of SQLite may switch its checks off, and a key that is damaged lets doubles in, so only the rows
    themselves tell.
    """
    found: list[Broken] = []
    for table in tables:
        found += _of_one_pass(connection, table, list(_rules_of(connection, table)))
        found += [broken for columns in table.unique if (broken := _doubles(connection, table, columns)) is not None]
    return found


def _rules_of(connection: Connection, table: DeclaredTable) -> Iterator[_Rule]:
    quote = connection.dialect.identifier_preparer.quote
    for column in table.required:
        # Not "IS NULL": of a column that is declared NOT NULL, SQLite answers that without looking.
        yield _Rule(f"{column} must be filled in", f"typeof({quote(column)}) = 'null'")
    for check in table.checks:
        yield _Rule(check.name, f"NOT ({check.condition})")
    for column in table.numeric:
        yield _Rule(f"{column} must be a number", _is_no_number(quote(column)))


def _is_no_number(column: str) -> str:
    """Text that reads as a number becomes one by itself in such a column; some systems keep theirs as blobs."""
    shape = f"CAST({column} AS TEXT)"
    strange = f"{shape} = '' OR {shape} GLOB '*[^0-9.eE+-]*' OR NOT {shape} GLOB '*[0-9]*'"
    return f"typeof({column}) = 'text' OR typeof({column}) = 'blob' AND ({strange})"


def _of_one_pass(connection: Connection, table: DeclaredTable, rules: Sequence[_Rule]) -> list[Broken]:
    if not rules:
        return []
    name = connection.dialect.identifier_preparer.quote(table.name)
    sums = ", ".join(f"coalesce(sum(CASE WHEN {rule.broken_when} THEN 1 ELSE 0 END), 0)" for rule in rules)
    of, *counts = connection.exec_driver_sql(f"SELECT count(*), {sums} FROM {name}").one()
    return [
        Broken(table.name, rule.words, int(count), int(of), _sample(connection, table, rule.broken_when))
        for rule, count in zip(rules, counts, strict=True)
        if count
    ]


def _sample(connection: Connection, table: DeclaredTable, condition: str) -> tuple[Row, ...]:
    quote = connection.dialect.identifier_preparer.quote
    shown = ", ".join(quote(column) for column in table.key) or "rowid"
    statement = f"SELECT {shown} FROM {quote(table.name)} WHERE {condition} LIMIT {SAMPLE_SIZE}"
    return tuple(dict(row) for row in connection.exec_driver_sql(statement).mappings())


def _doubles(connection: Connection, table: DeclaredTable, columns: tuple[str, ...]) -> Broken | None:
    """Values that a unique key should keep apart, read past its index, which may be the one that is damaged."""
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(column) for column in columns)
    filled = " AND ".join(f"{quote(column)} IS NOT NULL" for column in columns)
    groups = (
        f"SELECT {names}, count(*) AS times FROM {quote(table.name)} NOT INDEXED"
        f" WHERE {filled} GROUP BY {names} HAVING count(*) > 1"
    )
    count = int(connection.exec_driver_sql(f"SELECT count(*) FROM ({groups})").scalar_one())
    if not count:
        return None
    of = int(connection.exec_driver_sql(f"SELECT count(*) FROM {quote(table.name)} NOT INDEXED").scalar_one())
    sample = tuple(dict(row) for row in connection.exec_driver_sql(f"{groups} LIMIT {SAMPLE_SIZE}").mappings())
    return Broken(table.name, f"{' and '.join(columns)} must be unique", count, of, sample)


def never_validated(connection: Connection) -> list[Broken]:
    """Rows against a check that PostgreSQL took on without looking at the rows that were there."""
    pending = connection.execute(
        text(
            """SELECT c.conrelid::regclass::text, c.conname, pg_get_expr(c.conbin, c.conrelid)
               FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
               WHERE c.contype = 'c' AND NOT c.convalidated AND c.conrelid <> 0 AND n.nspname !~ '^pg_'"""
        )
    ).all()
    return [
        broken
        for table, name, condition in pending
        if (broken := _breaking(connection, table, str(name), str(condition))) is not None
    ]


def past_the_checks_of_mysql(connection: Connection, schemas: Iterable[str | None] = (None,)) -> list[Broken]:
    """Rows against a check, or with none of an ENUM's values, which any session of MySQL may have let in.

    MariaDB's sessions may switch checks off, and sessions that are not strict store '' where a value is not known.
    Large tables are trusted.
    """
    quote = connection.dialect.identifier_preparer.quote
    _, *others = names = real_names(connection, schemas)
    checks = [
        (str(schema), str(table), str(name), str(clause))
        for schema, table, name, clause in _checks_of_mysql(connection, names)
    ]
    for schema, table, column in connection.execute(_ENUMS_OF_MYSQL, {"small": SMALL_TABLE, "schemas": names}):
        holds = f"{quote(str(column))} + 0 <> 0"
        checks.append((str(schema), str(table), f"{column} must be one of its values", holds))
    found = []
    for schema, table, name, holds in checks:
        place = f"{quote(schema)}.{quote(table)}" if schema in others else quote(table)
        found.append(_breaking(connection, place.replace("%%", "%"), name, holds))
    return [broken for broken in found if broken is not None]


_SCHEMAS: BindParameter[Any] = bindparam("schemas", expanding=True)
_ENUMS_OF_MYSQL = text(
    """SELECT c.table_schema, c.table_name, c.column_name FROM information_schema.columns c
       JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
       WHERE c.table_schema IN :schemas AND c.data_type = 'enum' AND t.table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')
         AND t.table_rows <= :small"""
).bindparams(_SCHEMAS)
_CHECKS_OF_MARIADB = text(
    """SELECT t.table_schema, c.table_name, c.constraint_name, c.check_clause
       FROM information_schema.check_constraints c
       JOIN information_schema.tables t ON t.table_schema = c.constraint_schema AND t.table_name = c.table_name
       WHERE c.constraint_schema IN :schemas AND t.table_rows <= :small"""
).bindparams(_SCHEMAS)
_CHECKS_OF_MYSQL = text(
    """SELECT t.table_schema, t.table_name, c.constraint_name, c.check_clause
       FROM information_schema.check_constraints c
       JOIN information_schema.table_constraints t
         ON t.constraint_schema = c.constraint_schema AND t.constraint_name = c.constraint_name
       WHERE c.constraint_schema IN :schemas AND t.constraint_type = 'CHECK' AND t.enforced = 'NO'"""
).bindparams(_SCHEMAS)


def _checks_of_mysql(connection: Connection, schemas: Sequence[str]) -> Sequence[Any]:
    """Those that the engine may have been kept from enforcing; before 10.2 and 8.0.16 there were none."""
    version = connection.dialect.server_version_info or (0,)
    if connection.dialect.name == "mariadb" or getattr(connection.dialect, "is_mariadb", False):
        question, since = _CHECKS_OF_MARIADB, (10, 2, 22)
    else:
        question, since = _CHECKS_OF_MYSQL, (8, 0, 16)
    parameters = {"small": SMALL_TABLE, "schemas": schemas}
    return connection.execute(question, parameters).all() if version >= since else ()


def broken_agreements(connection: Connection, rules: Iterable[AgreedRule]) -> list[Broken]:
    """Rows against what people rely on; a row on which the rule has no opinion (NULL) holds it."""
    quote = connection.dialect.identifier_preparer.quote
    found: list[Broken] = []
    for rule in rules:
        table = ".".join(quote(part) for part in rule.table.split("."))
        broken = _breaking(connection, table, rule.name, rule.holds)
        if broken is not None:
            found.append(broken)
    return found


def _breaking(connection: Connection, table: str, name: str, holds: str) -> Broken | None:
    statement = f"SELECT count(*), sum(CASE WHEN NOT ({holds}) THEN 1 ELSE 0 END) FROM {table}"
    of, count = connection.execute(text(literally(statement))).one()
    if not count:
        return None
    breaking = text(literally(f"NOT ({holds})"))
    shown: Select[Any] = select(literal_column("*")).select_from(text(table)).where(breaking).limit(SAMPLE_SIZE)
    rows = connection.execute(shown).mappings()
    sample = tuple({str(key): value for key, value in list(row.items())[:6]} for row in rows)
    return Broken(table.replace('"', "").replace("`", ""), name, int(count), int(of), sample)


def literally(statement: str) -> str:
    """Keep SQLAlchemy from taking a colon in somebody's condition for a parameter; casts (::) stay as they are."""
    return statement.replace("::", "\x00").replace(":", "\\:").replace("\x00", "::")


def as_listed(broken: Sequence[Broken], source: str) -> Found:
    """One sample row a rule first, so that no rule hides behind another."""
    rows = [
        {"table": one.table, "rule": one.rule, "rows": one.count, **(one.sample[0] if one.sample else {})}
        for one in broken
    ]
    if len(broken) == 1:
        rows = [{"table": broken[0].table, "rule": broken[0].rule, **row} for row in broken[0].sample] or rows
    tables = ", ".join(sorted({one.table for one in broken}))
    counted = {one.table: one.of for one in broken}
    return Found(count=sum(one.count for one in broken), of=sum(counted.values()), sample=rows, where=tables or source)
