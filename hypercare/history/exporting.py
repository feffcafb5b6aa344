"""The history for other programs: one kind of row a file, as CSV or as Parquet."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import JSON, Boolean, Date, Float, Integer, RowMapping, Select, Table, select

from hypercare.extras import install
from hypercare.history import tables
from hypercare.history.instants import instant_or_none
from hypercare.history.store import History
from hypercare.safe_text import as_cell

_BATCH = 5000
_INSTANTS = {
    *("as_of", "started", "finished", "heartbeat", "ended", "at", "last", "start", "end", "opened", "last_seen"),
    *("acknowledged", "resolved", "holding_since", "created", "next_try", "sent"),
}


class ExportProblem(Exception):
    """Nothing was exported; the message is one line."""


@dataclass(frozen=True)
class Column:
    """`kind` is "text", "instant", "day", "whole", "number", "truth" or "json"."""

    name: str
    kind: str


_Batches = Iterator[Sequence[RowMapping]]


def kinds_of_rows() -> list[str]:
    """What can be exported."""
    return list(_questions(""))


def export(history: History, what: str, kind: str, to: Path) -> int:
    """Write all rows of one kind into a file that is there whole or not at all. `kind` is "csv" or "parquet".

    In CSV, instants are ISO 8601 in UTC, and a text that a spreadsheet would take for a formula has an apostrophe
    before it.

    Returns:
        how many rows there are.

    Raises:
        ExportProblem: the file cannot be written, or what writes Parquet is not installed.
    """
    question = _questions(history.target)[what]
    columns = [Column(column.name, _kind_of(column)) for column in question.selected_columns]
    write = _WRITERS[kind](columns)
    try:
        with _whole(to) as beside, history.reading() as connection:
            rows = connection.execution_options(yield_per=_BATCH).execute(question).mappings().partitions()
            return write(beside, columns, iter(rows))
    except OSError as error:
        raise ExportProblem(f"{to} cannot be written: {error.strerror or error}") from None


def _questions(target: str) -> dict[str, Select[Any]]:
    rounds, incidents, messages = tables.rounds, tables.incidents, tables.messages
    of_round = (rounds.c.round, rounds.c.day, rounds.c.as_of)
    mine = rounds.c.target == target
    events, deliveries = tables.incident_events, tables.deliveries
    return {
        "results": select(*of_round, tables.results).join(rounds).where(mine).order_by(tables.results.c.id),
        "rounds": select(rounds).where(mine).order_by(rounds.c.as_of, rounds.c.id),
        "figures": select(*of_round, tables.figures)
        .join(rounds)
        .where(mine)
        .order_by(rounds.c.as_of, rounds.c.id, tables.figures.c.name),
        "incident-events": select(incidents.c.cause, events)
        .join(incidents)
        .where(incidents.c.target == target)
        .order_by(events.c.id),
        "deliveries": select(messages.c.key, deliveries)
        .join(messages)
        .where(messages.c.target == target)
        .order_by(deliveries.c.id),
        **{table.name.replace("_", "-"): _all_of(table, target) for table in _WHOLE},
    }


_WHOLE = (
    *(tables.samples, tables.corrections, tables.incidents, tables.messages, tables.attestations),
    *(tables.actions, tables.sign_offs, tables.acts, tables.serve_log_ins),
)


def _all_of(table: Table, target: str) -> Select[Any]:
    return select(table).where(table.c.target == target).order_by(table.c.id)


def _kind_of(column: Any) -> str:
    if column.name in _INSTANTS:
        return "instant"
    kinds = {Integer: "whole", Float: "number", Boolean: "truth", Date: "day", JSON: "json"}
    return next((kind for sort, kind in kinds.items() if isinstance(column.type, sort)), "text")


def _csv_writer(_: Sequence[Column]) -> Callable[[Path, Sequence[Column], _Batches], int]:
    def write(path: Path, columns: Sequence[Column], batches: _Batches) -> int:
        number = 0
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([column.name for column in columns])
            for batch in batches:
                writer.writerows([_in_csv(row[column.name], column) for column in columns] for row in batch)
                number += len(batch)
        return number

    return write


def _in_csv(value: Any, column: Column) -> Any:
    if column.kind == "json":
        return json.dumps(value)
    if isinstance(value, date):
        return value.isoformat()
    return as_cell(value)


def _parquet_writer(columns: Sequence[Column]) -> Callable[[Path, Sequence[Column], _Batches], int]:
    try:
        arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError:
        raise ExportProblem(f"Parquet needs the package pyarrow: {install('parquet')}") from None
    types: Mapping[str, Any] = {
        "text": arrow.string(),
        "json": arrow.string(),
        "instant": arrow.timestamp("us", tz="UTC"),
        "day": arrow.date32(),
        "whole": arrow.int64(),
        "number": arrow.float64(),
        "truth": arrow.bool_(),
    }
    schema = arrow.schema([(column.name, types[column.kind]) for column in columns])

    def write(path: Path, columns: Sequence[Column], batches: _Batches) -> int:
        number = 0
        with parquet.ParquetWriter(path, schema) as writer:
            for batch in batches:
                rows = [{column.name: _in_parquet(row[column.name], column) for column in columns} for row in batch]
                writer.write_table(arrow.Table.from_pylist(rows, schema=schema))
                number += len(batch)
        return number

    return write


def _in_parquet(value: Any, column: Column) -> Any:
    if column.kind == "json":
        return json.dumps(value)
    return instant_or_none(value) if column.kind == "instant" else value


_WRITERS = {"csv": _csv_writer, "parquet": _parquet_writer}


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A place beside `path` to write to, which takes its place when all went well."""
    beside = path.with_name(f".{path.name}-{uuid4().hex[:8]}")
    try:
        yield beside
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
