"""Going through a table of a busy SQLite file in parts, each so short that nobody who writes waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from hypercare.database.in_parts import PART, Division, Row
from hypercare.database.schemas import TableName
from hypercare.database.sqlite_unlocked import WrittenMeanwhile, is_ended
from hypercare.database.table_facts import key_range, table_facts

_FIRST_STRETCH = 5_000
_QUICK_S = 0.010
_LEAST_STRETCH = 16
_ALL_PARTS = timedelta(seconds=10)
"""A round has many such questions, and ends in time."""
Put = Callable[[Callable[[Connection], Any]], Any]


class _TookTooLong(Exception):
    """All parts together."""


def rows_in_parts(put: Put, division: Division, timeout: timedelta) -> list[Row] | None:
    """The answer, put together; None where it cannot be told from parts, as of a view, whose rows have no numbers, or
    all of them take too long. `put` gives what is asked a connection.

    Raises what ends even the smallest part.
    """
    table = TableName(None, division.table)
    facts = put(lambda connection: table_facts(connection, table))
    key = None if facts is None else facts.key
    if key is None:
        return None
    # Of an empty table one that there is not, since nothing found is an answer too.
    ends = put(lambda connection: key_range(connection, table, key)) or (0, 0)
    with suppress(_TookTooLong):
        return division.together(_parts(put, division, ends, timeout))
    return None


def _parts(put: Put, division: Division, ends: tuple[int, int], timeout: timedelta) -> Iterator[Sequence[Row]]:
    """From the newest rows to the oldest; stretches grow where they are quick and shrink where they are not."""
    deadline = time.monotonic() + min(timeout, _ALL_PARTS).total_seconds()
    (oldest, upper), stretch = ends, _FIRST_STRETCH
    while upper >= oldest:
        began = time.monotonic()
        if began > deadline:
            raise _TookTooLong
        try:
            rows = put(partial(_asked, division, upper - stretch, upper))
        except (OperationalError, WrittenMeanwhile) as error:
            if stretch <= _LEAST_STRETCH or not is_ended(error):
                raise
            stretch = max(_LEAST_STRETCH, stretch // 4)
            continue
        yield rows
        upper -= stretch
        if time.monotonic() - began < _QUICK_S:
            stretch *= 2


@contextmanager
def _only(connection: Connection, table: str, above: int, until: int) -> Iterator[None]:
    """Inside, `PART` stands for these of its rows, on this connection alone.

    Every other index would lead through the whole of what the question is about again for each part.
    """
    rows = f"SELECT * FROM main.{_quoted(connection, table)} NOT INDEXED WHERE rowid > {above} AND rowid <= {until}"
    _in_our_memory(connection, f"CREATE TEMP VIEW {PART} AS {rows}")
    try:
        yield
    finally:
        _in_our_memory(connection, f"DROP VIEW temp.{PART}")


def _in_our_memory(connection: Connection, statement: str) -> None:
    """What is temporary belongs to our connection, whose file stays opened to be read only."""
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA query_only = OFF")
    try:
        driver.execute(statement)
    finally:
        driver.execute("PRAGMA query_only = ON")


def _asked(division: Division, above: int, until: int, connection: Connection) -> list[Row]:
    with _only(connection, division.table, above, until):
        return [dict(row) for row in connection.execute(division.statement).mappings()]


def _quoted(connection: Connection, table: str) -> str:
    return connection.dialect.identifier_preparer.quote_identifier(table)
