"""The embedded business at the three hours of its eighth day, made once and copied for each test."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import time
from pathlib import Path

from hypercare.adapters.demo.process import EmbeddedSystem, advance, copy_prepared
from hypercare.adapters.demo.target_file import write_target_file

HOURS = (time(9), time(12), time(17))
NOBODY_SERVES = "http://127.0.0.1:9"


class PreparedDay:
    """`folder` may be shared by several processes: whoever needs an hour first prepares it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def copy(self, at: time, state: Path) -> Path:
        """Lay a copy of the business at this hour into a new folder; its target file. Nobody serves it."""
        shutil.copytree(self._prepared(at), state)
        return target_file_of(state)

    @contextmanager
    def served(self, at: time, state: Path, *arguments: str) -> Iterator[EmbeddedSystem]:
        """Serve a copy; with `--frozen` and `--no-traffic` nothing in it moves by itself."""
        shutil.copytree(self._prepared(at), state)
        system = EmbeddedSystem.serve(state, arguments=arguments)
        try:
            yield system
        finally:
            system.stop()
            shutil.rmtree(state, ignore_errors=True)

    def prepare(self, at: time) -> None:
        """Make this hour now, so that nobody has to wait for it later."""
        self._prepared(at)

    def _prepared(self, at: time) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        ready = self.folder / f"{at:%H%M}"
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not ready.is_dir():
                self._prepare(at, ready)
        return ready

    def _prepare(self, at: time, ready: Path) -> None:
        draft = ready.with_suffix(".part")
        shutil.rmtree(draft, ignore_errors=True)
        earlier = [hour for hour in HOURS if hour < at and (self.folder / f"{hour:%H%M}").is_dir()]
        if earlier:
            shutil.copytree(self.folder / f"{earlier[-1]:%H%M}", draft)
        else:
            copy_prepared(draft, days=8, seed=1)
        advance(draft, f"{at:%H:%M}")
        draft.rename(ready)


def target_file_of(state: Path) -> Path:
    """Write the target file of a copy that nobody serves; its path."""
    return write_target_file(state, _business(state))


def fingerprint(state: Path) -> dict[str, str]:
    """What a fault may change, and what taking it out must bring back: every row, log and backup, and the clock."""
    files = [state / "clock.json", *(path for part in ("logs", "backups") for path in (state / part).rglob("*"))]
    found = {path.name: _sum(path.read_bytes()) for path in files if path.is_file() and path.name != ".lock"}
    with closing(sqlite3.connect(state / "erp.sqlite")) as connection:
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            found[table] = _sum(repr(connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()).encode())
    return found


def _sum(what: bytes) -> str:
    return hashlib.sha256(what).hexdigest()


def _business(state: Path) -> dict[str, object]:
    """What a server would have told of itself."""
    return {
        "web_url": f"{NOBODY_SERVES}/",
        "api_url": f"{NOBODY_SERVES}/api/v1",
        "mobile_url": f"{NOBODY_SERVES}/m",
        "database_url": f"sqlite:///{state / 'erp.sqlite'}",
        "log_paths": {name: str(state / "logs" / f"{name}.jsonl") for name in ("app", "access", "database")},
        "backup_dir": str(state / "backups"),
        "accounts_file": str(state / "accounts.json"),
    }
