"""Engines that write the history: SQLite beside the reports, or a PostgreSQL that several machines share.

How each of them is asked for one writer at a time, and for rows that are there once.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, func, select, text
from sqlalchemy.engine import URL

# Long enough for whoever else writes a few rows, short enough that a round is not held up by it.
WAIT_SECONDS = 30
_CONNECT_SECONDS = 5
# A connection whose other end is gone is given up after as long.
_SILENT_SECONDS = 20


def make_engine(url: URL, wait_s: float = WAIT_SECONDS) -> Engine:
    """An engine on which a transaction writes unless its execution option `reads` is set. Who has to wait longer than
    `wait_s` for others gives up."""
    return _sqlite(url, wait_s) if url.get_backend_name() == "sqlite" else _postgresql(url, wait_s)


def one_writer(connection: Connection, of: str) -> None:
    """Until the transaction ends, nobody else writes what belongs to `of`.

    SQLite lets one transaction write at a time anyway. So what a transaction reads before it writes still holds then,
    on both engines alike.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _number_of(of)})


def only_holder(connection: Connection, of: str) -> bool:
    """Whether nobody else holds `of` on this PostgreSQL; if so it is held until the transaction ends, however long.

    A lock of the transaction, not of the session: a pooler would give that to others. Such a one that waits keeps no
    vacuum back.
    """
    # The server is to notice soon that a machine which holds it has gone.
    settings = {
        "idle_in_transaction_session_timeout": "0",
        "tcp_keepalives_idle": "60",
        "tcp_keepalives_interval": "10",
    }
    for name, value in settings.items():
        connection.execute(text("SELECT set_config(:name, :value, true)"), {"name": name, "value": value})
    held = connection.execute(text("SELECT pg_try_advisory_xact_lock(:number)"), {"number": _number_of(of)})
    return bool(held.scalar_one())


def now_of(connection: Connection) -> datetime:
    """The present by the clock that all who share this history have in common: the server's, or this machine's."""
    if connection.dialect.name == "postgresql":
        instant: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return instant.astimezone(UTC)
    return datetime.now(UTC)


def _number_of(name: str) -> int:
    return int.from_bytes(hashlib.sha256(f"hypercare:{name}".encode()).digest()[:8], signed=True)


def add_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add the rows of which no twin is there yet, by any of the table's unique keys."""
    if rows:
        connection.execute(_insert(connection, table).on_conflict_do_nothing(), list(rows))


def put(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add the rows; one whose primary key is there takes its place."""
    if not rows:
        return
    keys = [column.name for column in table.primary_key]
    adding = _insert(connection, table)
    fresh = {name: adding.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(adding.on_conflict_do_update(index_elements=keys, set_=fresh), list(rows))


def _insert(connection: Connection, table: Table) -> Any:
    # Either brings all of its drivers along; only that of this history is loaded.
    dialect = import_module(f"sqlalchemy.dialects.{connection.dialect.name}")
    return dialect.insert(table)


def _sqlite(url: URL, wait_s: float) -> Engine:
    engine = create_engine(url, connect_args={"timeout": float(wait_s), "isolation_level": None})

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        # What is committed is on the disk: power may fail as well as the process.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writer asks for the lock at the start: one that read first could not wait for it later.
        reads = connection.get_execution_options().get("reads", False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _postgresql(url: URL, wait_s: float) -> Engine:
    alive = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 2}
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=2,
        pool_pre_ping=True,
        pool_timeout=wait_s,
        connect_args={
            "connect_timeout": _CONNECT_SECONDS,
            "tcp_user_timeout": _SILENT_SECONDS * 1000,
            "application_name": "hypercare",
            "prepare_threshold": None,  # poolers between us and the server do not know them
            **alive,
        },
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.autocommit = True
        connection.execute(f"SET lock_timeout = '{wait_s * 1000:.0f}ms'")
        connection.execute(f"SET statement_timeout = '{2 * WAIT_SECONDS}s'")
        # A machine that falls asleep in the middle of writing does not keep the others waiting.
        connection.execute(f"SET idle_in_transaction_session_timeout = '{WAIT_SECONDS}s'")
        connection.autocommit = False

    return engine
