"""Reading an SQLite file beside the application that writes it, so that it never waits for us.

With a write-ahead log readers and writers do not meet. With a rollback journal they do: for as long as anybody reads,
nobody's change is written. There a copy is read, which is made in small steps with the lock let go between them; what
is written meanwhile begins it anew. A file that is large and never rests is read itself, without a lock
(sqlite_unlocked.py): at once where nobody writes for as long as the question takes, else a part of the rows at a time
(sqlite_parts.py). What needs a lock all the same, as the catalogue does, is to be short.
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from hypercare.database.scratch import scratch_folder
from hypercare.outcome.signals import MonitorFault

_LOG = logging.getLogger(__name__)
WAIT = timedelta(seconds=5)
SHORT = timedelta(milliseconds=40)
"""How long one question may keep the application from writing, where no copy could be made. Who waits for a lock looks
for it again after pauses that grow, and ours may be the process that waits for its turn, so that it takes longer."""
_STEP_BYTES = 2 << 20  # a few milliseconds' work
_MOST_RESTARTS = 3
_SMALL = 24 << 20  # copied at once in the end: some hundredths of a second's work
_MOST_LARGE_COPIES = 3
_TOO_LARGE = 1 << 30  # not copied at all
_RESTLESS_FOR = timedelta(minutes=10)
_IN_MEMORY = 32 << 20
_ROOM_LEFT = 200 << 20
PAUSE_S = 0.002


class Connection(sqlite3.Connection):
    """`is_brief` is whether each question must be short, and let go of its lock; `is_in_vain` tells, while one is
    answered, that its answer will be thrown away."""

    is_brief = False
    is_in_vain: Callable[[], bool] | None = None


class _ChangedMeanwhile(Exception):
    """The file is written so often that no copy in steps is ever whole."""


@dataclass
class SteadyReading:
    """Opens connections to a file, or to a copy of it that is as new as the file. `state` is a folder of our own."""

    file: Path
    state: Path
    timeout: timedelta
    says: str = ""
    """How the file was read last, in words."""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _open: ExitStack = field(default_factory=ExitStack)
    _watch: sqlite3.Connection | None = None
    _inode: int = 0
    _data_version: int = -1
    _copy: str = ""
    _open_copy: sqlite3.Connection | None = None
    _large_copies: int = 0
    _restless_until: float = 0.0

    def connect(self) -> Connection:
        live = open_live(self.file)
        try:
            if str(live.execute("PRAGMA journal_mode").fetchone()[0]).lower() == "wal":
                self.says = "beside its writers, who do not wait for us (WAL)"
                return live
            with self._lock:
                copy = self._fresh_copy(live)
        except BaseException:
            live.close()
            raise
        if not copy:
            live.is_brief = True
            self.says = (
                "without a lock, in questions that are asked again where it was written meanwhile,"
                " since its writers would wait for us"
            )
            return live
        live.close()
        self.says = "from a copy made in small steps, so that its writers do not wait for us"
        return sqlite3.connect(copy, uri=True, isolation_level=None, check_same_thread=False, factory=Connection)

    def close(self) -> None:
        """Remove the copy."""
        with self._lock:
            self._forget()

    def _fresh_copy(self, live: Connection) -> str:
        inode = self.file.stat().st_ino
        if self._watch is None or inode != self._inode:
            self._forget()
            self._watch, self._inode = open_live(self.file), inode
        if time.monotonic() < self._restless_until:
            return ""
        data_version = int(self._watch.execute("PRAGMA data_version").fetchone()[0])
        if not self._copy or data_version != self._data_version:
            self._copy, self._data_version = self._make_copy(live), data_version
        return self._copy

    def _make_copy(self, live: Connection) -> str:
        """The address of a new copy; empty where none can be made."""
        page = int(live.execute("PRAGMA page_size").fetchone()[0])
        size = page * int(live.execute("PRAGMA page_count").fetchone()[0])
        self._close_copy()
        if size > _TOO_LARGE or (size > _SMALL and self._large_copies >= _MOST_LARGE_COPIES):
            self._rests_not()
            return ""
        try:
            address = self._address(size)
            copy = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
            try:
                copy.execute("PRAGMA journal_mode = OFF")
                copy.execute("PRAGMA synchronous = OFF")
                in_steps(live, copy, max(1, _STEP_BYTES // page), self.timeout)
            except _ChangedMeanwhile:
                _LOG.info("%s is written so often that no copy in steps of its %d bytes gets whole", self.file, size)
                if size > _SMALL:
                    copy.close()
                    self._rests_not()
                    return ""
                live.backup(copy)
        except (MonitorFault, OSError):
            return ""  # our own disk has no room for it
        _LOG.debug("%s: %d bytes copied to be read, in steps", self.file, size)
        self._large_copies += size > _SMALL
        # A copy in memory lasts for as long as somebody has it open.
        self._open_copy = copy
        return address

    def _rests_not(self) -> None:
        """A large file that is written again and again would be copied for nearly every question."""
        self._large_copies = 0
        self._restless_until = time.monotonic() + _RESTLESS_FOR.total_seconds()

    def _address(self, size: int) -> str:
        if size <= _IN_MEMORY:
            return f"file:hypercare-{os.getpid()}-{secrets.token_hex(8)}?mode=memory&cache=shared"
        folder = self._open.enter_context(scratch_folder(self.state))
        if shutil.disk_usage(folder).free < size + _ROOM_LEFT:
            raise OSError("no room for a copy")
        return f"file:{quote(str(folder / 'live.sqlite'))}"

    def _forget(self) -> None:
        self._close_copy()
        if self._watch is not None:
            self._watch.close()
        self._watch, self._copy = None, ""

    def _close_copy(self) -> None:
        if self._open_copy is not None:
            self._open_copy.close()
        self._open_copy = None
        self._open.close()


def open_live(file: Path) -> Connection:
    """The file itself, only to be read; one that is not there is not made."""
    return open_file(file)


def open_file(file: Path, *options: str) -> Connection:
    return sqlite3.connect(
        f"file:{quote(str(file))}?{'&'.join(('mode=ro', *options))}",
        uri=True,
        timeout=WAIT.total_seconds(),
        isolation_level=None,
        check_same_thread=False,
        factory=Connection,
    )


def in_steps(live: sqlite3.Connection, copy: sqlite3.Connection, pages: int, timeout: timedelta) -> None:
    """Copy so many pages at a time; between two steps the file is free.

    Raises:
        _ChangedMeanwhile: it was changed each time before the copy was whole, or it takes too long.
    """
    deadline = time.monotonic() + timeout.total_seconds()
    last, restarts = None, 0

    def after_each(status: int, remaining: int, _total: int) -> None:
        nonlocal last, restarts
        if status == 0 and last is not None and remaining >= last > 0:
            restarts += 1
        last = remaining if status == 0 else last
        if restarts > _MOST_RESTARTS or time.monotonic() > deadline:
            raise _ChangedMeanwhile
        time.sleep(PAUSE_S if remaining else 0)

    live.backup(copy, pages=pages, progress=after_each, sleep=PAUSE_S)
