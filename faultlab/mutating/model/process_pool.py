"""Processes that have everything loaded but the operations model: a mutant is born in each of them.

Starting Python, pytest and SQLAlchemy takes longer than a look. A server that has them loaded forks for each mutant,
before there is any thread or connection; what imports the model is left for the child to import.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pkgutil import iter_modules
from time import monotonic
from types import ModuleType
from typing import Any

from _pytest.config import default_plugins

from faultlab.mutating.model.mutant import MODEL

_MODEL = tuple(folder.replace("/", ".") for folder in MODEL)
_NEEDED = (
    "faultlab.mutating.model.steps",
    "hypercare.pytest_plugin",
    "hypercare.suite.hooks",
    "hypercare.fixtures",
    "sqlalchemy.dialects.sqlite",
)
_WHOLE = (
    *("hypercare.suite", "hypercare.outcome", "hypercare.history", "hypercare.adapters.demo", "hypercare.target_file"),
    *(
        "hypercare.database",
        "hypercare.http",
        "hypercare.browser",
        "hypercare.clients",
        "hypercare.web",
        "hypercare.api",
    ),
    *("hypercare.mobile", "hypercare.logs", "hypercare.backups", "hypercare.branch_isolation"),
)
_PLUGINS = ("allure_pytest.plugin", "pytest_html.plugin", "pytest_timeout", "xdist.plugin")
_LIMIT_S = 300.0


@dataclass(frozen=True)
class ProcessResult:
    """What came of one process: `messages` in the order in which they came. `ended` is false when it was cut off."""

    number: int
    messages: Sequence[Any]
    ended: bool


@dataclass
class _RunningProcess:
    number: int
    process: ForkServerProcess
    last_message_at: float
    messages: list[Any] = field(default_factory=list)


def run_in_processes(
    work: Callable[..., None], several: Sequence[tuple[Any, ...]], *, at_once: int, limit_s: float = _LIMIT_S
) -> Iterator[ProcessResult]:
    """Let `work(connection, *arguments)` run for each of the arguments in a process of its own.

    It tells what it finds through the connection, and None at its end. Saying nothing for `limit_s` seconds ends it.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__ + "_preload"])
    waiting = list(enumerate(several))
    running: dict[Connection, _RunningProcess] = {}
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                number, arguments = waiting.pop(0)
                ours, process = _start(context, work, arguments)
                running[ours] = _RunningProcess(number, process, monotonic())
            yield from _receive(running, limit_s)
    finally:
        for one in running.values():
            one.process.kill()


def _start(
    context: ForkServerContext, work: Callable[..., None], arguments: tuple[Any, ...]
) -> tuple[Connection, ForkServerProcess]:
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_run_process, args=(work, theirs, arguments), daemon=True)
    process.start()
    theirs.close()
    return ours, process


def _receive(running: dict[Connection, _RunningProcess], limit_s: float) -> Iterator[ProcessResult]:
    """Wait for a word of any of them, or for the first that has been silent for too long."""
    silent_until = min(one.last_message_at for one in running.values()) + limit_s
    wait(list(running), timeout=max(0.0, silent_until - monotonic()))
    for connection, one in list(running.items()):
        # Asked anew: whoever takes what is yielded below may take his time, in which others spoke.
        if connection.poll(0):
            ended, cut = _receive_message(connection, one)
        else:
            ended, cut = False, monotonic() - one.last_message_at >= limit_s
        if ended or cut:
            del running[connection]
            connection.close()
            if cut:
                one.process.kill()
            one.process.join()
            one.process.close()
            yield ProcessResult(one.number, one.messages, ended)


def _receive_message(connection: Connection, one: _RunningProcess) -> tuple[bool, bool]:
    """Whether that was its last word, and whether it was cut off by the system."""
    try:
        message = connection.recv()
    except EOFError:
        return False, True
    one.last_message_at = monotonic()
    if message is not None:
        one.messages.append(message)
    return message is None, False


def _run_process(work: Callable[..., None], connection: Connection, arguments: tuple[Any, ...]) -> None:
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    work(connection, *arguments)
    connection.send(None)


class _ModelNotFound(MetaPathFinder):
    """Whoever asks for the operations model is told that it is not there."""

    def find_spec(self, fullname: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if any(fullname == name or fullname.startswith(f"{name}.") for name in _MODEL):
            raise ImportError(fullname)
        return None


def load_all_but_the_model() -> None:
    """Import what can be imported without it."""
    finder = _ModelNotFound()
    sys.meta_path.insert(0, finder)
    try:
        for name in (*_NEEDED, *_PLUGINS, *(f"_pytest.{name}" for name in default_plugins), *_parts()):
            with suppress(ImportError):
                import_module(name)
    finally:
        sys.meta_path.remove(finder)


def _parts() -> Iterator[str]:
    for name in _WHOLE:
        package = import_module(name)
        yield from (part.name for part in iter_modules(package.__path__, f"{name}."))
