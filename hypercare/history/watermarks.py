"""What is kept from round to round under a name: how far something has come, and what it came to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from hypercare.history import tables
from hypercare.history.engine import put
from hypercare.history.instants import instant_of, stored
from hypercare.history.store import History


@dataclass(frozen=True)
class Watermark:
    """`value` is its owner's; `at` is when it was put there."""

    value: str
    at: datetime


def watermark(history: History, name: str) -> Watermark | None:
    """The watermark of this name; None where none was ever put."""
    rows = tables.watermarks.c
    query = select(rows.value, rows.at).where(rows.target == history.target, rows.name == name)
    with history.reading() as connection:
        found = connection.execute(query).first()
    return Watermark(found.value, instant_of(found.at)) if found else None


def put_watermark(history: History, name: str, value: str, at: datetime) -> None:
    """Put a watermark in place of the one of this name."""
    row = {"target": history.target, "name": name, "value": value, "at": stored(at)}
    with history.writing() as connection:
        put(connection, tables.watermarks, [row])
