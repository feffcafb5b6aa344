"""The way into the target's database: read-only by the engine's own means, and every statement bounded in time."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Executable, Select, TableClause, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.sql import visitors

from hypercare.database.accounting import account_for, asking_about, fetched
from hypercare.database.answers import readable, rows_of, sql_of
from hypercare.database.column_types import ColumnType, column_types
from hypercare.database.copy import Lag, copy_down_is_no_outage
from hypercare.database.day_share import DayShare
from hypercare.database.engine import is_brief, make_engine
from hypercare.database.guard import Guard
from hypercare.database.in_parts import division_of
from hypercare.database.lock_waits import LockWaits
from hypercare.database.query_plan import Explained
from hypercare.database.schemas import every_schema, places_of, tables_of
from hypercare.database.sqlite_parts import rows_in_parts
from hypercare.database.sqlite_reading import SteadyReading
from hypercare.database.sqlite_unlocked import UnlockedReading, unless_ended
from hypercare.database.trouble import TABLE_MISSING, WritersWouldWait, translated
from hypercare.outcome import evidence
from hypercare.outcome.database_load import DatabaseLoad, load_listened_to
from hypercare.outcome.freshness import may_be_of_copy
from hypercare.outcome.signals import ChannelDown, CheckFailed, MonitorFault, NotCovered, Signal
from hypercare.target_file.config import DatabaseSection
from hypercare.target_file.secrets import MissingSecret
from hypercare.target_file.target import Target

Row = Mapping[str, Any]
_LOG = logging.getLogger(__name__)


class Database:
    """Asks the target's database; nothing is connected before the first question.

    Every question may raise ChannelDown("database") when the database is known to be out of reach, CheckFailed when a
    table is gone or a value stops it, NotCovered when nothing is configured, reading is not allowed, or this one
    question cannot be answered or not in time ([database] timeout), and MonitorFault when our own address, driver or
    mapping is wrong.
    """

    def __init__(self, target: Target, guard: Guard | None = None, *, is_copy: bool = False) -> None:
        self.target = target
        self._is_copy = is_copy
        self.guard = guard
        self.load = DatabaseLoad()
        """What was asked while no check listened."""
        self._engine: Engine | None = None
        self._reading: SteadyReading | None = None
        self._unlocked: UnlockedReading | None = None
        self._lock_waits: LockWaits | None = None
        self._copy: Database | None = None
        self.export: Database | None = None
        """What is read in its place where the target file names one, once it was asked for (database/export.py)."""
        self.known_whole: dict[str, Mapping[str, ColumnType]] = {}
        """Entities of the mapping that were seen to be there with all their columns, and of which types these are."""
        self.known_filled: set[str] = set()
        """Entities of which at least one record was seen."""
        self.known_look_ups: dict[str, bool] = {}
        """Fields by which records were seen to be looked up, and not found by reading all of them."""
        self.known_starts: dict[str, datetime] = {}
        """How far back the daily questions of the session look."""
        self.known_synthetic: dict[str, tuple[Any, ...]] = {}
        """Ids of what is kept for synthetic transactions, by entity, as they were when first asked for."""
        self._current = threading.local()

    @property
    def section(self) -> DatabaseSection:
        """The [database] part of the target file. Raises NotCovered when there is none."""
        section = self.target.config.database
        if section is None:
            raise NotCovered("no database is configured", remedy="Add [database] with a url to the target file.")
        return section

    @property
    def engine(self) -> Engine:
        """The read-only engine. What goes wrong on it outside this class is the caller's to translate."""
        if self._engine is None:
            if self.file is not None:
                self._reading = SteadyReading(self.file, self.target.state, self.section.timeout)
            self._engine = make_engine(self.url, self.section.timeout, self._reading)
            if self.guard is not None:
                self.guard.watch(self._engine)
            self._lock_waits = account_for(self._engine, self.load, self._share)
        return self._engine

    @property
    def how_it_is_read(self) -> str:
        """Of a file that others write, what keeps them from waiting for us; empty before the first question."""
        return "" if self._reading is None else self._reading.says

    @property
    def url(self) -> URL:
        """The address with its password; never show it, `public_url` is for that."""
        section = self.section
        try:
            url = make_url((section.read_from if self._is_copy else None) or section.url)
            if section.password is not None:
                url = url.set(password=section.password.resolve())
        except (ArgumentError, ValueError):
            key = "read_from" if self._is_copy else "url"
            raise MonitorFault(
                "the address of the database cannot be understood", remedy=f"Correct [database] {key}."
            ) from None
        except MissingSecret as missing:
            raise MonitorFault(str(missing), remedy="Give the secret that [database] password names.") from None
        if url.password:
            self.target.redactor.learn([url.password])
        return url

    @property
    def public_url(self) -> str:
        """The address with its password hidden."""
        return self.url.render_as_string(hide_password=True)

    @property
    def address(self) -> str:
        """ "host:port", or the path of a database that is a file."""
        return address_of(self.url)

    @property
    def dialect(self) -> str:
        """ "sqlite", "postgresql", "mysql", "mariadb", "mssql" or "oracle"."""
        return self.url.get_backend_name()

    @property
    def file(self) -> Path | None:
        """The file of an SQLite database."""
        return Path(self.url.database) if self.dialect == "sqlite" and self.url.database else None

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """One read-only transaction, so that related questions see the same instant; inside another it is that one."""
        copy = self._copy_to_ask
        if copy is not None:
            with copy_down_is_no_outage(copy.address), copy.snapshot() as connection:
                (load_listened_to() or self.load).asked_copy(copy.address, copy._lag.require_fresh(connection))
                yield connection
            return
        current: Connection | None = getattr(self._current, "connection", None)
        if current is not None:
            yield current
            return
        with self.translating(connected=False):
            connection = self.engine.connect()
        try:
            with self.translating():
                connection.begin()
            self._current.connection = connection
            yield connection
        finally:
            self._current.connection = None
            _close(connection)

    def rows(self, statement: Executable, *, about: str = "") -> Sequence[Row]:
        """All rows of the answer; `about` names the question in the evidence. The caller bounds how many there are."""
        copy = self._copy_to_ask
        if copy is not None:
            with self.snapshot():
                return copy.rows(statement, about=about)
        if not evidence.is_collecting():
            return self._found(statement, about)
        self._current.sql = ""
        try:
            return self._found(statement, about)
        finally:
            with self.translating(statement):
                sql = self._current.sql or self._readable(statement)
            evidence.attach(f"SQL: {about or 'question'}", sql, "text/plain")

    def _found(self, statement: Executable, about: str) -> Sequence[Row]:
        if self.file is None:
            return self._rows(statement, about)
        with self.snapshot() as connection:
            return (self._rows_of_busy_file if is_brief(connection) else self._rows)(statement, about)

    def _rows_of_busy_file(self, statement: Executable, about: str) -> Sequence[Row]:
        """At once or a part of a table's rows at a time: without a lock, or with one that is soon let go."""
        with self.snapshot() as connection, self.translating(statement):
            put = partial(self._without_lock.answer_or_else, connection)
            with unless_ended():
                return put(lambda one: self._asked(one, statement, about))
            division = division_of(statement)
            with unless_ended():
                found = None if division is None else rows_in_parts(put, division, self.section.timeout)
                if found is not None:
                    return found
        raise WritersWouldWait(tables_in(statement), self.section.timeout)

    @property
    def _without_lock(self) -> UnlockedReading:
        if self._unlocked is None:
            assert self.file is not None
            self._unlocked = UnlockedReading(self.file, self.url, self.section.timeout)
            if self.guard is not None:
                self.guard.watch(self._unlocked.engine)
            account_for(self._unlocked.engine, self.load, self._share)
        return self._unlocked

    def _rows(self, statement: Executable, about: str) -> Sequence[Row]:
        started = time.perf_counter()
        is_alone = getattr(self._current, "connection", None) is None
        with ExitStack() as stack:
            connection = stack.enter_context(self.snapshot())
            stack.enter_context(self.translating(statement))
            if self.dialect == "postgresql" and not is_alone:
                # It answers nothing more in a transaction in which one question failed.
                stack.enter_context(connection.begin_nested())
            found = self._asked(connection, statement, about)
        if _LOG.isEnabledFor(logging.DEBUG):
            took = (time.perf_counter() - started) * 1000
            _LOG.debug("question about %s: %d rows in %.0f ms", about or tables_in(statement), len(found), took)
        return found

    def _asked(self, connection: Connection, statement: Executable, about: str) -> list[Row]:
        asking_about(connection, about)
        answer = connection.execute(statement)
        if evidence.is_collecting():
            self._current.sql = sql_of(answer)
        fetching = time.perf_counter()
        found: list[Row] = rows_of(answer)
        if self.dialect == "sqlite":
            self._note_fetched(connection, time.perf_counter() - fetching)
        return found

    @property
    def _share(self) -> DayShare | None:
        return None if self.guard is None else self.guard.share

    def _note_fetched(self, connection: Connection, seconds: float) -> None:
        fetched(connection, seconds, self.load)
        if self._share is not None:
            self._share.spend(seconds)

    @property
    def _copy_to_ask(self) -> Database | None:
        """The copy, while what is asked may be a little old and the main database is not already being asked."""
        if self._is_copy or self.target.config.database is None or self.section.read_from is None:
            return None
        if not may_be_of_copy() or getattr(self._current, "connection", None) is not None:
            return None
        if self._copy is None:
            self._copy = Database(self.target, self.guard, is_copy=True)
        return self._copy

    @cached_property
    def _lag(self) -> Lag:
        return Lag(self.address, self.section.copy_behind)

    def row(self, statement: Executable, *, about: str = "") -> Row:
        """The only row of the answer."""
        return self.rows(statement, about=about)[0]

    def value(self, statement: Executable, *, about: str = "") -> Any:
        """The first column of the first row; None when there is no row."""
        rows = self.rows(statement, about=about)
        return next(iter(rows[0].values())) if rows else None

    def trouble_with(self, statement: Select[Any]) -> Signal | None:
        """What the database has against a question, which is put to it for no rows; None when it would answer."""
        try:
            with self.snapshot() as connection, self.translating(statement), connection.begin_nested():
                if self.dialect == "sqlite":
                    # It would put a whole view together before it heard that no row of it is wanted.
                    connection.execute(Explained(statement)).all()
                else:
                    # A plain false would swallow the condition of the mapping before the engine heard of it.
                    connection.execute(statement.where(text("1 = 0")))
        except Signal as signal:
            return signal
        return None

    def plan_of(self, statement: Select[Any]) -> Mapping[str, Any]:
        """How PostgreSQL would go about a question, as the outermost step of its plan."""
        explained = Explained(statement, "EXPLAIN (FORMAT JSON)")
        plan: Mapping[str, Any] = self.value(explained, about="a plan")[0]["Plan"]
        return plan

    def types_of(self, statement: Select[Any]) -> Mapping[str, ColumnType]:
        """The types of a question's columns, on an engine that is strict about them; elsewhere nothing."""
        with self.snapshot() as connection, self.translating(statement):
            return column_types(connection, statement)

    @contextmanager
    def translating(self, statement: Executable | None = None, *, connected: bool = True) -> Iterator[None]:
        """Turn what the database or its driver raises inside the block into the signal that it means."""
        try:
            yield
        except (SQLAlchemyError, UnicodeDecodeError, OverflowError) as error:
            raise self._signal(error, statement, connected) from error

    def close(self) -> None:
        if self._copy is not None:
            self._copy.close()
            self._copy = None
        if self.export is not None:
            self.export.close()
            self.export = None
        if self.guard is not None:
            self.guard.close()
        if self._lock_waits is not None:
            self._lock_waits.close()
            self._lock_waits = None
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None
        if self._reading is not None:
            self._reading.close()
            self._reading = None
        if self._unlocked is not None:
            self._unlocked.close()
            self._unlocked = None

    def _signal(self, error: Exception, statement: Executable | None, connected: bool) -> Signal:
        original = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
        broken = isinstance(error, DBAPIError) and error.connection_invalidated
        sql = self._readable(statement) if statement is not None else ""
        signal = translated(
            original,
            self.url,
            timeout=self.section.timeout,
            sql=self.target.redactor.text(sql),
            about="" if statement is None else tables_in(statement),
            connected=connected and not broken,
        )
        of_question = "" if statement is None else f" to a question about {tables_in(statement)}"
        _LOG.info("the database gives no answer%s: %s: %s", of_question, type(signal).__name__, signal)
        if isinstance(signal, CheckFailed) and signal.finding.cause == TABLE_MISSING and self._is_empty():
            return ChannelDown(
                "database", replace(signal.finding, sentence="The database is empty: it has no table at all.")
            )
        return signal

    def _is_empty(self) -> bool:
        try:
            with self.engine.connect() as connection:
                schemas = list(every_schema(connection))
                return not tables_of(connection, schemas) and not places_of(connection, schemas)
        except SQLAlchemyError:
            return False

    def _readable(self, statement: Executable) -> str:
        compiled = statement.compile(dialect=self.engine.dialect)  # type: ignore[attr-defined]
        return readable(str(compiled), compiled.params)


def tables_in(statement: Executable) -> str:
    """The tables that a question is put to, in words; nothing where it is written out as text."""
    found = [one for one in visitors.iterate(statement) if isinstance(one, TableClause)]  # type: ignore[arg-type]
    return ", ".join(dict.fromkeys(one.fullname for one in found))


def address_of(url: URL) -> str:
    if url.host is None:
        return url.database or ""
    default = {"postgresql": 5432, "mysql": 3306, "mariadb": 3306, "mssql": 1433, "oracle": 1521}
    return f"{url.host}:{url.port or default.get(url.get_backend_name(), '')}"


def _close(connection: Connection) -> None:
    try:
        connection.close()
    except SQLAlchemyError:
        # What broke the connection has already been told; the pool only has to forget it.
        connection.invalidate()
