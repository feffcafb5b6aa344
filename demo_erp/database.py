"""The database: engine by URL, SQLite made strict, sessions for reading and for writing, migrations."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import ArgumentError, DataError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from demo_erp.errors import SetupProblem
from demo_erp.logs import SLOW_STATEMENT_MS, Logs

BUSY_TIMEOUT_SECONDS = 5.0
_INSTALL_DRIVER = 'pip install "hypercare[postgresql]"'
# What drivers raise for ids that no column holds, days past the calendar's end, and halves of characters.
OUT_OF_RANGE = (OverflowError, UnicodeEncodeError)


class Database:
    """One database, named by URL. Nothing is connected before it is used."""

    def __init__(self, url: str, folder: Path, logs: Logs | None = None) -> None:
        self.url = _resolved(url, folder)
        self.engine = self.make_engine()
        if logs is not None:
            _log_errors_and_slow_statements(self.engine, logs)
        self._writing_engine = self.engine.execution_options(writes=True)

    @property
    def dialect(self) -> str:
        """ "sqlite" or "postgresql"."""
        return self.url.get_backend_name()

    @property
    def file(self) -> Path | None:
        """The file of an SQLite database."""
        return Path(self.url.database) if self.dialect == "sqlite" and self.url.database else None

    def make_engine(self, *, busy_timeout: float = BUSY_TIMEOUT_SECONDS) -> Engine:
        """A fresh engine on this database; ``busy_timeout`` is how long a locked or silent one is waited for (s)."""
        if self.dialect == "sqlite":
            return _sqlite_engine(self.url, busy_timeout)
        try:
            return create_engine(
                self.url,
                pool_size=5,
                max_overflow=10,
                pool_pre_ping=True,
                connect_args={"connect_timeout": max(1, round(busy_timeout)), "application_name": "demo_erp"},
            )
        except ImportError:
            raise SetupProblem(f"PostgreSQL needs psycopg, not installed here: {_INSTALL_DRIVER}") from None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads; what it changed is thrown away."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session in one transaction: committed at the end, rolled back when an exception leaves it."""
        with Session(self._writing_engine, expire_on_commit=False) as session, session.begin():
            yield session

    def open_session(self, *, writes: bool) -> Session:
        """A session whose transaction and closing are the caller's."""
        return Session(self._writing_engine if writes else self.engine, expire_on_commit=False)

    @contextmanager
    def connection(self, *, writes: bool = False) -> Iterator[Connection]:
        """A Core connection in one transaction, for bulk work; committed at the end."""
        with (self._writing_engine if writes else self.engine).begin() as connection:
            yield connection

    def create(self) -> None:
        """Make the SQLite file if need be, and bring the tables up to date. Raises SetupProblem when it cannot."""
        from sqlalchemy.exc import SQLAlchemyError

        try:
            if self.file is not None:
                with sqlite3.connect(self.file) as made:
                    made.execute("PRAGMA journal_mode=WAL")
                made.close()
            self.upgrade()
        except (sqlite3.Error, SQLAlchemyError) as problem:
            raise SetupProblem(f"the database {self.public_url} cannot be used: {reason_of(problem)}") from problem

    def upgrade(self) -> None:
        """Run the migrations that are missing."""
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
        with self.connection(writes=True) as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    @property
    def public_url(self) -> str:
        """The URL with its password hidden."""
        return self.url.render_as_string(hide_password=True)

    @property
    def full_url(self) -> str:
        """The URL as a program needs it, absolute and with the password."""
        return self.url.render_as_string(hide_password=False)

    def dispose(self) -> None:
        self.engine.dispose()


def reason_of(problem: Exception) -> str:
    """What the driver said, in one line."""
    message = str(getattr(problem, "orig", None) or problem).strip()
    return message.splitlines()[0] if message else type(problem).__name__


def _resolved(text: str, folder: Path) -> URL:
    try:
        url = make_url(text)
        backend = url.get_backend_name()
    except (ArgumentError, ValueError) as problem:
        raise SetupProblem(f"the database URL cannot be understood: {problem}") from problem
    if backend == "sqlite":
        if not url.database or url.database == ":memory:":
            raise SetupProblem("an SQLite database needs a file: sqlite:///name.sqlite")
        return url.set(database=str(folder / url.database))
    if backend in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    raise SetupProblem(f"unknown database {backend!r}: sqlite and postgresql are supported")


def _sqlite_engine(url: URL, busy_timeout: float) -> Engine:
    # mode=rw: a file that is gone is an error, never a new empty database. No pool: it is noticed at once.
    address = f"file:{quote(str(url.database))}?mode=rw"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(address, uri=True, timeout=busy_timeout, isolation_level=None, check_same_thread=False)

    engine = create_engine(url, creator=connect, poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def _pragmas(connection: sqlite3.Connection, _record: Any) -> None:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=NORMAL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writer asks for the lock at the start: one that read first could not wait for it later.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _log_errors_and_slow_statements(engine: Engine, logs: Logs) -> None:
    @event.listens_for(engine, "before_cursor_execute")
    def _start(connection: Connection, *_: Any) -> None:
        connection.info["started"] = time.perf_counter()

    @event.listens_for(engine, "after_cursor_execute")
    def _finish(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        duration = (time.perf_counter() - connection.info.get("started", time.perf_counter())) * 1000
        if duration > SLOW_STATEMENT_MS:
            logs.database(
                "WARNING",
                "slow statement",
                statement=statement,
                duration_ms=round(duration, 1),
                error_class=None,
            )

    @event.listens_for(engine, "handle_error")
    def _error(context: ExceptionContext) -> None:
        original = context.original_exception
        if isinstance(original, OUT_OF_RANGE):
            return  # the driver refused what somebody entered; the database never heard of it
        logs.database(
            "WARNING" if isinstance(context.sqlalchemy_exception, DataError) else "ERROR",
            str(original).strip(),
            statement=context.statement or "",
            duration_ms=None,
            error_class=type(original).__name__,
        )
