"""The end of a session: its exit status, its report, and where that lies."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from hypercare.history.store import HistoryProblem
from hypercare.outcome.signals import MonitorFault
from hypercare.reports.folder import ReportsFolderProblem, publish
from hypercare.reports.summary import Summary
from hypercare.reports.writer import write_round_report
from hypercare.suite.exit_status import INTERRUPTED, NOTHING_TO_RUN, OUR_FAULT, set_exit_status
from hypercare.suite.printing import browser_for_printing
from hypercare.suite.recording import RECORDER, Recorder
from hypercare.suite.session import SESSION, SuiteSession
from hypercare.suite.summarising import summarise
from hypercare.suite.watchdog import OUT_OF_TIME, Watchdog

_STOPPED = "The session was stopped before this check ended."
ALLURE_HISTORY = "allure-history.jsonl"
WATCHDOG = pytest.StashKey[Watchdog]()
SUMMARY = pytest.StashKey[Summary]()


def settle(session: pytest.Session) -> None:
    """When all checks have ended: set the exit status and, for a round, put the summary together."""
    suite, recorder = _own(session)
    if suite is None or recorder is None:
        return
    watchdog = session.config.stash.get(WATCHDOG, None)
    if watchdog is not None:
        watchdog.stop()
    set_exit_status(session)
    if suite.work is None or session.exitstatus in {INTERRUPTED, NOTHING_TO_RUN}:
        return
    try:
        reason = OUT_OF_TIME if watchdog is not None and watchdog.fired else _STOPPED
        session.config.stash[SUMMARY] = summarise(suite, recorder, unfinished=reason)
    except (HistoryProblem, MonitorFault) as error:
        _fail(session, str(error))


def finish(session: pytest.Session) -> None:
    """When every other report is written: publish a round's report and say where it lies."""
    suite, _ = _own(session)
    if suite is None or suite.work is None:
        return
    summary = session.config.stash.get(SUMMARY, None)
    if summary is None:
        shutil.rmtree(suite.work, ignore_errors=True)
        return
    try:
        left_out = publish_report(suite, summary)
    except (ReportsFolderProblem, HistoryProblem, MonitorFault) as error:
        _fail(session, str(error))
        return
    for name, reason in left_out.items():
        _say(session.config, f"{name} was left out: {reason}")
    _say(session.config, f"Report: {suite.reports / 'latest' / 'index.html'}")


def last_words(suite: SuiteSession, recorder: Recorder) -> None:
    """Publish what was seen of a round that must be ended by force."""
    publish_report(suite, summarise(suite, recorder, unfinished=OUT_OF_TIME))
    suite.close()


def publish_report(suite: SuiteSession, summary: Summary) -> dict[str, str]:
    """Write the report of a round into its work folder and move it into place.

    Returns:
        the files that could not be made, each with its reason.

    Raises:
        ReportsFolderProblem, HistoryProblem: the reports folder or the history cannot be written.
    """
    assert suite.work is not None
    history = suite.reports / ".state" / suite.config.key / ALLURE_HISTORY
    written = write_round_report(summary, suite.work, browser=browser_for_printing(), history=history)
    publish(suite.work, suite.reports, summary.date, summary.round, keep_days=suite.config.reports.keep_days)
    suite.history.record_figures(suite.id, {name: str(value) for name, value in summary.figures.items()})
    suite.history.finish_round(suite.id, summary.finished, summary.status.value)
    return written.left_out


def _own(session: pytest.Session) -> tuple[SuiteSession | None, Recorder | None]:
    suite = session.config.stash.get(SESSION, None)
    recorder = session.config.stash.get(RECORDER, None)
    ours = suite is not None and not suite.is_worker and not session.config.option.checklist
    return (suite, recorder) if ours else (None, None)


def _fail(session: pytest.Session, problem: str) -> None:
    session.exitstatus = session.exitstatus or OUR_FAULT
    _say(session.config, f"hypercare: {problem}")


def _say(config: pytest.Config, line: str) -> None:
    reporter: Any = config.pluginmanager.getplugin("terminalreporter")
    if reporter is not None:
        reporter.write_line(line)
