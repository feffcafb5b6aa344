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
from dataclasses import dataclass
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from _pytest.config import default_plugins

_MODEL = "hypercare.operations"
_NEEDED = (
    "faultlab.mutating.model.looks",
    "hypercare.pytest_plugin",
    "hypercare.fixtures",
    "sqlalchemy.dialects.sqlite",
)
_WHOLE = ("hypercare.suite", "hypercare.target", "hypercare.outcome", "hypercare.history", "hypercare.adapters.demo")
_PLUGINS = ("allure_pytest.plugin", "pytest_html.plugin", "pytest_timeout", "xdist.plugin")
_LIMIT_S = 300.0


@dataclass(frozen=True)
class Born:
    """What came of one process: `said` in the order in which it was said. `ended` is false when it was cut off."""

    number: int
    said: Sequence[Any]
    ended: bool


def bring_up(
    life: Callable[..., None], several: Sequence[tuple[Any, ...]], *, at_once: int, limit_s: float = _LIMIT_S
) -> Iterator[Born]:
    """Let `life(connection, *arguments)` run for each of the arguments in a process of its own.

    It tells what it finds through the connection, and None at its end. Nothing said for `limit_s` seconds ends it.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__ + "_preload"])
    waiting = list(enumerate(several))
    running: dict[Connection, tuple[int, ForkServerProcess, list[Any]]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                number, arguments = waiting.pop(0)
                ours, process = _start(context, life, arguments)
                running[ours] = (number, process, [])
            ready = wait(list(running), timeout=limit_s) or list(running)
            for connection in [one for one in running if one in ready]:
                yield from _hear(connection, running)
    finally:
        for _, process, _ in running.values():
            process.kill()


def _start(
    context: ForkServerContext, life: Callable[..., None], arguments: tuple[Any, ...]
) -> tuple[Connection, ForkServerProcess]:
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_live, args=(life, theirs, arguments), daemon=True)
    process.start()
    theirs.close()
    return ours, process


def _hear(
    connection: Connection, running: dict[Connection, tuple[int, ForkServerProcess, list[Any]]]
) -> Iterator[Born]:
    number, process, said = running[connection]
    ended = cut = False
    try:
        if connection.poll(0):
            word = connection.recv()
            ended = word is None
            if not ended:
                said.append(word)
        else:
            cut = True
    except EOFError:
        cut = True
    if not ended and not cut:
        return
    del running[connection]
    connection.close()
    if cut:
        process.kill()
    process.join()
    process.close()
    yield Born(number, said, ended)


def _live(life: Callable[..., None], connection: Connection, arguments: tuple[Any, ...]) -> None:
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    life(connection, *arguments)
    connection.send(None)


class _NotYet(MetaPathFinder):
    """Whoever asks for the operations model is told that it is not there."""

    def find_spec(self, fullname: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if fullname == _MODEL or fullname.startswith(f"{_MODEL}."):
            raise ImportError(fullname)
        return None


def load_all_but_the_model() -> None:
    """Import what can be imported without it."""
    not_yet = _NotYet()
    sys.meta_path.insert(0, not_yet)
    try:
        for name in (*_NEEDED, *_PLUGINS, *(f"_pytest.{name}" for name in default_plugins), *_parts()):
            with suppress(ImportError):
                import_module(name)
    finally:
        sys.meta_path.remove(not_yet)


def _parts() -> Iterator[str]:
    for name in _WHOLE:
        package = import_module(name)
        yield from (part.name for part in iter_modules(package.__path__, f"{name}."))
