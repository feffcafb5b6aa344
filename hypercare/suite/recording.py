"""Recording as each check ends, so that a round that is killed keeps what it had."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from hypercare.outcome.result import CheckResult
from hypercare.suite.selection import items_of
from hypercare.suite.session import SuiteSession

if TYPE_CHECKING:
    from hypercare.suite.result_journal import ResultJournal

_LOG = logging.getLogger(__name__)


@dataclass(eq=False)  # a plugin must be hashable
class Recorder:
    """Keeps the results of this session; in a round `journal` writes them down as well.

    `expected` are the checks that were collected, with the items they answer for: one that never ends is missed.
    `broken_files` could not be loaded, so that nobody knows what they would have answered for.
    """

    session: SuiteSession
    expected: dict[str, tuple[str, ...]] = field(default_factory=dict)
    journal: ResultJournal | None = None
    collected: bool = False
    broken_files: list[str] = field(default_factory=list)
    interrupted: bool = False
    _taken: list[CheckResult] = field(default_factory=list)

    @property
    def results(self) -> list[CheckResult]:
        """In the order of the plan, in whatever order they came."""
        place = {check: number for number, check in enumerate(self.expected)}
        return sorted(self._taken, key=lambda result: place.get(result.nodeid, len(place)))

    def expect(self, checks: Sequence[pytest.Item]) -> None:
        self.collected = True
        self.expected = {check.nodeid: items_of(check) for check in checks}
        _LOG.info("%d checks collected", len(self.expected))
        self._note_expected()

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: object, ids: Sequence[str]) -> None:
        """With xdist the workers collect; which items a check answers for is known only when it has ended."""
        self.collected = True
        before = len(self.expected)
        for check in ids:
            self.expected.setdefault(check, ())
        if len(self.expected) > before:
            self._note_expected()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not getattr(report, "is_recorded", False):
            self.take_report(report)

    def take_report(self, report: pytest.TestReport) -> None:
        """Record a report as soon as it is there, which may be before pytest is told of it."""
        result = getattr(report, "hypercare", None)
        if result is not None:
            self.take(CheckResult.from_dict(result))
        report.is_recorded = True  # type: ignore[attr-defined]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.broken_files.append(report.nodeid)
            _LOG.warning("%s cannot be loaded: %s", report.nodeid, report.longreprtext)

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        # pytest's own wish to stop derives from it, but is nobody at the keyboard.
        self.interrupted = excinfo.type is KeyboardInterrupt

    def take(self, result: CheckResult) -> None:
        if self.journal is not None:
            result = self.journal.keep(result)
        self._taken.append(result)
        self.expected[result.nodeid] = result.items

    def _note_expected(self) -> None:
        if self.journal is not None:
            self.journal.expect(len(self.expected))

    @property
    def figures(self) -> dict[str, Any]:
        return {name: value for result in self.results for name, value in result.figures.items()}

    @property
    def series(self) -> dict[str, Any]:
        return {name: value for result in self.results for name, value in result.series.items()}

    @property
    def missed(self) -> dict[str, tuple[str, ...]]:
        """Checks that were collected and never ended, with their items."""
        ended = {result.nodeid for result in self.results}
        return {check: items for check, items in self.expected.items() if check not in ended}


RECORDER = pytest.StashKey[Recorder]()
