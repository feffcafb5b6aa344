"""Letting the project's own tests look at a mutant that no fault of the embedded system shows.

First a small business of plain facts with each of its own faults, asked only by the checks that run through the
mutant: this is what tests/operations does, in a tenth of the time. Then the tests that try the rest of the model.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from faultlab.looking import PROJECT
from faultlab.mutating.model.hook import put_in
from faultlab.mutating.model.mutant import Mutant
from faultlab.mutating.model.tracing import traced

_FOLDER = "tests/operations"
_SMALL = f"{_FOLDER}/test_checks_notice_faults.py"
_ALL_WELL, _ONE_WRONG = "test_all_checks_pass_on_a_healthy_business", "test_fault_in_a_plain_schema"
# Tried already, or a server or a system of its own takes longer to make than all the others take together.
_TRIED = "fault_in_a or all_checks_pass"
_SLOW = "postgresql or mysql or mariadb or embedded_system or dialects"


@dataclass(frozen=True)
class NotRun:
    """The tests themselves could not be run, so that nothing is known of the mutant."""

    why: str


class Small:
    """The small business of tests/operations; to be made once the process has its mutant."""

    def __init__(self, folder: Path) -> None:
        place = str(PROJECT / _FOLDER)
        if place not in sys.path:
            sys.path.insert(0, place)
        self._own: Any = import_module("test_checks_notice_faults")
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


def trace_own(connection: Connection) -> None:
    """Tell the lines that each check of the small business runs through."""
    with tempfile.TemporaryDirectory(prefix="hypercare-small-") as folder:
        small = Small(Path(folder))
        small.healthy()
        for name in small.checks:
            with traced() as lines:
                small.failed([name])
            connection.send((name, {file: sorted(numbers) for file, numbers in lines.items()}))
        small.close()


def try_own_tests(connection: Connection, mutant: Mutant, checks: Sequence[str]) -> None:
    """Tell which test fails first, "" when all pass, or NotRun. `checks` are those that run through the mutant."""
    put_in(mutant)
    with tempfile.TemporaryDirectory(prefix="hypercare-small-") as folder:
        failed = _small(Path(folder), checks) if checks else ""
    connection.send(failed or _the_rest(mutant))


def _small(folder: Path, checks: Sequence[str]) -> str:
    small = Small(folder)
    small.healthy()
    if small.failed(checks):
        return f"{_SMALL}::{_ALL_WELL}"
    for fault, noticed in small.with_each_fault(checks):
        if small.failed(checks) != noticed:
            return f"{_SMALL}::{_ONE_WRONG}[{fault}]"
    return ""


class _First:
    """Keeps the first test that did not pass."""

    failed = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and not self.failed:
            self.failed = report.nodeid


def _the_rest(mutant: Mutant) -> str | NotRun:
    os.chdir(PROJECT)
    first = _First()
    command = [
        "-x",
        "-q",
        "--no-header",
        "--assert=plain",
        "-p",
        "no:cacheprovider",
        "-k",
        f"not ({_TRIED} or {_SLOW})",
    ]
    where = "tests/integrity" if "/integrity/" in mutant.file else _FOLDER
    status = pytest.main([*command, f"--rootdir={PROJECT}", "-c", "pyproject.toml", where], plugins=[first])
    if not first.failed and status != pytest.ExitCode.OK:
        return NotRun(f"the tests in {where} could not be run (status {int(status)})")
    return first.failed
