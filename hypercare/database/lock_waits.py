"""Whether a statement of ours that takes long waits for somebody's lock: looked at from beside, and only then.

No engine says afterwards how long a statement waited, so while one runs for longer than usual a second connection asks
the server now and then what it is about.
"""

from __future__ import annotations

import logging
import threading
import time
from contextlib import closing, suppress
from typing import Any

from sqlalchemy import Connection, Engine

from hypercare.database.engine import is_pooled
from hypercare.outcome.database_load import DatabaseLoad

_LOG = logging.getLogger(__name__)
_BETWEEN_LOOKS_S = 0.4
_IS_WAITING = {
    "postgresql": "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s",
    "mysql": "SELECT state LIKE '%%lock%%' FROM information_schema.processlist WHERE id = %s",
    "mariadb": "SELECT state LIKE '%%lock%%' FROM information_schema.processlist WHERE id = %s",
}


class LockWaits:
    """Watches the statements of one engine from a thread of its own, which sleeps while none runs."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._question = _IS_WAITING.get(engine.dialect.name)
        self._running: dict[Connection, tuple[Any, float, DatabaseLoad]] = {}
        self._something_runs = threading.Event()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def begins(self, connection: Connection, load: DatabaseLoad) -> None:
        """A statement is put on this connection; how long it waits is told to the load."""
        session = None if self._question is None else _session_of(connection)
        if session is None:
            return
        self._running[connection] = (session, time.perf_counter(), load)
        if self._thread is None:
            self._thread = threading.Thread(target=self._look_on, name="lock waits", daemon=True)
            self._thread.start()
        self._something_runs.set()

    def ends(self, connection: Connection) -> None:
        self._running.pop(connection, None)

    def close(self) -> None:
        self._closed.set()
        self._something_runs.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _look_on(self) -> None:
        while self._something_runs.wait() and not self._closed.wait(_BETWEEN_LOOKS_S):
            self._something_runs.clear()
            now = time.perf_counter()
            running = list(self._running.values())
            if running:
                self._something_runs.set()
            long_ones = [one for one in running if now - one[1] >= _BETWEEN_LOOKS_S]
            try:
                if long_ones:
                    self._look_at(long_ones)
            except Exception as error:  # noqa: BLE001 - what only looks on breaks nothing
                # A server that lets us have no second session would write down each time that we asked for one.
                _LOG.info("waits for locks are not looked at any more: %s", type(error).__name__)
                return

    def _look_at(self, statements: list[tuple[Any, float, DatabaseLoad]]) -> None:
        with closing(self._engine.raw_connection()) as beside, closing(beside.cursor()) as cursor:
            for session, begun, load in statements:
                cursor.execute(self._question, (session,))
                found = cursor.fetchone()
                if found is not None and found[0]:
                    load.waited_for_lock(time.perf_counter() - begun)
                    _LOG.debug("the statement of session %s waits for a lock", session)
            beside.rollback()


def _session_of(connection: Connection) -> Any:
    """By which number the server knows the session; None where the driver does not say, or a pooler gave another."""
    if is_pooled(connection):
        return None
    driver = connection.connection.driver_connection
    with suppress(AttributeError):
        return driver.info.backend_pid  # type: ignore[union-attr]
    with suppress(AttributeError):
        return driver.thread_id()  # type: ignore[union-attr]
    return None
