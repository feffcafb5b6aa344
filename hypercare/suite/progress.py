"""What a round shows on a terminal while it runs: which check, how many of how many, and since when."""

from __future__ import annotations

import shutil
from collections.abc import Generator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from hypercare.outcome.outcome import Outcome
from hypercare.own_log import asked_verbosity
from hypercare.suite.recording import RECORDER, Recorder
from hypercare.suite.session import SESSION

NAME = "hypercare-progress"
_BAD = {Outcome.FAILED, Outcome.MONITOR_FAULT}


def show_progress(config: pytest.Config) -> None:
    """Take the place of pytest's dots, unless nobody watches or somebody asked for more than dots."""
    suite = config.stash.get(SESSION, None)
    reporter: Any = config.pluginmanager.getplugin("terminalreporter")
    if suite is None or not suite.runs_round or reporter is None or not reporter.isatty():
        return
    if config.get_verbosity() > 0 or config.option.capture == "no" or asked_verbosity():
        return
    config.pluginmanager.register(Progress(reporter, config.stash[RECORDER]), NAME)


class Progress:
    """A line that is written over as checks begin, and is gone when the last has ended."""

    def __init__(self, reporter: Any, recorder: Recorder) -> None:
        self._reporter = reporter
        self._recorder = recorder
        self._is_running = False
        self._begun: dict[str, datetime] = {}

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtestloop(self) -> Generator[None, object, object]:
        self._is_running = True
        self._reporter.showfspath = False
        try:
            return (yield)
        finally:
            self._is_running = False
            self._reporter.rewrite("", erase=True)
            self._reporter.write("\r", flush=True)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        if not self._begun:
            self._write(nodeid, datetime.now(UTC))

    def show_running(self, nodeids: Sequence[str]) -> None:
        """Of several that are looked at side by side the one that began first."""
        now = datetime.now(UTC)
        before, self._begun = self._begun, {nodeid: self._begun.get(nodeid, now) for nodeid in nodeids}
        if nodeids and self._begun != before:
            first = min(self._begun, key=lambda nodeid: self._begun[nodeid])
            beside = f" and {len(nodeids) - 1} beside it" if len(nodeids) > 1 else ""
            self._write(f"{first}{beside}", self._begun[first])

    def _write(self, check: str, begun: datetime) -> None:
        width = shutil.get_terminal_size().columns - 1
        self._reporter.rewrite(self._line(check, begun, width), erase=True)
        self._reporter.flush()

    @pytest.hookimpl(wrapper=True)
    def pytest_report_teststatus(self) -> Generator[None, Any, Any]:
        """While the line stands there, pytest counts what ended and writes no letter into it."""
        status = yield
        return (status[0], "", "") if self._is_running and status else status

    def _line(self, nodeid: str, begun: datetime, width: int) -> str:
        results = self._recorder.results
        bad = sum(one.outcome in _BAD for one in results)
        total = len(self._recorder.expected)
        head = f"{min(len(results) + 1, total)} of {total}{f', {bad} failed' if bad else ''}: "
        tail = f", since {begun.astimezone():%H:%M:%S}"
        room = width - len(head) - len(tail)
        # The end of a name says more than its folder.
        name = nodeid if len(nodeid) <= room else f"...{nodeid[len(nodeid) - max(room - 3, 0) :]}"
        return f"{head}{name}{tail}"[: max(width, 0)]
