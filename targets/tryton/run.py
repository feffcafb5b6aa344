"""What one process makes for itself beside the prepared databases, so that nothing of it stays when it is killed.

A run has a folder, and in it a file that it keeps locked for as long as it lives. A caretaker waits beside it and
takes everything away once the run is gone; what even the caretaker left is taken away at the next start.
"""

from __future__ import annotations

import fcntl
import itertools
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from targets.tryton.engines import Engine, engine_named

_PROJECT = Path(__file__).parents[2]
_MADE, _LOCK = "made.jsonl", "lock"
_LETS_GO_WITHIN = 10  # seconds; a server that just lost its owner writes its last lines


class Run:
    """One process's own databases and folders under `cache`."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache
        self.folder = cache / "runs" / f"{os.getpid()}-{secrets.token_hex(4)}"
        self._numbers = itertools.count(1)
        self._engines: dict[str, Engine] = {}
        with _nobody_else_sweeps(cache):
            _sweep(cache)
            self.folder.mkdir()
            self._lock = _locked(self.folder)
        self._caretaker = subprocess.Popen(
            [sys.executable, "-m", "targets.tryton.run", str(cache)],
            cwd=_PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def engine(self, name: str) -> Engine:
        """The engine of that name, "sqlite" or "postgresql"."""
        if name not in self._engines:
            self._note(engine=name)
            self._engines[name] = engine_named(name, self.cache)
        return self._engines[name]

    def name(self) -> str:
        """A name for a database that nobody else has."""
        return f"run_{self.folder.name.replace('-', '_')}_{next(self._numbers)}"

    def will_make(self, *, engine: str = "", database: str = "", folder: Path | None = None) -> None:
        """Noted before it is made."""
        self._note(engine=engine, database=database, folder=str(folder.absolute()) if folder else "")

    def close(self) -> None:
        """Everything goes at once, and the caretaker with it."""
        if self._caretaker.stdin is None or self._caretaker.stdin.closed:
            return
        remove(self.folder)
        self._lock.close()
        self._caretaker.stdin.close()
        self._caretaker.wait()

    def _note(self, **what: str) -> None:
        with (self.folder / _MADE).open("a", encoding="utf-8") as made:
            made.write(json.dumps({key: value for key, value in what.items() if value}) + "\n")


@contextmanager
def run_in(cache: Path) -> Iterator[Run]:
    run = Run(cache)
    try:
        yield run
    finally:
        run.close()


def sweep(cache: Path) -> None:
    """Take away what runs that are no more have left."""
    with _nobody_else_sweeps(cache):
        _sweep(cache)


def _sweep(cache: Path) -> None:
    for folder in sorted((cache / "runs").glob("*-*")):
        try:
            lock = _locked(folder)
        except BlockingIOError:
            continue
        with lock:
            remove(folder)


@contextmanager
def _nobody_else_sweeps(cache: Path) -> Iterator[None]:
    (cache / "runs").mkdir(parents=True, exist_ok=True)
    with (cache / "runs.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def remove(folder: Path) -> None:
    """What a run made, and its folder."""
    for made in _made(folder):
        if "database" in made:
            engine_named(made["engine"], folder.parents[1]).drop(made["database"])
        elif "engine" in made:
            engine_named(made["engine"], folder.parents[1]).forget_the_dead()
        if "folder" in made:
            _remove_folder(Path(made["folder"]))
    _remove_folder(folder)


def _remove_folder(folder: Path) -> None:
    deadline = time.monotonic() + _LETS_GO_WITHIN
    while folder.exists() and time.monotonic() < deadline:
        shutil.rmtree(folder, ignore_errors=True)
        if folder.exists():
            time.sleep(0.2)


def _made(folder: Path) -> list[dict[str, Any]]:
    try:
        lines = (folder / _MADE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    noted = []
    for line in lines:
        try:
            noted.append(json.loads(line))
        except ValueError:
            continue  # it was killed while it wrote, before it made anything
    return noted


def _locked(folder: Path) -> IO[bytes]:
    """Raises BlockingIOError when its run lives."""
    lock = (folder / _LOCK).open("ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise
    return lock


def _take_care(cache: Path) -> None:
    """Wait until whoever started us is gone, then take away what it left."""
    while os.read(0, 4096):
        pass
    time.sleep(0.2)  # the lock is let go at the same moment as the pipe
    sweep(cache)


if __name__ == "__main__":
    _take_care(Path(sys.argv[1]))
