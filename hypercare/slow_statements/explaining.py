"""How the engine would go about a statement, and the index that would help: asked without running it.

Only what reads is explained, one statement at a time, on a connection that cannot write.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, inspect
from sqlalchemy.exc import SQLAlchemyError

from hypercare.database.database import Database
from hypercare.database.table_sizes import TableSizes, table_sizes
from hypercare.outcome.signals import Signal
from hypercare.slow_statements.statement import Plan, Statement

_ONLY_READS = re.compile(r"\s*\(?\s*(?:SELECT|WITH)\b", re.IGNORECASE)
_WRITES = re.compile(r"\b(?:INSERT|UPDATE|DELETE|MERGE|INTO|CALL|CREATE|DROP|ALTER|TRUNCATE|GRANT|LOCK)\b", re.I)
_COMMENT = re.compile(r"/\*.*?\*/|--[^\n]*", re.DOTALL)
_PLACEHOLDER = re.compile(r"\$\d+|\?")
_NUMBERED = re.compile(r"\$(\d+)")
# A scan that has none of these goes through all of its table, be it in the order of an index.
_BY_A_CONDITION = {"Index Cond", "Recheck Cond", "TID Cond", "Plans"}
_IN_JSON = "EXPLAIN (FORMAT JSON)"
_PREPARED = "hypercare_plan"
_MOST_TABLES = 3
# Of a smaller table all rows are read sooner than an index is.
_WORTH_AN_INDEX = 10_000
_SQLITE_SCAN = re.compile(r"^SCAN (?:TABLE )?(?P<table>\S+)")
_EQUAL_IN_FILTER = re.compile(r"\(*\b(?P<column>\w+)\)*(?:::\w+)?\s*=\s*(?!\s*\()")
_ALIASES = re.compile(
    r"\b(?:from|join|,)\s+[\"'`\[]?(?:\w+[\"'`\]]?\.[\"'`\[]?)?(\w+)[\"'`\]]?\s+(?:as\s+)?(\w+)", re.I
)
_RENAMED = re.compile(r"[\"`\[]?(\w+)[\"`\]]?\s+AS\s+[\"`\[]?(\w+)", re.IGNORECASE)
_COMPARED = re.compile(
    r"(?:[\"`\[]?(?P<owner>\w+)[\"`\]]?\.)?[\"`\[]?(?P<column>\w+)[\"`\]]?\s*(?:=|\bIN\b|<=?|>=?)", re.I
)


def plan_of_statement(database: Database, statement: Statement) -> Plan:
    """By its example where it is a whole one; without words where the engine cannot or must not explain it."""
    sql = _COMMENT.sub(" ", statement.example).strip().rstrip(";").strip()
    if not _ONLY_READS.match(sql) or ";" in sql or _WRITES.search(sql):
        return Plan("only what reads is explained" if sql else "")
    try:
        return _explained(database, sql, has_placeholders=bool(_PLACEHOLDER.search(sql)))
    except (Signal, SQLAlchemyError, ValueError, KeyError, TypeError, LookupError):
        return Plan()


def plan_of_select(database: Database, select: Select[Any]) -> Plan:
    """The same of a question of our own."""
    try:
        sql = str(select.compile(dialect=database.engine.dialect, compile_kwargs={"literal_binds": True}))
        return _explained(database, sql, has_placeholders=False)
    except (Signal, SQLAlchemyError, ValueError, KeyError, TypeError, LookupError, NotImplementedError):
        return Plan()


def _explained(database: Database, sql: str, *, has_placeholders: bool) -> Plan:
    with database.snapshot() as connection:
        sizes = table_sizes(connection) or TableSizes({})
        if database.dialect == "postgresql":
            explained = (
                _explained_as_prepared(database, sql) if has_placeholders else _asked(database, f"{_IN_JSON} {sql}")
            )
            return _of_postgresql(database, next(iter(explained[0].values())), sizes)
        if has_placeholders:
            return Plan()
        if database.dialect == "sqlite":
            rows = _asked(database, f"EXPLAIN QUERY PLAN {sql}")
            names = [match["table"] for row in rows if (match := _SQLITE_SCAN.match(str(row["detail"])))]
            return _in_words(database, sql, names, sizes)
        if database.dialect in {"mysql", "mariadb"}:
            steps = [
                {str(key).lower(): value for key, value in row.items()} for row in _asked(database, f"EXPLAIN {sql}")
            ]
            names = [str(step["table"]) for step in steps if step.get("type") == "ALL" and step.get("table")]
            return _in_words(database, sql, names, sizes)
    return Plan()


def _asked(database: Database, sql: str) -> Sequence[Mapping[str, Any]]:
    """As the driver takes it: what looks like a parameter in it is none of ours. In a transaction within the
    transaction, since PostgreSQL answers nothing more after one that it refuses."""
    with database.snapshot() as connection, database.translating(), connection.begin_nested():
        plain = connection.execution_options(no_parameters=True)
        try:
            answer = plain.exec_driver_sql(sql)
            return [dict(row) for row in answer.mappings()] if answer.returns_rows else []
        finally:
            connection.execution_options(no_parameters=False)


def _explained_as_prepared(database: Database, sql: str) -> Sequence[Mapping[str, Any]]:
    """The plan that PostgreSQL has whatever the values are, which since its version 12 a prepared statement tells."""
    values = ", ".join(["NULL"] * max((int(number) for number in _NUMBERED.findall(sql)), default=0))
    with database.snapshot():
        _asked(database, "SET LOCAL plan_cache_mode = force_generic_plan")
        _asked(database, f"PREPARE {_PREPARED} AS {sql}")
        try:
            return _asked(database, f"{_IN_JSON} EXECUTE {_PREPARED}" + (f"({values})" if values else ""))
        finally:
            # It would outlast the transaction.
            _asked(database, f"DEALLOCATE {_PREPARED}")


def _of_postgresql(database: Database, explained: Any, sizes: TableSizes) -> Plan:
    tree = json.loads(explained) if isinstance(explained, str) else explained
    scans = [step for step in _steps(tree[0]["Plan"]) if "Relation Name" in step and not _BY_A_CONDITION & step.keys()]
    scans.sort(key=lambda step: -_rows(sizes, step["Relation Name"]))
    words = [_table_in_words(step["Relation Name"], sizes) for step in scans[:_MOST_TABLES]]
    index = ""
    for step in scans:
        table = step["Relation Name"]
        columns = [match["column"] for match in _EQUAL_IN_FILTER.finditer(str(step.get("Filter", "")))]
        index = index or _index_for(database, table, columns, sizes)
    return Plan(_reads_all_of(words), index)


def _in_words(database: Database, sql: str, names: Sequence[str], sizes: TableSizes) -> Plan:
    aliases = {alias.lower(): table for table, alias in _ALIASES.findall(sql) if table.lower() in sizes.rows}
    tables = [aliases.get(name.lower(), name) for name in names]
    tables = sorted(
        (one for one in dict.fromkeys(tables) if one.lower() in sizes.rows), key=lambda one: -_rows(sizes, one)
    )
    index = ""
    for table in tables:
        index = index or _index_for(database, table, _compared_columns(sql, table, aliases), sizes)
    return Plan(_reads_all_of([_table_in_words(one, sizes) for one in tables[:_MOST_TABLES]]), index)


def _compared_columns(sql: str, table: str, aliases: Mapping[str, str]) -> list[str]:
    """Those of a table that the statement compares, by their own names, as far as its text tells whose they are."""
    renamed: dict[str, str] = {alias.lower(): name for name, alias in _RENAMED.findall(sql)}
    found: list[str] = []
    for match in _COMPARED.finditer(_after_where(sql)):
        owner = (match["owner"] or "").lower()
        if owner in {"", table.lower()} or aliases.get(owner, table).lower() == table.lower():
            found.append(renamed.get(str(match["column"]).lower(), str(match["column"])))
    return found


def _index_for(database: Database, table: str, columns: Sequence[str], sizes: TableSizes) -> str:
    """The first of the columns by which rows are looked for and that no index begins with; empty where there is none,
    or the table is small."""
    if _rows(sizes, table) < _WORTH_AN_INDEX:
        return ""
    with database.snapshot() as connection:
        inspector = inspect(connection)
        own_columns = {str(one["name"]).lower() for one in inspector.get_columns(table)}
        keys: list[Sequence[str | None]] = [inspector.get_pk_constraint(table)["constrained_columns"]]
        keys += [one["column_names"] for one in inspector.get_indexes(table)]
        keys += [one["column_names"] for one in inspector.get_unique_constraints(table)]
    led = {str(key[0]).lower() for key in keys if key}
    chosen = next((one for one in columns if one.lower() in own_columns and one.lower() not in led), None)
    return "" if chosen is None else f"{table} ({chosen})"


def _steps(step: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield step
    for inner in step.get("Plans", ()):
        yield from _steps(inner)


def _after_where(sql: str) -> str:
    return re.split(r"\b(?:WHERE|ON)\b", sql, maxsplit=1, flags=re.IGNORECASE)[-1]


def _rows(sizes: TableSizes, table: str) -> int:
    return sizes.rows.get(str(table).lower(), 0)


def _table_in_words(table: str, sizes: TableSizes) -> str:
    rows = _rows(sizes, table)
    return f"{table} (about {rows:,} rows)" if rows > 0 else table


def _reads_all_of(tables: Sequence[str]) -> str:
    if not tables:
        return "every table by an index"
    return (
        f"reads all of {tables[0]}" if len(tables) == 1 else f"reads all of {', '.join(tables[:-1])} and {tables[-1]}"
    )
