"""The checks of a round side by side, each track in a process of its own, and told of in one fixed order."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import pytest

from hypercare.outcome.database_load import DatabaseLoad
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.suite.progress import NAME
from hypercare.suite.recording import RECORDER, Recorder
from hypercare.suite.selection import items_of
from hypercare.suite.session import SESSION, SuiteSession
from hypercare.suite.track_messages import (
    Answer,
    Ended,
    ExitWanted,
    Leave,
    Order,
    Perform,
    Print,
    Printed,
    QuietNow,
    QuietWanted,
    TakeDown,
    TakenDown,
    Warned,
)
from hypercare.suite.track_process import live
from hypercare.suite.tracks import PlannedCheck, Schedule, Track

_LOG = logging.getLogger(__name__)
# What is asked to end may still undo what it did to the target.
_SECONDS_TO_END = 30.0
_SECONDS_TO_PRINT = 60.0
_LOOK_AGAIN_S = 0.5
# A log-out may end all sessions of somebody, so theirs last until all have ended; of others the memory is given back.
_KEEP_SESSIONS = {Track.API, Track.PEOPLE}


class _TrackGone(Exception):
    """The process of a track has ended without being told to."""


@dataclass
class _Track:
    """What the round holds of a track's process."""

    pid: int
    connection: Connection

    def say(self, order: Order) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):
            self.connection.send(order)

    def hear(self) -> Answer:
        try:
            answer: Answer = self.connection.recv()
        except (EOFError, ConnectionResetError):
            raise _TrackGone from None
        return answer

    def hear_within(self, seconds: float) -> Answer:
        """Raises _TrackGone also where it says nothing for so long."""
        if not self.connection.poll(seconds):
            raise _TrackGone
        return self.hear()

    def end(self, within_s: float) -> str:
        """Wait for it, and end it by force where it does not; how it ended, in words."""
        last = time.monotonic() + within_s
        status: int | None = None
        while status is None and time.monotonic() < last:
            done, status_of_it = os.waitpid(self.pid, os.WNOHANG)
            status = status_of_it if done else None
            time.sleep(0 if done else 0.01)
        if status is None:
            os.kill(self.pid, signal.SIGKILL)
            _, status = os.waitpid(self.pid, 0)
        self.connection.close()
        code = os.waitstatus_to_exitcode(status)
        return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with status {code}"


@dataclass
class SideBySide:
    """Runs the checks of `session` as `schedule` lets them begin; `checks` are in the order in which they are told."""

    session: pytest.Session
    tests: Sequence[pytest.Item]
    checks: Sequence[PlannedCheck]
    at_once: int
    _tracks: dict[Track, _Track] = field(default_factory=dict)
    _reports: dict[int, list[pytest.TestReport]] = field(default_factory=dict)
    _late: list[tuple[Track, pytest.TestReport]] = field(default_factory=list)
    _told: int = 0

    def __post_init__(self) -> None:
        self._schedule = Schedule(self.checks, self.at_once)

    @property
    def _config(self) -> pytest.Config:
        return self.session.config

    @property
    def _suite(self) -> SuiteSession:
        return self._config.stash[SESSION]

    @property
    def _recorder(self) -> Recorder:
        return self._config.stash[RECORDER]

    def run(self) -> None:
        """Raises what pytest's own loop raises: an interruption, or that it is to stop."""
        self._config.add_cleanup(self._leave)
        try:
            while not self._schedule.is_over:
                self._begin_what_may()
                self._listen()
                self._tell_in_order()
                if self.session.shouldfail or self.session.shouldstop:
                    self._schedule.stop()
            self._take_down()
        except BaseException:
            self._interrupt()
            raise
        finally:
            self._tell_in_order(whole=False)
        if self.session.shouldfail:
            raise self.session.Failed(self.session.shouldfail)
        if self.session.shouldstop:
            raise self.session.Interrupted(self.session.shouldstop)

    def _begin_what_may(self) -> None:
        while (check := self._schedule.begin_next()) is not None:
            if check.track not in self._tracks:
                self._tracks[check.track] = self._start()
            self._tracks[check.track].say(Perform(check.number))
            _LOG.debug("%s goes to the track %s", self.tests[check.number].nodeid, check.track.value)
        quiet = self._schedule.give_quiet()
        if quiet is not None:
            self._tracks[quiet].say(QuietNow())
        self._show_progress()

    def _start(self) -> _Track:
        """Copy this process, in which all is loaded; starting one anew would load it again."""
        ours, theirs = Pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        with warnings.catch_warnings():
            # The threads that run here hold no lock that the copy takes: they wait for a limit in time.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            for connection in (ours, *(track.connection for track in self._tracks.values())):
                connection.close()
            live(self.session, self.tests, theirs)
        theirs.close()
        return _Track(pid, ours)

    def _listen(self) -> None:
        by_connection = {track.connection: name for name, track in self._tracks.items()}
        for connection in wait(list(by_connection), _LOOK_AGAIN_S):
            name = by_connection[connection]  # type: ignore[index]
            try:
                self._take(name, self._tracks[name].hear())
            except _TrackGone:
                self._replace(name)

    def _take(self, name: Track, answer: Answer) -> None:
        match answer:
            case Ended(number, reports):
                self._record(number, reports)
                self._schedule.end(self.checks[number])
                if self._schedule.is_through(name) and name not in _KEEP_SESSIONS:
                    self._tracks[name].say(TakeDown())
            case TakenDown():
                self._taken_down(name, answer)
            case QuietWanted():
                self._schedule.want_quiet(name)
            case Warned(warning):
                self._config.hook.pytest_warning_recorded.call_historic(kwargs=dict(warning))
            case ExitWanted(reason, status):
                pytest.exit(reason, status)
            case _:
                pass

    def _record(self, number: int, plain: Sequence[Mapping[str, Any]]) -> None:
        hook = self._config.hook
        reports = [hook.pytest_report_from_serializable(config=self._config, data=dict(one)) for one in plain]
        for report in reports:
            self._recorder.take_report(report)
        self._reports[number] = reports

    def _replace(self, name: Track) -> None:
        """What ran when a process ended is our own fault; the next check of its track begins another."""
        how = self._tracks.pop(name).end(within_s=1.0)
        _LOG.error("the process of the track %s %s", name.value, how)
        for check in self._schedule.running:
            if check.track is name:
                reports = _broken_off(self.tests[check.number], f"The process of this check {how}.", self._suite)
                for report in reports:
                    self._recorder.take_report(report)
                self._reports[check.number] = reports
                self._schedule.end(check)

    def _tell_in_order(self, *, whole: bool = True) -> None:
        """Tell pytest of what has ended, up to the first that has not; of all the rest where no more will."""
        for number in range(self._told, len(self.checks)):
            if number not in self._reports:
                if whole:
                    return
                continue
            test, reports = self.tests[number], self._reports.pop(number)
            hook = test.ihook
            hook.pytest_runtest_logstart(nodeid=test.nodeid, location=test.location)
            for report in reports:
                hook.pytest_runtest_logreport(report=report)
            hook.pytest_runtest_logfinish(nodeid=test.nodeid, location=test.location)
            if whole:
                self._told = number + 1

    def _take_down(self) -> None:
        """Close what the checks kept; only the browser stays, to print the report."""
        for name, track in self._tracks.items():
            if name in _KEEP_SESSIONS or not self._schedule.is_through(name):
                track.say(TakeDown())
        for name, track in list(self._tracks.items()):
            try:
                for answer in _all_of(track, _SECONDS_TO_END):
                    self._take(name, answer)
                    if isinstance(answer, TakenDown):
                        break
            except _TrackGone:
                _LOG.warning("the track %s did not close what it kept", name.value)
                self._end([name], within_s=0.0)
        for _, report in sorted(self._late, key=lambda one: one[0]):
            self._config.hook.pytest_runtest_logreport(report=report)

    def _taken_down(self, name: Track, answer: TakenDown) -> None:
        if answer.load:
            self._suite.database.load.add(DatabaseLoad.of(answer.load))
        if answer.report is not None:
            hook = self._config.hook
            report = hook.pytest_report_from_serializable(config=self._config, data=dict(answer.report))
            self._recorder.take_report(report)
            self._late.append((name, report))
        if answer.has_browser:
            printing = self._tracks[name]
            self._suite.prints = lambda page, pdf: _printed(printing, page, pdf)
        else:
            self._tracks[name].say(Leave())
            self._end([name], _SECONDS_TO_END)

    def _interrupt(self) -> None:
        """Break off what runs, and wait until it has undone what it did; what ended meanwhile is kept."""
        for track in self._tracks.values():
            track.say(Leave(is_interrupted=True))
        for name, track in self._tracks.items():
            with suppress(_TrackGone):
                for answer in _all_of(track, _SECONDS_TO_END):
                    if isinstance(answer, Ended | Warned):
                        self._take(name, answer)
        self._end(list(self._tracks), within_s=1.0)

    def _leave(self) -> None:
        for track in self._tracks.values():
            track.say(Leave())
        self._end(list(self._tracks), _SECONDS_TO_END)

    def _end(self, names: Sequence[Track], within_s: float) -> None:
        for name in names:
            how = self._tracks.pop(name).end(within_s)
            _LOG.debug("the process of the track %s %s", name.value, how)

    def _show_progress(self) -> None:
        progress: Any = self._config.pluginmanager.getplugin(NAME)
        if progress is not None:
            progress.show_running([self.tests[check.number].nodeid for check in self._schedule.running])


def _all_of(track: _Track, seconds: float) -> Iterator[Answer]:
    last = time.monotonic() + seconds
    while True:
        yield track.hear_within(max(0.0, last - time.monotonic()))


def _printed(track: _Track, page: Path, pdf: Path) -> str | None:
    """Why the browser of the checks did not print a page; None where it is gone."""
    track.say(Print(page, pdf))
    try:
        answer = track.hear_within(_SECONDS_TO_PRINT)
    except _TrackGone:
        return None
    return answer.reason if isinstance(answer, Printed) else None


def _broken_off(test: pytest.Item, sentence: str, suite: SuiteSession) -> list[pytest.TestReport]:
    items = items_of(test)
    level = max((suite.checklist[item].level for item in items), default=Level.L2)
    result = CheckResult(nodeid=test.nodeid, items=items, outcome=Outcome.MONITOR_FAULT, level=level, sentence=sentence)
    before = pytest.TestReport(test.nodeid, test.location, {}, "passed", None, "setup")
    broken = pytest.TestReport(test.nodeid, test.location, {}, "failed", sentence, "call")
    after = pytest.TestReport(test.nodeid, test.location, {}, "passed", None, "teardown")
    broken.hypercare = result.as_dict()  # type: ignore[attr-defined]
    return [before, broken, after]
