"""Why a question over a mapping takes so long: what the engine's plan for it says, in a sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, literal_column, select, text
from sqlalchemy.exc import SQLAlchemyError

from hypercare.database.database import Database
from hypercare.database.query_plan import Explained
from hypercare.database.table_sizes import ROWS_ON_POSTGRESQL
from hypercare.database.trouble import TooSlow
from hypercare.operations_model.model import Model
from hypercare.operations_model.records import Records
from hypercare.outcome.signals import NotCovered, Signal
from hypercare.target_file.entities import Kind

_HOW_TO_WRITE = "docs/mapping-shapes.md, section “A select that takes long”"
_MOST_TABLES = 3
_SQLITE_SCAN = re.compile(r"^SCAN (?:TABLE )?(?P<table>\S+)(?P<by_index>.* USING (?:COVERING )?INDEX)?")
_SQLITE_INDEX = re.compile(r"^SEARCH .* USING (?:(?:COVERING )?INDEX (\S+)|INTEGER PRIMARY KEY)")
_SQLITE_WHOLE = re.compile(r"^(?:MATERIALIZE|CO-ROUTINE|SCAN (?:SUBQUERY )?source)\b")


@dataclass(frozen=True)
class Plan:
    """The tables that are read from end to end, with about how many rows each has (None where the engine does not
    know), whether the select is put together whole before the condition is asked, and the indexes that are used."""

    read_whole: Mapping[str, int | None]
    is_put_together_first: bool
    indexes: Sequence[str] = ()


def with_its_plan(model: Model, records: Records, slow: TooSlow) -> NotCovered:
    """The same gap, with what the engine would do to find the records of the watched days."""
    plan = plan_of(model.database, of_some_days(model, records))
    if plan is None or not plan.read_whole:
        return slow
    read_tables = [f"{name}{rows_in_words(rows)}" for name, rows in list(plan.read_whole.items())[:_MOST_TABLES]]
    tables = read_tables[0] if len(read_tables) == 1 else f"{', '.join(read_tables[:-1])} and {read_tables[-1]}"
    whole = (
        f", since the select of [mapping.{records.entity}] is put together whole before its condition is asked"
        if records.mapping.select is not None and plan.is_put_together_first
        else ""
    )
    return NotCovered(
        f"{slow.reason.rstrip('.')}. To find a few records it reads all of {tables}{whole}.",
        remedy=f"Write the select so that a condition reaches its tables ({_HOW_TO_WRITE}), give the database the index"
        " that it lacks, or raise [database] timeout."
        if records.mapping.select is not None
        else slow.remedy,
    )


def rows_in_words(rows: int | None) -> str:
    return "" if rows is None else f" (about {rows:,} rows)"


def of_some_days(model: Model, records: Records) -> Select[Any]:
    """As the checks ask: by a time, else by the key."""
    one: Select[Any] = select(literal_column("1").label("one")).select_from(records.source)
    for field, kind in records.kinds.items():
        if kind is Kind.INSTANT and records.has(field):
            return one.where(records.instant(field).within(model.hypercare))
    return one.where(records["id"].is_not(None)).limit(1) if records.has("id") else one.limit(1)


def plan_of(database: Database, statement: Select[Any]) -> Plan | None:
    """None where the engine does not say, or not in a form that is known here."""
    read = {"sqlite": _of_sqlite, "postgresql": _of_postgresql, "mysql": _of_mysql, "mariadb": _of_mysql}
    if database.dialect not in read:
        return None
    with suppress(Signal, SQLAlchemyError, ValueError, KeyError, TypeError):
        return read[database.dialect](database, statement)
    return None


def _of_sqlite(database: Database, statement: Select[Any]) -> Plan:
    steps = [str(row["detail"]) for row in database.rows(Explained(statement, "EXPLAIN QUERY PLAN"))]
    table_names = {str(row["name"]).lower(): str(row["name"]) for row in database.rows(text(_SQLITE_TABLES))}
    aliases = _aliases(str(statement.compile(compile_kwargs={"literal_binds": False})), table_names)
    read: dict[str, int | None] = {}
    for step in steps:
        match = _SQLITE_SCAN.match(step)
        table = None if match is None else table_names.get(aliases.get(match["table"].lower(), match["table"]).lower())
        if table is not None:
            read[table] = int(database.value(select(literal_column("max(rowid)")).select_from(text(f'"{table}"'))) or 0)
    used = [match[1] or "the primary key" for step in steps if (match := _SQLITE_INDEX.match(step)) is not None]
    return Plan(read, any(_SQLITE_WHOLE.match(step) for step in steps), tuple(dict.fromkeys(used)))


_SQLITE_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%WITHOUT ROWID%'"


def _aliases(sql: str, table_names: Mapping[str, str]) -> dict[str, str]:
    """By what a table is called in the statement, which it is: plans of SQLite name tables so."""
    found = re.findall(r"\b(?:from|join|,)\s+[\"'`\[]?(\w+)[\"'`\]]?\s+(?:as\s+)?(\w+)", sql, re.IGNORECASE)
    return {alias.lower(): table for table, alias in found if table.lower() in table_names}


def _of_postgresql(database: Database, statement: Select[Any]) -> Plan:
    explained = database.value(Explained(statement, "EXPLAIN (FORMAT JSON)"))
    nodes = list(_nodes((json.loads(explained) if isinstance(explained, str) else explained)[0]["Plan"]))
    names = list(dict.fromkeys(node["Relation Name"] for node in nodes if node["Node Type"].endswith("Seq Scan")))
    sizes = {name: _size_in_postgresql(database, name) for name in names}
    whole = any(
        node["Node Type"] in {"Subquery Scan", "CTE Scan"} and ("Filter" in node or node["Node Type"] == "CTE Scan")
        for node in nodes
    )
    by_size = sorted(sizes, key=lambda name: sizes[name] or 0, reverse=True)
    used = dict.fromkeys(str(node["Index Name"]) for node in nodes if "Index Name" in node)
    return Plan({name: sizes[name] for name in by_size}, whole, tuple(used))


def _size_in_postgresql(database: Database, name: str) -> int | None:
    rows = ROWS_ON_POSTGRESQL.format("t")
    query = text(f"SELECT {rows}::bigint AS many FROM pg_class t WHERE relname = :name AND relkind IN ('r', 'p')")
    many = database.value(query.bindparams(name=name))
    return int(many) if many is not None and many >= 0 else None


def _nodes(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield node
    for inner in node.get("Plans", ()):
        yield from _nodes(inner)


def _of_mysql(database: Database, statement: Select[Any]) -> Plan:
    steps = [{str(name).lower(): value for name, value in row.items()} for row in database.rows(Explained(statement))]
    scans = [step for step in steps if step.get("type") in {"ALL", "index"} and step.get("table")]
    tables = [step for step in scans if not str(step["table"]).startswith("<")]
    read = {str(step["table"]): None if step["rows"] is None else int(step["rows"]) for step in tables}
    return Plan(
        dict(sorted(read.items(), key=lambda one: one[1] or 0, reverse=True)),
        any(str(step["table"]).startswith("<derived") for step in steps if step.get("table")),
        tuple(dict.fromkeys(str(step["key"]) for step in steps if step.get("key") and step.get("type") != "index")),
    )
