"""A table gone through by ranges of its key, so that a long look can stop after any of them and go on from there.

The key may be of any type that the engine sorts: numbers with gaps, UUIDs, texts. Each range is found by the key's own
index, and between two ranges nothing of ours is open in the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, select, true

from hypercare.database.database import Database

DEFAULT_SIZE = 50_000


@dataclass(frozen=True)
class KeyRange:
    """The keys `above` one (None from the least on) `until` another, which belongs to it (None to the greatest).

    `until` is where to go on from next time; None when nothing is left.
    """

    above: Any
    until: Any

    def holds(self, key: ColumnElement[Any]) -> ColumnElement[bool]:
        """The condition on the raw column of the key."""
        bounds = ([] if self.above is None else [key > self.above]) + (
            [] if self.until is None else [key <= self.until]
        )
        return and_(true(), *bounds)


def by_key_ranges(
    database: Database,
    key: ColumnElement[Any],
    source: FromClause,
    *,
    size: int = DEFAULT_SIZE,
    above: Any = None,
) -> Iterator[KeyRange]:
    """Ranges of `size` records each, from the one after `above` on; whoever asks stops when its time is over.

    Records that come in meanwhile are in the last range, which has no end, or in one that was not yet gone through.
    """
    while True:
        bounds = [] if above is None else [key > above]
        statement = select(key.label("key")).select_from(source).where(*bounds).order_by(key).offset(size - 1).limit(1)
        until = database.value(statement, about="where the next range of keys ends")
        yield KeyRange(above, until)
        if until is None:
            return
        above = until
