"""Letting the project's own tests look at a mutant that no fault of the embedded system shows.

First a small business of plain facts with each of its own faults, asked only by the checks that run through the
mutant: this is what tests/operations does, in a tenth of the time. Then those of the other tests that run through it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from faultlab.mutating.model.hook import put_in
from faultlab.mutating.model.mutant import Mutant
from faultlab.mutating.model.tracing import Lines, traced
from faultlab.suite_run import PROJECT

_FOLDER = "tests/operations"
TEST_FOLDERS = (_FOLDER, "tests/integrity")
_SMALL = f"{_FOLDER}/test_checks_notice_faults.py"
_ALL_WELL, _ONE_WRONG = "test_all_checks_pass_on_a_healthy_business", "test_fault_in_a_plain_schema"
# Tried already, or a server or a system of its own takes longer to make than all the others take together.
_TRIED = "fault_in_a_plain"
_SLOW = "fault_on_postgresql or pass_on_postgresql or embedded_system or dialects"


@dataclass(frozen=True)
class NotRun:
    """The tests themselves could not be run, so that nothing is known of the mutant."""

    why: str


class Small:
    """The small business of tests/operations; to be made once the process has its mutant."""

    def __init__(self, folder: Path) -> None:
        self._own: Any = import_module("tests.operations.test_checks_notice_faults")
        self._url = f"sqlite:///{folder / 'business.sqlite'}"
        self._target = self._own.target_on(self._url, self._own.plain_schema.mapping())
        self._database = self._own.Database(self._target)

    @property
    def checks(self) -> list[str]:
        return [name for name, _ in self._own.checks()]

    def healthy(self) -> None:
        self._own.plain_schema.fill(self._url, self._own.healthy())

    def failed(self, checks: Sequence[str]) -> set[str]:
        """Those of the checks that do not pass now."""
        ended = {name: self._own.run(self._target, name, self._database)[name] for name in checks}
        return {name for name, one in ended.items() if one.outcome != "passed"}

    def with_each_fault(self, checks: Sequence[str]) -> Iterator[tuple[str, set[str]]]:
        """Lay out each fault that any of these checks must notice: its name, and who of them must."""
        concerned = set(checks)
        for fault in (one for one in self._own.FAULTS if one.noticed & concerned):
            facts = self._own.healthy()
            fault.change(facts)
            self._own.plain_schema.fill(self._url, facts)
            yield fault.name, set(fault.noticed) & concerned

    def close(self) -> None:
        self._database.close()


@dataclass(frozen=True)
class Walked:
    """The lines that a test runs through; `test` is its id, or with `shared` the file whose fixtures do."""

    test: str
    lines: dict[str, list[int]]
    shared: bool = False


@dataclass(frozen=True)
class Tried:
    """A test that has just been run with a mutant in it."""

    test: str
    failed: bool


def files_of_tests() -> list[str]:
    """The files of the tests that are tried, relative to the project."""
    found = (path for folder in TEST_FOLDERS for path in (PROJECT / folder).glob("test_*.py"))
    return [str(path.relative_to(PROJECT)) for path in sorted(found)]


def trace_small(connection: Connection) -> None:
    """Tell the lines that each check of the small business runs through."""
    with tempfile.TemporaryDirectory(prefix="hypercare-small-") as folder:
        small = Small(Path(folder))
        small.healthy()
        for name in small.checks:
            with traced() as lines:
                small.failed([name])
            connection.send(Walked(name, _plain(lines)))
        small.close()


def trace_tests(connection: Connection, file: str) -> None:
    """Tell the lines that each test of the file runs through, or NotRun."""
    status = _run([file], _Tracer(connection, file))
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        connection.send(NotRun(f"the tests of {file} fail as they stand (status {int(status)})"))


def try_own_tests(connection: Connection, mutant: Mutant, checks: Sequence[str], tests: Sequence[str]) -> None:
    """Tell which test fails first, "" when all pass, or NotRun; before that, each test that was run.

    `checks` and `tests` are those that run through the mutant.
    """
    put_in(mutant)
    with tempfile.TemporaryDirectory(prefix="hypercare-small-") as folder:
        failed = _small(connection, Path(folder), checks) if checks else ""
    connection.send(failed or (_the_rest(connection, tests) if tests else ""))


def _small(connection: Connection, folder: Path, checks: Sequence[str]) -> str:
    small = Small(folder)
    small.healthy()
    if small.failed(checks):
        return f"{_SMALL}::{_ALL_WELL}"
    for fault, noticed in small.with_each_fault(checks):
        test, failed = f"{_SMALL}::{_ONE_WRONG}[{fault}]", small.failed(checks) != noticed
        connection.send(Tried(test, failed))
        if failed:
            return test
    return ""


def _the_rest(connection: Connection, tests: Sequence[str]) -> str | NotRun:
    first = _Chosen(connection, frozenset(tests))
    files = sorted({test.partition("::")[0] for test in tests})
    status = _run(files, first)
    if not first.failed and status == pytest.ExitCode.USAGE_ERROR:
        # These files were run when their lines were found out: what they import cannot be loaded with the mutant.
        return f"{files[0]} (cannot be loaded)"
    if not first.failed and status != pytest.ExitCode.OK:
        return NotRun(f"the tests of {', '.join(files)} could not be run (status {int(status)})")
    return first.failed


def _run(files: Sequence[str], plugin: object) -> int:
    os.chdir(PROJECT)
    quiet = ["-x", "-q", "--no-header", "--assert=plain", "-p", "no:cacheprovider", "-k", f"not ({_TRIED} or {_SLOW})"]
    return pytest.main([*quiet, f"--rootdir={PROJECT}", "-c", "pyproject.toml", *files], plugins=[plugin])


class _Tracer:
    """What fixtures of a file do for all of its tests is told of the file, since it is done but once."""

    def __init__(self, connection: Connection, file: str) -> None:
        self._connection = connection
        self._file = file

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self) -> Iterator[None]:
        with traced() as lines:
            yield
        self._connection.send(Walked(self._file, _plain(lines), shared=True))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        with traced() as lines:
            yield
        self._connection.send(Walked(item.nodeid, _plain(lines)))


class _Chosen:
    """Lets the chosen tests run, and keeps the first that did not pass."""

    failed = ""

    def __init__(self, connection: Connection, tests: frozenset[str]) -> None:
        self._connection = connection
        self._tests = tests

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if item.nodeid in self._tests]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.failed:
            self.failed = report.nodeid
        if report.when == "call":
            self._connection.send(Tried(report.nodeid, report.failed))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and not self.failed:
            self.failed = report.nodeid


def _plain(lines: Lines) -> dict[str, list[int]]:
    return {file: sorted(numbers) for file, numbers in lines.items()}
