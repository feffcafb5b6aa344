"""Engines that cannot write: each kind of database is told so by its own means when a connection opens."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import NoSuchModuleError
from sqlalchemy.pool import NullPool

from hypercare.database.fingerprint import teach_sqlite
from hypercare.database.sqlite_reading import SHORT, open_live
from hypercare.extras import install_driver
from hypercare.outcome.signals import MonitorFault

# How a database's own log tells our statements from the target's.
APPLICATION = "hypercare"
MARK = f"/* {APPLICATION} */"
CONNECT_WITHIN = timedelta(seconds=5)
_OUR_DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
}
# How many steps of SQLite's machine lie between two looks at the clock.
_STEPS_OF_BRIEF_QUESTIONS, _STEPS_OF_OTHERS = 1_000, 20_000
# The server ends a statement in time by itself; our side of the line only has to outlive that.
_SERVER_MAY_BE_LATE = timedelta(seconds=10)
# Who waits for a lock stands in the way of who comes after; and whoever changes a table waits for our transaction.
_WAIT_FOR_LOCKS_MS = 5_000
_IDLE_IN_TRANSACTION_MS = 120_000
# Most questions are put once, and each that is kept as it was compiled takes some hundred kilobytes.
_COMPILED_QUESTIONS = 20
_KNOWS_PARALLEL_WORKERS, _KNOWS_JIT = 9_06_00, 11_00_00
_OF_EACH_TRANSACTION = "settings of each transaction"
# Modes under which MySQL pads values or refuses questions that it answers without them. How the target's own SQL is
# read (ANSI_QUOTES, PIPES_AS_CONCAT) stays as its server has it.
_MODES_THAT_HINDER = {
    "HIGH_NOT_PRECEDENCE",
    "NO_ZERO_DATE",
    "NO_ZERO_IN_DATE",
    "ONLY_FULL_GROUP_BY",
    "PAD_CHAR_TO_FULL_LENGTH",
    "TRADITIONAL",
}
_BEYOND_PYTHON = ("date", "time", "timetz", "timestamp", "timestamptz", "interval")
_TEXTS = ("text", "varchar", "bpchar", "name")


class OpensFile(Protocol):
    """A way to read an SQLite file."""

    def connect(self) -> sqlite3.Connection: ...


def make_engine(url: URL, timeout: timedelta, reading: OpensFile | None = None) -> Engine:
    """An engine on which every transaction only reads and every statement ends in time: after `timeout` at most.

    `reading` is how an SQLite file is read that others write; without it, it is read itself, for as long as it takes.

    Raises:
        MonitorFault: we have no driver for such an address.
    """
    url = url.set(drivername=_OUR_DRIVERS.get(url.drivername, url.drivername))
    try:
        if url.get_backend_name() == "sqlite":
            return _sqlite(url, timeout, reading)
        return _server(url, timeout)
    except (ImportError, NoSuchModuleError) as error:
        raise MonitorFault(
            f"there is no driver for {url.drivername!r} here ({_first_line(error)})",
            remedy=install_driver(url.get_backend_name() if url.drivername in _OUR_DRIVERS.values() else ""),
        ) from None


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _sqlite(url: URL, timeout: timedelta, reading: OpensFile | None) -> Engine:
    # Without a pool, a file that went away is noticed at the next question.
    file = Path(str(url.database))
    connect = reading.connect if reading is not None else lambda: open_live(file)
    engine = create_engine(
        url, creator=connect, poolclass=NullPool, hide_parameters=True, query_cache_size=_COMPILED_QUESTIONS
    )

    @event.listens_for(engine, "connect")
    def _read_only(connection: sqlite3.Connection, record: Any) -> None:
        connection.execute("PRAGMA query_only=ON")
        connection.text_factory = read_text
        teach_sqlite(connection)

        is_brief, is_in_vain = getattr(connection, "is_brief", False), getattr(connection, "is_in_vain", None)

        def is_to_end() -> bool:
            # From the first step on: what a question waits for a lock before it keeps nobody from writing.
            now = time.monotonic()
            deadline: float = record.info.setdefault("deadline", now + record.info.get("longest", float("inf")))
            return now > deadline or (is_in_vain is not None and is_in_vain())

        looks_often = is_brief or is_in_vain is not None
        connection.set_progress_handler(is_to_end, _STEPS_OF_BRIEF_QUESTIONS if looks_often else _STEPS_OF_OTHERS)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if not is_brief(connection):
            connection.exec_driver_sql("BEGIN")

    @event.listens_for(engine, "before_cursor_execute")
    def _start_the_clock(connection: Connection, *_: Any) -> None:
        longest = min(timeout, SHORT) if is_brief(connection) else timeout
        connection.info["longest"] = longest.total_seconds()
        connection.info.pop("deadline", None)

    return engine


def is_brief(connection: Connection) -> bool:
    """Whether each question of it must be short, since the writers of its file wait for us."""
    return bool(getattr(connection.connection.driver_connection, "is_brief", False))


def _server(url: URL, timeout: timedelta) -> Engine:
    kind = url.get_backend_name()
    options: dict[str, Any] = {"pool_size": 1, "max_overflow": 4, "pool_pre_ping": True}
    seconds = int(CONNECT_WITHIN.total_seconds())
    if kind in {"postgresql", "mysql", "mariadb"}:
        options["connect_args"] = {"connect_timeout": seconds}
        options["isolation_level"] = "REPEATABLE READ"
    if kind == "postgresql":
        options["connect_args"] |= {"application_name": APPLICATION, "client_encoding": "utf8"}
        options["execution_options"] = {"postgresql_readonly": True}
    if url.get_driver_name() == "pymysql":
        options["connect_args"]["program_name"] = APPLICATION
    if url.get_driver_name() in {"pymysql", "mysqldb"}:
        options["connect_args"]["read_timeout"] = int((timeout + _SERVER_MAY_BE_LATE).total_seconds())
    engine = create_engine(url, hide_parameters=True, query_cache_size=_COMPILED_QUESTIONS, **options)
    if kind == "oracle":
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("SET TRANSACTION READ ONLY"))
    event.listen(engine, "before_cursor_execute", _marked, retval=True)
    for_each_connection = _SETTINGS.get(kind)
    if for_each_connection is not None:

        @event.listens_for(engine, "connect")
        def _read_only(connection: Any, record: Any) -> None:
            of_each_transaction = for_each_connection(connection, int(timeout.total_seconds() * 1000))
            if of_each_transaction:
                record.info[_OF_EACH_TRANSACTION] = of_each_transaction

        @event.listens_for(engine, "begin")
        def _settings(connection: Connection) -> None:
            if is_pooled(connection):
                connection.exec_driver_sql(connection.info[_OF_EACH_TRANSACTION])

    return engine


def is_pooled(connection: Connection) -> bool:
    """Whether a pooler between us and the server lends its sessions to others, too."""
    return _OF_EACH_TRANSACTION in connection.info


def _marked(_connection: Connection, _cursor: Any, statement: str, parameters: Any, *_: Any) -> tuple[str, Any]:
    return f"{MARK} {statement}", parameters


def _postgresql(connection: Any, milliseconds: int) -> str:
    """Returns what is to be set in each transaction instead, where a pooler would pass it on with the session."""
    from psycopg import Error

    # Outside a transaction, or the settings would be rolled back with the first one.
    connection.autocommit = True
    pooled = _stands_behind_a_pooler(connection)
    needed = [
        f"statement_timeout = {milliseconds}",
        f"lock_timeout = {_longest_wait_for_locks(milliseconds)}",
        f"idle_in_transaction_session_timeout = {_IDLE_IN_TRANSACTION_MS}",
        "TimeZone = 'UTC'",
    ]
    if not pooled:
        for setting in ("default_transaction_read_only = on", *needed):
            connection.execute(f"SET {setting}")
    taken = []
    for setting in _courtesies(connection.info.server_version):
        # A server of PostgreSQL's kind that does not know it answers all the same.
        with suppress(Error), connection.transaction() if pooled else nullcontext():
            connection.execute(f"SET {'LOCAL' if pooled else 'SESSION'} {setting}")
            taken.append(setting)
    read_leniently(connection)
    connection.autocommit = False
    if not pooled:
        return ""
    connection.prepare_threshold = None  # the next transaction may be held in another session, which knows none
    return "; ".join(f"SET LOCAL {setting}" for setting in (*needed, *taken))


def _stands_behind_a_pooler(connection: Any) -> bool:
    """A pooler gives its clients numbers of its own, by which they would cancel."""
    return bool(connection.execute("SELECT pg_backend_pid()").fetchone()[0] != connection.info.backend_pid)


def _courtesies(server_version: int) -> list[str]:
    # What is of the last days is in memory: looked up, it costs less than reading all that there ever was.
    found = ["random_page_cost = 1.1"]
    # A guest takes one core at most, and compiles nothing for a question that is put once.
    if server_version >= _KNOWS_PARALLEL_WORKERS:
        found.append("max_parallel_workers_per_gather = 0")
    if server_version >= _KNOWS_JIT:
        found.append("jit = off")
    return found


def _mysql(connection: Any, milliseconds: int) -> None:
    cursor = connection.cursor()
    cursor.execute("SELECT VERSION(), @@SESSION.sql_mode")
    version, modes = (str(one) for one in cursor.fetchone())
    harmless_modes = [mode for mode in modes.split(",") if mode and mode not in _MODES_THAT_HINDER]
    # Without the last one, a difference of unsigned numbers that falls below zero is an error.
    cursor.execute(f"SET SESSION sql_mode = '{','.join([*harmless_modes, 'NO_UNSIGNED_SUBTRACTION'])}'")
    cursor.execute("SET SESSION TRANSACTION READ ONLY")
    cursor.execute("SET SESSION time_zone = '+00:00'")
    seconds = max(1, _longest_wait_for_locks(milliseconds) // 1000)
    cursor.execute(f"SET SESSION lock_wait_timeout = {seconds}")
    with suppress(Exception):  # a server without InnoDB has none of its locks
        cursor.execute(f"SET SESSION innodb_lock_wait_timeout = {seconds}")
    if "mariadb" in version.lower():
        cursor.execute(f"SET SESSION max_statement_time = {milliseconds / 1000}")
    else:
        cursor.execute(f"SET SESSION max_execution_time = {milliseconds}")
    cursor.close()


def _longest_wait_for_locks(milliseconds: int) -> int:
    """Less than a statement may take, so that it is the lock that is told of."""
    return min(milliseconds // 2, _WAIT_FOR_LOCKS_MS)


def _sql_server(connection: Any, milliseconds: int) -> None:
    # It knows no session that only reads: nothing is ever committed, and the user should be one that may only SELECT.
    if hasattr(connection, "timeout"):
        connection.timeout = max(1, milliseconds // 1000)
    cursor = connection.cursor()
    cursor.execute(f"SET LOCK_TIMEOUT {milliseconds}")
    cursor.close()


def _oracle(connection: Any, milliseconds: int) -> None:
    connection.call_timeout = milliseconds


_SETTINGS: dict[str, Callable[[Any, int], str | None]] = {
    "postgresql": _postgresql,
    "mysql": _mysql,
    "mariadb": _mysql,
    "mssql": _sql_server,
    "oracle": _oracle,
}


def read_leniently(connection: Any) -> None:
    """Let a connection of psycopg give text where it would refuse a value.

    PostgreSQL knows `infinity`, years before Christ and after 9999, and 24:00; a column of text may hold bytes of
    another encoding. None of that is a reason not to read the row.
    """
    anything = connection.info.parameter_status("server_encoding") == "SQL_ASCII"
    if anything:
        # Nothing says which encoding a text is of, and the server refuses to pass one on that is of another than ours.
        connection.execute("SET client_encoding = 'SQL_ASCII'")
    for name in (*_BEYOND_PYTHON, *(_TEXTS if anything else ())):
        type_info = connection.adapters.types.get(name)
        usual = None if type_info is None else connection.adapters.get_loader(type_info.oid, _text_format())
        if type_info is not None and usual is not None:
            connection.adapters.register_loader(type_info.oid, _lenient(usual))


def read_text(raw: bytes) -> str:
    """Text of any encoding: what is not UTF-8 is shown by a mark, as for SQLite, which checks none."""
    return raw.decode("utf-8", "replace")


def _text_format() -> Any:
    from psycopg.pq import Format

    return Format.TEXT


def _lenient(usual: Any) -> Any:
    from psycopg.adapt import Loader

    class Lenient(Loader):
        def __init__(self, oid: int, context: Any = None) -> None:
            super().__init__(oid, context)
            self._usual = usual(oid, context)

        def load(self, data: Any) -> Any:
            try:
                value = self._usual.load(data)
                return read_text(value) if isinstance(value, bytes) else value
            except Exception:  # noqa: BLE001 - whatever a driver says, the value is shown as it stands
                return read_text(bytes(data))

    return Lenient
