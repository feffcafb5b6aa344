"""How long the database was at work for each of our statements, and how long a statement waited for others."""

from __future__ import annotations

import re
import time
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExceptionContext

from hypercare.database.day_share import DayShare
from hypercare.database.lock_waits import LockWaits
from hypercare.outcome.database_load import DatabaseLoad, load_listened_to

_ABOUT, _BEGUN, _TOOK = "about", "statement began", "statement took"
_TABLES = re.compile(r"\b(?:FROM|JOIN)\s+([\w.\"`\[\]]+)", re.IGNORECASE)
_MOST_TABLES = 3
_OF_TRANSACTIONS = re.compile(r"\s*(?:/\*.*?\*/\s*)?(?:BEGIN|SAVEPOINT|RELEASE|ROLLBACK)\b", re.IGNORECASE)
# What an engine says of a statement that gave up waiting for somebody else's lock.
_LOCKED = re.compile(r"\A55P03|\A1205\b|database (?:table |schema )?is locked|lock wait timeout|lock timeout")


def account_for(engine: Engine, unheard: DatabaseLoad, share: DayShare | None = None) -> LockWaits:
    """Tell the load of each statement to whoever listens to it; what nobody listens to is added to `unheard`.

    All of them use up the `share` of the day. Returns what watches for locks, to be closed with the engine.
    """
    lock_waits = LockWaits(engine)

    def _spent(seconds: float) -> None:
        if share is not None:
            share.spend(seconds)

    @event.listens_for(engine, "before_cursor_execute")
    def _begin(connection: Connection, *_: Any) -> None:
        connection.info[_BEGUN] = time.perf_counter()
        lock_waits.begins(connection, load_listened_to() or unheard)

    @event.listens_for(engine, "after_cursor_execute")
    def _end(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        lock_waits.ends(connection)
        _spent(_told(connection, statement, unheard))

    @event.listens_for(engine, "handle_error")
    def _broken_off(context: ExceptionContext) -> None:
        connection, error = context.connection, context.original_exception
        if connection is None:
            return
        lock_waits.ends(connection)
        if connection.invalidated or context.statement is None:
            return
        seconds = _told(connection, context.statement, unheard)
        _spent(seconds)
        if _LOCKED.search(f"{getattr(error, 'sqlstate', None) or ''}{' '.join(map(str, error.args))}"):
            (load_listened_to() or unheard).waited_for_lock(seconds)

    return lock_waits


def asking_about(connection: Connection, about: str) -> None:
    """What the next statement is about, in words."""
    connection.info[_ABOUT] = about


def fetched(connection: Connection, seconds: float, unheard: DatabaseLoad) -> None:
    """The rows of the last statement took so long, of an engine that finds them one by one."""
    about, took = connection.info.get(_TOOK, ("", 0.0))
    connection.info[_TOOK] = (about, took + seconds)
    (load_listened_to() or unheard).went_on(about, seconds, took + seconds)


def _told(connection: Connection, statement: str, unheard: DatabaseLoad) -> float:
    begun: float | None = connection.info.pop(_BEGUN, None)
    if begun is None:
        return 0.0
    seconds = time.perf_counter() - begun
    load = load_listened_to() or unheard
    about = connection.info.pop(_ABOUT, "")
    if not about and seconds > load.slowest_s:
        about = _tables_named(statement)
    connection.info[_TOOK] = (about, seconds)
    if _OF_TRANSACTIONS.match(statement):
        load.went_on(about, seconds, 0.0)
    else:
        load.asked(about, seconds)
    return seconds


def _tables_named(statement: str) -> str:
    names = dict.fromkeys(re.sub(r"[\"`\[\]]", "", name) for name in _TABLES.findall(statement))
    return ", ".join(list(names)[:_MOST_TABLES])
