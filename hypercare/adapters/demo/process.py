"""Starts the embedded system as a program of its own, on a fresh copy of a prepared history, and stops it."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from importlib.util import find_spec
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from typing import IO, Any

from hypercare.adapters.demo.installed import EmbeddedProblem, require_installed, search_path
from hypercare.adapters.demo.target_file import write_target_file

_LOG = logging.getLogger(__name__)
CACHE_VARIABLE = "HYPERCARE_CACHE"
_DAYS, _SEED = 8, 1
_BEFORE_OPENING, _AFTER_MOST_OF_THE_DAY = time(6), time(17)
_BUILD_LIMIT_S, _START_LIMIT_S, _STOP_LIMIT_S = 300.0, 60.0, 10.0


@dataclass
class EmbeddedSystem:
    """A running embedded system. `served` is what it printed when it answered."""

    state: Path
    served: Mapping[str, Any]
    process: subprocess.Popen[str]
    target_file: Path
    temporary: bool = False

    @classmethod
    def start(cls, clock: time | None = None) -> EmbeddedSystem:
        """Start a throw-away system that stands in its eighth day at this local time."""
        state = Path(tempfile.mkdtemp(prefix="hypercare-demo-")) / "state"
        copy_prepared(state, days=_DAYS, seed=_SEED)
        advance(state, f"{clock or _AFTER_MOST_OF_THE_DAY:%H:%M}")
        system = cls.serve(state)
        system.temporary = True
        return system

    @classmethod
    def serve(
        cls, state: Path, *, port: int = 0, arguments: Sequence[str] = (), environment: Mapping[str, str] | None = None
    ) -> EmbeddedSystem:
        """Serve an existing state folder and write its target file; `environment` is added to ours."""
        # Its input is a pipe from us that nobody writes to: it closes when we die, however that comes about.
        command = _command("serve", "--state", str(state), "--port", str(port), "--until-input-ends", *arguments)
        pipe = subprocess.PIPE
        env = {**_environment(), **(environment or {})}
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=None, text=True, env=env)
        try:
            served = json.loads(_first_line(process))
        except BaseException:
            _end(process)
            raise
        _LOG.info("the embedded system in %s is served by process %d", state, process.pid)
        return cls(state, served, process, write_target_file(state, served))

    def advance(self, to: str | datetime) -> None:
        """Live until this local time ("HH:MM") or instant."""
        advance(self.state, to if isinstance(to, str) else to.isoformat())

    def stop(self) -> None:
        _LOG.info("the embedded system in %s is stopped", self.state)
        _end(self.process)
        if self.temporary:
            shutil.rmtree(self.state.parent, ignore_errors=True)


def copy_prepared(state: Path, *, days: int, seed: int) -> None:
    """Lay a copy of the prepared history into a new state folder, preparing it first where that was never done.

    What is prepared stands in the morning of day `days`, before anybody opens, and is kept as long as the
    embedded system's own code stays as it is.
    """
    cache = Path(os.environ.get(CACHE_VARIABLE) or Path.cwd() / ".cache") / "demo"
    prepared = cache / f"{_code_version()}-{days}-{seed}"
    if not prepared.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as workshop:
            built = Path(workshop) / "state"
            create(built, days=days, seed=seed, at=f"{_BEFORE_OPENING:%H:%M}")
            try:
                built.rename(prepared)
            except OSError:
                # Somebody else prepared the same at the same time; theirs is as good.
                if not prepared.is_dir():
                    raise
    shutil.copytree(prepared, state)
    _move_into(state, prepared)


def create(
    state: Path, *, days: int, seed: int, at: str, database: str | None = None, go_live: date | None = None
) -> None:
    """Build a history from nothing, so that the business stands in day `days` at the local time `at`."""
    extra = ["--database", database] if database else []
    extra += ["--go-live", go_live.isoformat()] if go_live else []
    _run("create", "--state", str(state), "--days", str(days), "--seed", str(seed), "--at", at, *extra)


def advance(state: Path, to: str) -> None:
    _LOG.info("the embedded system in %s lives on until %s", state, to)
    _run("advance", "--state", str(state), "--to", to)


def _move_into(state: Path, prepared: Path) -> None:
    """Settings name the default database by its place; a copy has its own."""
    settings = state / "settings.json"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace(str(prepared), str(state)), encoding="utf-8")


def _code_version() -> str:
    spec = find_spec("demo_erp")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedProblem("the embedded system is not installed", remedy="Install hypercare anew.")
    folder = Path(next(iter(spec.submodule_search_locations)))
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _run(*arguments: str) -> None:
    try:
        done = subprocess.run(
            _command(*arguments),
            stderr=None if sys.stderr.isatty() else subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            timeout=_BUILD_LIMIT_S,
            env=_environment(),
        )
    except subprocess.TimeoutExpired:
        raise EmbeddedProblem(
            f"the embedded system did not finish {arguments[0]!r} in {_BUILD_LIMIT_S:.0f} s"
        ) from None
    if done.returncode:
        last = (done.stderr or "").strip().splitlines()[-1:] or [f"status {done.returncode}"]
        raise EmbeddedProblem(f"the embedded system could not {arguments[0]}: {last[0]}")


def _command(*arguments: str) -> list[str]:
    require_installed()
    return [sys.executable, "-m", "demo_erp", *arguments]


def _environment() -> dict[str, str]:
    path = search_path()
    return {**os.environ, "PYTHONUNBUFFERED": "1", **({"PYTHONPATH": path} if path else {})}


def _first_line(process: subprocess.Popen[str]) -> str:
    output = process.stdout
    assert output is not None
    line = _line_within(output, _START_LIMIT_S)
    if not line:
        code = process.poll()
        ended = f"ended with status {code}" if code is not None else f"did not answer within {_START_LIMIT_S:.0f} s"
        raise EmbeddedProblem(f"the embedded system {ended} instead of serving")
    return line


def _line_within(output: IO[str], limit_s: float) -> str:
    with DefaultSelector() as selector:
        selector.register(output, EVENT_READ)
        return output.readline() if selector.select(limit_s) else ""


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(_STOP_LIMIT_S)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
