"""Recording as each check ends, so that a round that is killed keeps what it had."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from hypercare.outcome.result import CheckResult
from hypercare.suite.selection import items_of
from hypercare.suite.session import SuiteSession


@dataclass(eq=False)  # a plugin must be hashable
class Recorder:
    """Keeps the results of this session; in a round also in the work folder and in the history.

    `expected` are the checks that were collected, with the items they answer for: one that never ends is missed.
    `broken_files` could not be loaded, so that nobody knows what they would have answered for.
    """

    session: SuiteSession
    results: list[CheckResult] = field(default_factory=list)
    expected: dict[str, tuple[str, ...]] = field(default_factory=dict)
    begun: bool = False
    collected: bool = False
    broken_files: list[str] = field(default_factory=list)
    interrupted: bool = False

    def begin(self) -> None:
        """Note in the history that a round has begun."""
        session = self.session
        if session.round is None or session.is_worker:
            return
        target = session.target
        day = target.calendar.date_of(target.as_of)
        session.history.begin_round(session.id, session.round.value, day, target.as_of, session.started)
        self.begun = True

    def expect(self, checks: Sequence[pytest.Item]) -> None:
        self.collected = True
        self.expected = {check.nodeid: items_of(check) for check in checks}

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: object, ids: Sequence[str]) -> None:
        """With xdist the workers collect; which items a check answers for is known only when it has ended."""
        self.collected = True
        for check in ids:
            self.expected.setdefault(check, ())

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        result = getattr(report, "hypercare", None)
        if result is not None:
            self.take(CheckResult.from_dict(result))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.broken_files.append(report.nodeid)

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        # pytest's own wish to stop derives from it, but is nobody at the keyboard.
        self.interrupted = excinfo.type is KeyboardInterrupt

    def take(self, result: CheckResult) -> None:
        self.results.append(result)
        self.expected[result.nodeid] = result.items
        if not self.begun:
            return
        if self.session.work is not None:
            append_line(self.session.work / "results.jsonl", result.as_dict())
        self.session.history.record(self.session.id, [_row(result, item) for item in result.items])

    @property
    def figures(self) -> dict[str, Any]:
        return {name: value for result in self.results for name, value in result.figures.items()}

    @property
    def missed(self) -> dict[str, tuple[str, ...]]:
        """Checks that were collected and never ended, with their items."""
        ended = {result.nodeid for result in self.results}
        return {check: items for check, items in self.expected.items() if check not in ended}


RECORDER = pytest.StashKey[Recorder]()


def append_line(path: Path, data: Mapping[str, Any]) -> None:
    """Append one JSON line that is on the disk when this returns."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(data, default=str) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _row(result: CheckResult, item: str) -> dict[str, Any]:
    return {
        "item": item,
        "check": result.nodeid,
        "outcome": result.outcome.value,
        "level": result.level.value,
        "sentence": result.sentence,
        "count": result.count,
        "duration_s": result.duration_s,
        "ended": result.ended,
    }
