"""Rows that break a rule: the declared ones where the engine may have let them in, and the agreed ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    TextClause,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy import column as table_column

from hypercare.database.schemas import TableName, real_names
from hypercare.integrity.declared import DeclaredTable
from hypercare.integrity.rolling_scan import MOST_BROKEN, Portion, RollingScan
from hypercare.integrity.scan_progress import Key
from hypercare.outcome.evidence import rows_wanted
from hypercare.outcome.finding import Row
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


def broken_declarations(connection: Connection, tables: Iterable[DeclaredTable], scan: RollingScan) -> list[Broken]:
    """Scan an SQLite database once a table for rows against its own declarations.

    Any session of SQLite may switch its checks off, and a key that is damaged lets doubles in, so only the rows
    themselves tell.
    """
    found: list[Broken] = []
    for table in tables:
        found += _of_one_pass(connection, table, list(_rules_of(connection, table)), scan)
        doubles = (_doubles(connection, table, columns, scan) for columns in table.unique)
        found += [broken for broken in doubles if broken is not None]
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


def _of_one_pass(
    connection: Connection, table: DeclaredTable, rules: Sequence[_Rule], scan: RollingScan
) -> list[Broken]:
    if not rules:
        return []
    source = TableName(None, table.name)
    portion = scan.portion(connection, "what it declares", source)
    conditions = [text(literally(f"({rule.broken_when})")) for rule in rules]
    sums = [func.coalesce(func.sum(case((one, 1), else_=0)), 0) for one in conditions]
    read, *counts = connection.execute(
        select(func.count(), *sums).select_from(source.clause()).where(*portion.among())
    ).one()
    wrong: Select[Any] = select(literal_column("1")).select_from(source.clause()).where(or_(*conditions))
    keys = keys_of(connection, wrong, portion) if any(counts) else ()
    scan.answered(portion, keys, is_broken=any(counts))
    return [
        Broken(table.name, rule.words, int(count), portion.of(int(read)), _sample(connection, table, one, portion))
        for rule, count, one in zip(rules, counts, conditions, strict=True)
        if count
    ]


def _sample(connection: Connection, table: DeclaredTable, condition: TextClause, portion: Portion) -> tuple[Row, ...]:
    shown: list[ColumnElement[Any]] = [table_column(name) for name in table.key or ("rowid",)]
    statement = select(*shown).select_from(TableName(None, table.name).clause()).where(condition, *portion.among())
    return tuple(dict(row) for row in connection.execute(statement.limit(rows_wanted())).mappings())


def _doubles(
    connection: Connection, table: DeclaredTable, columns: tuple[str, ...], scan: RollingScan
) -> Broken | None:
    """Values that a unique key should keep apart, read past its index, which may be the one that is damaged."""
    portion = scan.portion(connection, f"{', '.join(columns)} once", TableName(None, table.name), at_once=True)
    source = text(f"{connection.dialect.identifier_preparer.quote(table.name)} NOT INDEXED")
    names: list[ColumnElement[Any]] = [table_column(name) for name in columns]
    filled = [name.is_not(None) for name in names]
    times = func.count().label("times")
    groups = select(*names, times).select_from(source).where(*filled, *portion.among()).group_by(*names)
    several = groups.having(times > 1)
    count = int(connection.execute(select(func.count()).select_from(several.subquery("doubles"))).scalar_one())
    scan.answered(portion, is_broken=bool(count))
    if not count:
        return None
    of = portion.rows or int(connection.execute(select(func.count()).select_from(source)).scalar_one())
    sample = tuple(dict(row) for row in connection.execute(several.limit(rows_wanted())).mappings())
    return Broken(table.name, f"{' and '.join(columns)} must be unique", count, of, sample)


def never_validated(connection: Connection, scan: RollingScan) -> list[Broken]:
    """Rows against a check that PostgreSQL took on without looking at the rows that were there."""
    pending = connection.execute(
        text(
            """SELECT CASE WHEN NOT pg_table_is_visible(r.oid) THEN n.nspname END, r.relname, c.conname,
                      pg_get_expr(c.conbin, c.conrelid)
               FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid JOIN pg_namespace n ON n.oid = c.connamespace
               WHERE c.contype = 'c' AND NOT c.convalidated AND c.conrelid <> 0 AND n.nspname !~ '^pg_'"""
        )
    ).all()
    return [
        broken
        for schema, table, name, condition in pending
        if (broken := _breaking(connection, TableName(schema, table), str(name), str(condition), scan)) is not None
    ]


def past_the_checks_of_mysql(connection: Connection, schemas: Iterable[str | None], scan: RollingScan) -> list[Broken]:
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
        found.append(_breaking(connection, TableName(schema if schema in others else None, table), name, holds, scan))
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


def broken_agreements(connection: Connection, rules: Iterable[AgreedRule], scan: RollingScan) -> list[Broken]:
    """Rows against what people rely on; a row on which the rule has no opinion (NULL) holds it."""
    found = []
    for rule in rules:
        schema, _, name = rule.table.rpartition(".")
        found.append(_breaking(connection, TableName(schema or None, name), rule.name, rule.holds, scan))
    return [broken for broken in found if broken is not None]


def _breaking(connection: Connection, table: TableName, name: str, holds: str, scan: RollingScan) -> Broken | None:
    breaking = text(literally(f"NOT ({holds})"))
    source = table.clause()
    wrong: Select[Any] = select(literal_column("1")).select_from(source).where(breaking)
    portion = scan.portion(connection, name, table, wrong=lambda _: wrong)
    counts = func.count(), func.sum(case((breaking, 1), else_=0))
    read, count = connection.execute(select(*counts).select_from(source).where(*portion.among())).one()
    keys = keys_of(connection, wrong, portion) if count else ()
    scan.answered(portion, keys, is_broken=bool(count))
    count = scan.counted(portion, int(count or 0), keys)
    if not count:
        return None
    shown: Select[Any] = select(literal_column("*")).select_from(source).where(breaking, *portion.among())
    rows = connection.execute(shown.limit(rows_wanted())).mappings()
    sample = tuple({str(key): value for key, value in list(row.items())[:6]} for row in rows)
    return Broken(table.words, name, count, portion.of(int(read)), sample)


def keys_of(connection: Connection, wrong: Select[Any], portion: Portion) -> Sequence[Key]:
    """The keys of the rows of a portion that are wrong, as far as they are remembered."""
    if portion.key is None or not portion.is_kept:
        return ()
    key: ColumnElement[Any] = table_column(portion.key)
    statement: Select[Any] = wrong.with_only_columns(key, maintain_column_froms=True).where(*portion.among())
    found = connection.execute(statement.distinct().order_by(key).limit(MOST_BROKEN + 1)).scalars()
    return [one if isinstance(one, int) else str(one) for one in found if one is not None]


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
