"""What a database server on this machine spent for one connection, by the kernel's own accounting."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, text

_PROC = Path("/proc")


class ServerTime:
    """Seconds of processor time that the server spent so far for one connection; of SQLite, this thread's own.

    PostgreSQL: the backend's process, so parallel workers are left out; measure with
    max_parallel_workers_per_gather = 0. MariaDB: the connection's thread.
    """

    def __init__(self, connection: Connection) -> None:
        self._file: Path | None = None
        dialect = connection.dialect.name
        raw: Any = connection.connection.driver_connection
        if dialect == "postgresql":
            self._file = _PROC / str(raw.info.backend_pid) / "schedstat"
        elif dialect in ("mysql", "mariadb"):
            found = _asked(raw, "SELECT TID FROM information_schema.PROCESSLIST WHERE ID = CONNECTION_ID()")
            server = Path(_asked(raw, "SELECT @@pid_file")).read_text(encoding="ascii").strip()
            self._file = _PROC / server / "task" / str(found) / "schedstat"

    def seconds(self) -> float:
        if self._file is None:
            return time.thread_time()
        return int(self._file.read_text(encoding="ascii").split()[0]) / 1e9


def _asked(raw: Any, question: str) -> Any:
    with raw.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def version_of(engine: Engine) -> str:
    """The engine and its version; its connections are closed afterwards."""
    name = engine.dialect.name
    question = "SELECT sqlite_version()" if name == "sqlite" else "SELECT version()"
    with engine.connect() as connection:
        found = str(connection.execute(text(question)).scalar_one())
    engine.dispose()
    return f"SQLite {found}" if name == "sqlite" else found.split(" (")[0]
