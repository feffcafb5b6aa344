"""How the database finds what the checks ask of an entity, on the real data: how long that takes, and by what."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import Select, func, inspect, literal_column, select
from sqlalchemy.exc import SQLAlchemyError

from hypercare.database.database import Database
from hypercare.doctor.slow_questions import plan_of, rows_in_words
from hypercare.operations_model.model import Model
from hypercare.operations_model.records import Records
from hypercare.outcome.signals import Signal
from hypercare.target_file.entities import Kind

# Fewer rows are read sooner than an index is.
_WORTH_AN_INDEX = 10_000
_LARGE_PART = 0.3


def how_records_are_found(model: Model, records: Records, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """In words, by each way that the checks take: by the watched days, and by what a record belongs to.

    `rows` are some of the records. Only what is looked up in a large table is told of, but the time in any case.
    Raises TooSlow where the watched days are not found in time.
    """
    dated = [field for field, kind in records.kinds.items() if kind is Kind.INSTANT and records.has(field)]
    if dated:
        yield _by_days(model, records, dated[0])
    elif records.has("id"):
        yield _by_key(model, records, rows[0]["id"])
    keys = [field for field, kind in records.kinds.items() if kind is Kind.KEY and records.has(field)]
    for field in keys:
        owner = model.definitions.refers_to(records.entity, field)
        value = next((row[field] for row in rows if row[field] is not None), None)
        if owner and owner != records.entity and value is not None:
            words = _missing_index(model, records, field, _by_value(records, field, value))
            if words:
                yield f"those of one {owner.replace('_', ' ')} are found {words}"


def _by_days(model: Model, records: Records, field: str) -> str:
    statement: Select[Any] = (
        select(func.count()).select_from(records.source).where(records.instant(field).within(model.hypercare))
    )
    started = time.monotonic()
    many = int(model.database.value(statement, about=f"doctor: {records.entity} of the watched days"))
    took = time.monotonic() - started
    how = _missing_index(model, records, field, statement, many) or _by_index(model, statement)
    return f"the {many:,} of the watched days are found in {took:.2f} s{f' {how}' if how else ''}"


def _by_key(model: Model, records: Records, value: object) -> str:
    statement = _by_value(records, "id", value)
    started = time.monotonic()
    model.database.rows(statement.limit(1), about=f"doctor: {records.entity} by its key")
    took = time.monotonic() - started
    how = _missing_index(model, records, "id", statement) or _by_index(model, statement)
    return f"one is found by its key in {took:.2f} s{f' {how}' if how else ''}"


def _by_index(model: Model, statement: Select[Any]) -> str:
    """Which index finds them; empty where the engine names none."""
    plan = plan_of(model.database, statement)
    return f"by {', '.join(plan.indexes)}" if plan is not None and plan.indexes else ""


def _by_value(records: Records, field: str, value: object) -> Select[Any]:
    return select(literal_column("1").label("one")).select_from(records.source).where(records.holds(field, value))


def _missing_index(model: Model, records: Records, field: str, statement: Select[Any], found: int = 0) -> str:
    """Which table is read from end to end for it and what would help; empty where none that is large is.

    `found` is how many records are: no index finds a large part of a table sooner than reading it does.
    """
    plan = plan_of(model.database, statement)
    large = [(name, many) for name, many in (plan.read_whole if plan else {}).items() if (many or 0) >= _WORTH_AN_INDEX]
    if not large:
        return ""
    name, many = large[0]
    read = f"by reading all of {name}{rows_in_words(many)}"
    if many and found >= many * _LARGE_PART:
        return f"{read}, of which they are {min(1, found / many):.0%}"
    column, table = records.mapping.columns[field].column, records.mapping.table
    if column is None or table is None:
        return f"{read}, since {field} is an expression or the entity a select: see that a condition reaches the table"
    if _is_indexed(model.database, table, column):
        return f"{read}, although {column} is indexed: most of its rows are among them"
    return f"{read}: an index on {table} ({column}) would help"


def _is_indexed(database: Database, table: str, column: str) -> bool:
    """Whether an index, or the key, begins with the column; taken for so where the database does not say."""
    schema, _, name = table.rpartition(".")
    with suppress(Signal, SQLAlchemyError), database.snapshot() as connection:
        inspector = inspect(connection)
        keys: list[Sequence[str | None]] = [inspector.get_pk_constraint(name, schema or None)["constrained_columns"]]
        keys += [one["column_names"] for one in inspector.get_indexes(name, schema or None)]
        keys += [one["column_names"] for one in inspector.get_unique_constraints(name, schema or None)]
        return any(key and key[0] == column for key in keys)
    return True
