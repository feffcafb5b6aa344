"""Which rows of a large table look wrong in an export of it; whether they are is for the database to say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, column, func, select

from hypercare.database.export import Export
from hypercare.database.schemas import TableName
from hypercare.database.table_facts import TableFacts
from hypercare.integrity.scan_progress import Key
from hypercare.outcome.signals import NotCovered

# So many are asked of the database again; where all of them are wrong there, so are the others.
MOST_SUSPECTS = 250
# Of an engine's estimate of how many rows there are; what has less than this part of them is not whole.
_LEAST_SHARE = 0.5

Wrong = Callable[[Connection], Select[Any]]
"""The rows of a table that break a rule, as it is asked on a connection."""


@dataclass(frozen=True)
class Suspects:
    """`keys` of rows that look wrong, and how many `others` do; all rows up to the key `high` were looked at.

    `written` is as of when.
    """

    keys: Sequence[Key]
    others: int
    high: Key | None
    written: datetime


def suspects_in(
    export: Export, table: TableName, facts: TableFacts, wrong: Wrong, beside: Sequence[TableName]
) -> Suspects:
    """Those of all rows of the export. `beside` are the other tables that the question reads.

    Raises:
        NotUnderstood: it cannot be put to DuckDB.
        NotCovered: the export is too old, lacks something, or has far fewer rows than the table.
    """
    written = export.written(table, *beside)
    key: ColumnElement[Any] = column(facts.key or facts.order or "")
    ends = export.row(
        select(func.count().label("many"), func.max(key).label("high")).select_from(table.clause()),
        about=f"size of {table.words}",
    )
    if int(ends["many"]) < facts.rows * _LEAST_SHARE:
        raise NotCovered(
            f"The export at {export.address} has {int(ends['many']):,} rows of {table.words}, and the table about"
            f" {facts.rows:,}: it is not whole.",
            remedy="See how it is made, or leave out [database] scan_from.",
        )
    with export.snapshot() as connection:
        found = wrong(connection).with_only_columns(key.label("key"), maintain_column_froms=True)
    keys = [_key(row["key"]) for row in export.rows(found.order_by(key).limit(MOST_SUSPECTS + 1))]
    others = 0
    if len(keys) > MOST_SUSPECTS:
        counted = found.with_only_columns(func.count().label("many"), maintain_column_froms=True)
        others = int(export.value(counted)) - MOST_SUSPECTS
    high = ends["high"] if facts.key is None or ends["high"] is None else int(ends["high"])
    return Suspects(keys[:MOST_SUSPECTS], others, high, written)


def _key(value: Any) -> Key:
    return value if isinstance(value, int) else str(value)
