"""What an engine itself reports as damaged, each by its own means and within a bounded time."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from hypercare.integrity.corruption_in_mysql import damage_in_mysql
from hypercare.outcome.evidence import attach_rows
from hypercare.outcome.finding import Row
from hypercare.outcome.signals import NotCovered

# Beyond this size SQLite's whole check takes longer than a round should: the quick one leaves out only the indexes.
_WHOLE_CHECK_UP_TO = 2 << 30
_ABOUT_DATA = ("NULL value in", "CHECK constraint failed", "TEXT value in", "NUMERIC value in")

_CHECKSUMS = text(
    """SELECT datname, checksum_failures, checksum_last_failure FROM pg_stat_database
       WHERE (datname = current_database() OR datname IS NULL) AND checksum_failures > 0"""
)
_INVALID_INDEXES = text(
    """SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text FROM pg_index i
       WHERE NOT i.indisvalid AND NOT EXISTS
         (SELECT 1 FROM pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)
         AND EXISTS (SELECT 1 FROM pg_class c WHERE c.oid = i.indexrelid AND c.relkind = 'i')"""
)
_HIDING = text(
    """SELECT name, reset_val FROM pg_settings
       WHERE name IN ('ignore_checksum_failure', 'zero_damaged_pages') AND reset_val = 'on'"""
)
_HAS_CHECKSUMS = text("SELECT current_setting('data_checksums') = 'on'")
# What an index alone could answer would leave the table's own pages unread.
_READ_PAGES = (
    "SET LOCAL enable_indexonlyscan = off; SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off"
)
_TABLES_BY_SIZE = text(
    """SELECT c.oid::regclass::text, c.relpages FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't' AND c.relispopulated
         AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
       ORDER BY c.relpages"""
)
_LEAST_WAIT_MS = 100
# SQLSTATE of damaged data (XX...), of a file that cannot be read, and of one that is not there.
_DAMAGE = ("XX", "58030", "58P01")
_HAS_AMCHECK = text("SELECT extversion FROM pg_extension WHERE extname = 'amcheck'")
_INDEXES_BY_SIZE = text(
    """SELECT i.indexrelid::regclass::text AS name, i.indexrelid::int8 AS number FROM pg_index i
       JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
       JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE a.amname = 'btree' AND c.relpersistence = 'p' AND c.relkind = 'i' AND i.indisvalid AND i.indisready
         AND n.nspname !~ '^pg_'
       ORDER BY c.relpages"""
)
_READ, _CHECKED, _DAMAGED, _NOT_ALLOWED = "every page read", "checked", "damaged", "our user may not"
_KEPT_FROM_LOOKING = {
    "42501": _NOT_ALLOWED,
    "57014": "took too long",
    "55P03": "was locked",
    "42P01": "is gone since",
}


def damage(
    connection: Connection, timeout: timedelta, schemas: Sequence[str | None] = (None,)
) -> tuple[list[Row], int]:
    """What is damaged, and how many things were looked at.

    Raises:
        NotCovered: nothing that could be looked at would show damage.
    """
    kind = connection.dialect.name
    if kind == "sqlite":
        return _in_sqlite(connection)
    if kind == "postgresql":
        return _in_postgresql(connection, timeout)
    if kind in {"mysql", "mariadb"}:
        return damage_in_mysql(connection, timeout, schemas)
    connection.execute(text("SELECT 1 FROM DUAL" if kind == "oracle" else "SELECT 1"))
    return [], 0


def _in_sqlite(connection: Connection) -> tuple[list[Row], int]:
    pages = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())
    page = int(connection.exec_driver_sql("PRAGMA page_size").scalar_one())
    check = "integrity_check" if pages * page <= _WHOLE_CHECK_UP_TO else "quick_check"
    lines = [str(line) for (line,) in connection.exec_driver_sql(f"PRAGMA {check}(100)")]
    # Rows that break a rule belong to another item; here only the file counts.
    wrong = [line for line in lines if line != "ok" and not line.startswith(_ABOUT_DATA)]
    return [{"check": check, "engine_says": line} for line in wrong], pages


def _in_postgresql(connection: Connection, timeout: timedelta) -> tuple[list[Row], int]:
    rows: list[Row] = [
        {"database": database or "shared tables", "engine_says": f"{failures} checksum failures", "last": str(last)}
        for database, failures, last in connection.execute(_CHECKSUMS)
    ]
    rows += [
        {"table": table, "index": index, "engine_says": "the index is not valid"}
        for table, index in connection.execute(_INVALID_INDEXES)
    ]
    rows += [
        {"setting": name, "engine_says": f"{name} = {value} hides damaged pages"}
        for name, value in connection.execute(_HIDING)
    ]
    coverage: list[Row] = []
    if connection.execute(_HAS_AMCHECK).scalar() is not None:
        rows += _amcheck(connection, timeout, coverage)
    rows += _pages(connection, timeout, coverage)
    counted = bool(connection.execute(_HAS_CHECKSUMS).scalar())
    coverage.append(
        {"what": "checksums of pages", "looked": "as the server counted" if counted else "has none", "pages": ""}
    )
    attach_rows("what was looked at", coverage)
    checked = counted + sum(entry["looked"] in {_CHECKED, _READ} for entry in coverage)
    if not rows and not checked:
        raise NotCovered(
            "The database has no checksums, and our user may read none of its tables: damage would not be seen.",
            remedy="Grant SELECT on the tables to the monitor's user, or enable checksums (pg_checksums --enable).",
        )
    return rows, checked


def _pages(connection: Connection, timeout: timedelta, coverage: list[Row]) -> list[Row]:
    """Read every page of the tables, from the smallest up for as long as there is time."""
    deadline = time.monotonic() + timeout.total_seconds() * 0.6
    rows: list[Row] = []
    for name, pages in connection.execute(_TABLES_BY_SIZE).all():
        left = int((deadline - time.monotonic()) * 1000)
        if left < _LEAST_WAIT_MS:
            coverage.append({"what": name, "looked": "no time left", "pages": pages})
            continue
        point = connection.begin_nested()
        try:
            connection.exec_driver_sql(_READ_PAGES)
            # Nobody's change of a table is to wait for us, nor we for it.
            connection.exec_driver_sql(
                f"SET LOCAL statement_timeout = {left}; SET LOCAL lock_timeout = {_LEAST_WAIT_MS}"
            )
            connection.exec_driver_sql(f"SELECT count(*) FROM {name}")
            state = _READ
        except DBAPIError as error:
            state = _why_not(error)
            if state == _DAMAGED:
                rows.append({"table": name, "engine_says": _first_line(error)})
        finally:
            # Back even when all went well: the settings go with it, and the lock.
            if point.is_active:
                point.rollback()
        coverage.append({"what": name, "looked": state, "pages": pages})
    return rows


def _why_not(error: DBAPIError) -> str:
    """What kept us from looking at one table or index; what is none of it is raised again."""
    state = getattr(error.orig, "sqlstate", "") or ""
    if state.startswith(_DAMAGE):
        return _DAMAGED
    if state not in _KEPT_FROM_LOOKING:
        raise error
    return _KEPT_FROM_LOOKING[state]


def _amcheck(connection: Connection, timeout: timedelta, coverage: list[Row]) -> list[Row]:
    """Check indexes from the smallest up for as long as there is time."""
    deadline = time.monotonic() + timeout.total_seconds() * 0.6
    rows: list[Row] = []
    for name, number in connection.execute(_INDEXES_BY_SIZE).all():
        if time.monotonic() > deadline:
            coverage.append({"what": name, "looked": "no time left", "pages": ""})
            continue
        point = connection.begin_nested()
        try:
            connection.execute(
                text("SELECT bt_index_check(CAST(CAST(:number AS oid) AS regclass))"), {"number": number}
            )
            state = _CHECKED
        except DBAPIError as error:
            state = _why_not(error)
            if state == _DAMAGED:
                rows.append({"index": name, "engine_says": _first_line(error)})
        finally:
            if point.is_active:
                point.rollback()
        coverage.append({"what": name, "looked": state, "pages": ""})
        if state == _NOT_ALLOWED:
            break  # nor will it be for the others; the pages of the tables remain
    return rows


def _first_line(error: SQLAlchemyError) -> str:
    original = getattr(error, "orig", None) or error
    return (str(original).splitlines() or [type(error).__name__])[0][:200]
