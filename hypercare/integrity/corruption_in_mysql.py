"""What MySQL and MariaDB themselves report as damaged: CHECK TABLE, table after table, for as long as there is time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from hypercare.database.schemas import TableName, real_names
from hypercare.outcome.evidence import attach_rows
from hypercare.outcome.finding import Row
from hypercare.outcome.signals import NotCovered

_SHARE_OF_TIME = 0.6
_TABLES_BY_SIZE = text(
    "SELECT table_schema, table_name, engine, COALESCE(data_length, 0) FROM information_schema.tables"
    " WHERE table_schema IN :schemas AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') ORDER BY data_length"
).bindparams(bindparam("schemas", expanding=True))
# A check of these keeps everybody from writing for as long as it takes.
_LOCKED_MEANWHILE = {"MyISAM", "Aria", "MRG_MyISAM", "CSV"}
_LONGEST_LOCK = 1.0
_FINE = ("ok", "table is already up to date")
_CHECKED, _UNKNOWN, _NO_TIME = "checked", "its engine has no check", "no time left"
_NO_CHECK = "doesn't support"
_INTERRUPTED = ("interrupted", "max_statement_time", "execution time exceeded")
_LOCKED = ("Lock wait timeout exceeded", "Deadlock found")
# Numbers of a user that may not, of a table that is locked or takes too long, and of one that is gone since.
_KEPT_FROM_LOOKING = {
    1142: "our user may not",
    1044: "our user may not",
    1205: "was locked",
    1317: "took too long",
    1969: "took too long",
    3024: "took too long",
    1146: "is gone since",
    1792: "our session may not",
}


def damage_in_mysql(
    connection: Connection, timeout: timedelta, schemas: Sequence[str | None] = (None,)
) -> tuple[list[Row], int]:
    """What is damaged, and how many tables were looked at.

    Raises:
        NotCovered: no table could be looked at.
    """
    deadline = time.monotonic() + timeout.total_seconds() * _SHARE_OF_TIME
    default, *_ = names = real_names(connection, schemas)
    tables = connection.execute(_TABLES_BY_SIZE, {"schemas": names}).all()
    coverage: list[Row] = []
    rows: list[Row] = []
    for schema, table, engine, size in tables:
        name = TableName(None if schema == default else str(schema), str(table))
        left = deadline - time.monotonic()
        most = min(left, _LONGEST_LOCK) if engine in _LOCKED_MEANWHILE else left
        state, trouble = _check_table(connection, name, most) if left > 0 else (_NO_TIME, "")
        coverage.append({"what": name.words, "looked": state, "engine": engine, "bytes": int(size)})
        if trouble:
            rows.append({"table": name.words, "engine_says": trouble})
    attach_rows("what was looked at", coverage)
    checked = sum(entry["looked"] == _CHECKED for entry in coverage)
    if not checked and not rows:
        why = coverage[0]["looked"] if coverage else "our user sees none"
        raise NotCovered(
            f"No table could be checked: {why}.",
            remedy="Grant SELECT on the tables to the monitor's user, and raise [database] timeout if time was short.",
        )
    return rows, checked


def _check_table(connection: Connection, name: TableName, seconds: float) -> tuple[str, str]:
    """How one table was looked at, and what is wrong with it."""
    quote = connection.dialect.identifier_preparer.quote
    quoted = ".".join(quote(part) for part in (name.schema, name.name) if part is not None)
    try:
        with _ended_after(connection, seconds):
            answer = connection.exec_driver_sql(f"CHECK TABLE {quoted} QUICK").all()
    except DBAPIError as error:
        return why_not(error), ""
    reason = reason_not_checked(str(line[3]) for line in answer)
    return (reason, "") if reason else (_CHECKED, _trouble_in(answer))


def reason_not_checked(messages: Iterable[str]) -> str:
    """Why the engine did not look, by its own words; empty when it did. Nothing of it is damage."""
    words = " ".join(messages)
    if any(one in words for one in _INTERRUPTED):
        return "took too long"
    if any(one in words for one in _LOCKED):
        return "was locked"
    return _UNKNOWN if _NO_CHECK in words else ""


def _trouble_in(answer: Sequence[Any]) -> str:
    """The first word of trouble. A warning alone is none: a table in use gives some."""
    status = [(str(kind).lower(), str(words)) for _, _, kind, words in answer]
    bad = any(kind == "error" or (kind == "status" and words.lower() not in _FINE) for kind, words in status)
    return next((words for kind, words in _worst_first(status) if words.lower() not in _FINE), "") if bad else ""


def _worst_first(status: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(status, key=lambda one: ("error", "warning", "status").index(one[0]) if one[0] != "note" else 9)


def why_not(error: DBAPIError) -> str:
    """Why the engine did not look, by the number of its error. Raises the error when that is not why."""
    arguments = getattr(error.orig, "args", ()) or (0,)
    if arguments[0] not in _KEPT_FROM_LOOKING:
        raise error
    return _KEPT_FROM_LOOKING[arguments[0]]


@contextmanager
def _ended_after(connection: Connection, seconds: float) -> Iterator[None]:
    """End what runs inside the block from a second connection: MySQL bounds only questions by itself, not checks."""
    own = int(connection.exec_driver_sql("SELECT CONNECTION_ID()").scalar_one())
    done = threading.Event()

    def end() -> None:
        try:
            with connection.engine.connect() as other:
                if not done.is_set():
                    other.exec_driver_sql(f"KILL QUERY {own}")
        except SQLAlchemyError:
            pass  # whatever is wrong with the server, the check itself is told of it

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        done.set()
        timer.cancel()
