"""Asking a busy SQLite file without any lock, and believing the answer only where nothing was written meanwhile.

Nobody who writes waits for such a question, however long it takes and however seldom our process gets its turn. What
was read while somebody wrote may be of two states, or of none: it is thrown away with its connection and asked anew.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError

from hypercare.database.engine import make_engine
from hypercare.database.sqlite_reading import PAUSE_S, open_file, open_live
from hypercare.database.sqlite_reading import Connection as DriverConnection

_TRIES = 4
_LEAST_SHARE = 0.6
"""Of the time that a question takes, for which it is worked on: who waits for a processor or a disk takes no lock."""
_Answer = TypeVar("_Answer")


class WrittenMeanwhile(Exception):
    """Somebody wrote to the file each time that the question was asked."""


@contextmanager
def unless_ended() -> Iterator[None]:
    """Go on behind the block where a question in it was ended."""
    try:
        yield
    except (OperationalError, WrittenMeanwhile) as error:
        if not is_ended(error):
            raise


def is_ended(error: OperationalError | WrittenMeanwhile) -> bool:
    return isinstance(error, WrittenMeanwhile) or "interrupted" in str(error.orig)


@dataclass(frozen=True)
class _State:
    """`version` is another one after each change that was committed; `stat` after each write, committed or not."""

    version: int
    stat: tuple[int, int, int]


class UnlockedReading:
    """`engine` opens connections that take no lock; a new one each time, so that none keeps what it misread."""

    def __init__(self, file: Path, url: URL, timeout: timedelta) -> None:
        self._file = file
        self._watch: sqlite3.Connection | None = None
        self._lock = threading.Lock()
        self._began = threading.local()
        self.engine = make_engine(url, timeout, self)

    def connect(self) -> DriverConnection:
        """Waits until nobody is writing to the file, as long as for any lock."""
        began = self._began.state = self._state()
        connection = open_file(self._file, "nolock=1")
        connection.is_in_vain = lambda: self._stat() != began.stat
        return connection

    def answer(self, ask: Callable[[Connection], _Answer]) -> _Answer:
        """What `ask` returns of a connection without a lock.

        Raises:
            WrittenMeanwhile: no try was left alone.
        """
        took = worked = 0.0
        for _ in range(_TRIES):
            with self.engine.connect() as connection:
                began, worked_before = time.perf_counter(), time.thread_time()
                try:
                    found = ask(connection)
                except Exception:
                    # Whatever is said of pages of two states, malformed and endless included, is said of nothing.
                    if self._is_as_it_was():
                        raise
                else:
                    if self._is_as_it_was():
                        return found
                took += time.perf_counter() - began
                worked += time.thread_time() - worked_before
            time.sleep(PAUSE_S)
        self._began.share = worked / took
        raise WrittenMeanwhile

    def answer_or_else(self, brief: Connection, ask: Callable[[Connection], _Answer]) -> _Answer:
        """The same, or of a connection that locks where no try was left alone and we get on without being kept waiting.

        Raises WrittenMeanwhile where we do not, so that nobody waits with us, and what ends a question there.
        """
        with suppress(WrittenMeanwhile):
            return self.answer(ask)
        if self._began.share < _LEAST_SHARE:
            raise WrittenMeanwhile
        # Who has just slept is not soon sent to sleep amid the question, with the lock in hand.
        time.sleep(PAUSE_S)
        return ask(brief)

    def close(self) -> None:
        self.engine.dispose()
        with self._lock:
            if self._watch is not None:
                self._watch.close()
            self._watch = None

    def _is_as_it_was(self) -> bool:
        try:
            return bool(self._state() == self._began.state)
        except (sqlite3.Error, OSError):
            return False

    def _state(self) -> _State:
        """The version is read under a lock that is let go at once: while it is held, nobody is amid a change."""
        with self._lock:
            if self._watch is None:
                self._watch = open_live(self._file)
            version = int(self._watch.execute("PRAGMA data_version").fetchone()[0])
            return _State(version, self._stat())

    def _stat(self) -> tuple[int, int, int]:
        found = self._file.stat()
        return found.st_ino, found.st_size, found.st_mtime_ns
