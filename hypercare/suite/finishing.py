"""The end of a session: its exit status, its report, and where that lies."""

from __future__ import annotations

import logging
import shutil
from datetime import UTC, datetime
from typing import Any

import pytest

from hypercare.history.problem import HistoryProblem
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.outcome.signals import MonitorFault
from hypercare.reports.folder import LATEST, ReportsFolderProblem
from hypercare.reports.round_gaps import gap_sentences
from hypercare.reports.summary import Summary
from hypercare.reports.words import listed
from hypercare.suite.exit_status import INTERRUPTED, NOTHING_TO_RUN, OUR_FAULT, USAGE, set_exit_status
from hypercare.suite.handing_out import HandingOut
from hypercare.suite.notify import end_heartbeat, tell_people, tell_without_history, undelivered
from hypercare.suite.other_reports import SUMMARY
from hypercare.suite.publishing import (
    Published,
    add_pages,
    index_days,
    is_latest,
    publish_day_so_far,
    publish_report,
    put_together,
)
from hypercare.suite.recording import RECORDER, Recorder
from hypercare.suite.session import SESSION, SuiteSession
from hypercare.suite.telling_build_server import tell_build_server
from hypercare.suite.watchdog import OUT_OF_TIME, WATCHDOG, ending_anyway

_LOG = logging.getLogger(__name__)
_LIMIT_OF_PAGES_S = 240.0
_STOPPED = "The session was stopped before this check ended."


def settle(session: pytest.Session) -> None:
    """When all checks have ended: set the exit status and, for a round, put the summary together."""
    suite, recorder = _own(session)
    if suite is None or recorder is None:
        return
    watchdog = session.config.stash.get(WATCHDOG, None)
    if watchdog is not None:
        watchdog.stop()
    set_exit_status(session)
    if suite.work is None or session.exitstatus in {INTERRUPTED, USAGE, NOTHING_TO_RUN}:
        return
    try:
        reason = OUT_OF_TIME if watchdog is not None and watchdog.fired else _STOPPED
        session.config.stash[SUMMARY] = put_together(suite, recorder, reason)
    except (HistoryProblem, MonitorFault) as error:
        _fail(session, str(error))
        tell_without_history(suite, recorder, str(error))


def finish(session: pytest.Session) -> None:
    """When every other report is written: publish a round's report, tell people, and add what takes its time."""
    suite, recorder = _own(session)
    if suite is None or recorder is None or suite.work is None:
        return
    summary = session.config.stash.get(SUMMARY, None)
    report, handing_out = None, HandingOut(suite)
    if summary is None:
        _leave_without_report(session, suite, recorder)
    else:
        report = _publish(session, suite, recorder, summary, handing_out)
    for line in end_heartbeat(suite, int(session.exitstatus), summary):
        _say(session.config, line)
    seconds = (datetime.now(UTC) - suite.started).total_seconds()
    _log_end(int(session.exitstatus), recorder.results, len(recorder.missed), seconds)
    if report is not None and not session.config.option.no_later_pages:
        _add_pages(session, suite, report, handing_out)


def _publish(
    session: pytest.Session, suite: SuiteSession, recorder: Recorder, summary: Summary, handing_out: HandingOut
) -> Published | None:
    """What cannot be published is told to people all the same.

    Returns:
        the report of the day, else of the round; None where nothing was published.
    """
    report = None
    try:
        report = publish_day_so_far(suite, publish_report(suite, summary))
    except (ReportsFolderProblem, HistoryProblem, MonitorFault) as error:
        _fail(session, str(error))
    if report is not None:
        for line in (index_days(suite), *handing_out.publish(says_where=True)):
            _say(session.config, line)
        _say(session.config, tell_build_server(session.config, suite, report))
    _pass_on(session, suite, recorder, summary)
    if report is not None:
        for sentence in gap_sentences(summary):
            _say(session.config, sentence)
        place = suite.reports / LATEST if is_latest(suite, report.place) else report.place
        _say(session.config, f"Report: {place / 'index.html'}")
    return report


def _add_pages(session: pytest.Session, suite: SuiteSession, report: Published, handing_out: HandingOut) -> None:
    """All is published and told, so what hangs or breaks here changes nothing but when this process ends."""
    _say(session.config, "Its Allure report and its printed page are being added.")
    with ending_anyway(int(session.exitstatus), _LIMIT_OF_PAGES_S):
        try:
            skipped = add_pages(suite, report)
        except Exception as error:  # noqa: BLE001 - a round that held must not end as one that failed
            _LOG.warning("adding to the report broke", exc_info=error)
            skipped = {"What was to be added": f"{type(error).__name__}: {error}"}
        for line in handing_out.publish(says_where=False):
            _say(session.config, line)
    for name, reason in skipped.items():
        _say(session.config, f"{name} was left out: {reason}")


def _pass_on(session: pytest.Session, suite: SuiteSession, recorder: Recorder, summary: Summary) -> None:
    """Tell people. That nobody can be reached is our own fault, and must at least be seen by whoever started us."""
    if suite.rehearses:
        _say(session.config, "Rehearsed: nothing is remembered, no incident was opened and nobody was told.")
        return
    try:
        done = tell_people(suite, summary)
    except HistoryProblem as error:
        _fail(session, str(error))
        tell_without_history(suite, recorder, str(error))
        return
    for line in undelivered(done):
        _say(session.config, line)
    if done.given_up:
        _fail(session, f"messages to {listed(done.given_up)} are given up")


def _leave_without_report(session: pytest.Session, suite: SuiteSession, recorder: Recorder) -> None:
    """What the history has not taken stays in the work folder, where the next round finds it."""
    assert suite.work is not None
    if recorder.journal is None or recorder.journal.all_is_kept:
        shutil.rmtree(suite.work, ignore_errors=True)
    if session.exitstatus in {USAGE, NOTHING_TO_RUN}:
        try:
            suite.history.withdraw_round(suite.id)
        except HistoryProblem as error:
            _fail(session, str(error))


def _own(session: pytest.Session) -> tuple[SuiteSession | None, Recorder | None]:
    suite = session.config.stash.get(SESSION, None)
    recorder = session.config.stash.get(RECORDER, None)
    ours = suite is not None and not suite.is_worker and not suite.only_tells
    return (suite, recorder) if ours else (None, None)


def _fail(session: pytest.Session, problem: str) -> None:
    session.exitstatus = session.exitstatus or OUR_FAULT
    _say(session.config, f"hypercare: {problem}")


def _say(config: pytest.Config, line: str) -> None:
    reporter: Any = config.pluginmanager.getplugin("terminalreporter")
    if reporter is not None and line:
        reporter.write_line(line)


def _log_end(status: int, results: list[CheckResult], missed: int, seconds: float) -> None:
    """How a round ended, in numbers."""
    counts = {outcome: sum(one.outcome is outcome for one in results) for outcome in Outcome}
    outcomes = ", ".join(f"{count} {outcome.value}" for outcome, count in counts.items() if count)
    left = f", {missed} that never ended" if missed else ""
    _LOG.info("the round ends with status %d after %.1f s: %s%s", status, seconds, outcomes or "no check", left)
