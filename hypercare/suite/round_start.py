"""The start of a round: its place on the disk, its reports and its time limit."""

from __future__ import annotations

import logging
import sys
import time
from pathlib import Path

import pytest

from hypercare.history.problem import HistoryAway, HistoryProblem
from hypercare.outcome.signals import MonitorFault
from hypercare.plan.rounds import words_of_round
from hypercare.reports.folder import ReportsFolderProblem, check_writable, work_folder
from hypercare.suite.finishing import WATCHDOG, publish_partial_report
from hypercare.suite.html_report import HtmlReport
from hypercare.suite.notify import start_heartbeat, tell_that_none_began
from hypercare.suite.recording import Recorder
from hypercare.suite.recovery import salvage
from hypercare.suite.result_journal import ResultJournal, round_note
from hypercare.suite.session import SuiteSession
from hypercare.suite.watchdog import Watchdog

_LOG = logging.getLogger(__name__)
_PAUSES = (2.0, 8.0)


def start_round(config: pytest.Config, session: SuiteSession, recorder: Recorder) -> None:
    """Give a round its work folder, switch its reports on and start its time limit.

    Raises:
        MonitorFault: the reports folder or the history cannot be written.
    """
    try:
        start_heartbeat(session)
        check_writable(session.reports)
        _reach_history(session)
        salvage(session.history, session.reports, session.config.rounds.check_limit)
        session.work = work_folder(session.reports)
        recorder.keeper = _keeper(session, session.work)
        recorder.keeper.begin()
    except (ReportsFolderProblem, HistoryProblem) as error:
        raise _cannot_start(session, str(error)) from None
    except OSError as error:
        problem = f"the reports folder {session.reports} cannot be written: {error.strerror}"
        raise _cannot_start(session, problem) from None
    _switch_reports_on(config, session.work)
    config.stash[WATCHDOG] = _watchdog(config, session, recorder)
    config.pluginmanager.register(HtmlReport(config), "hypercare-html")
    _log_start(session)
    for line in session.config.given.old_names:
        print(f"hypercare: {line}", file=sys.stderr, flush=True)
    if sys.stdout.isatty():
        _announce(session)


def _reach_history(session: SuiteSession) -> None:
    """A server that is being started again must not cost a round."""
    for seconds in _PAUSES:
        try:
            _ = session.target
            return
        except HistoryAway:
            _LOG.warning("history is away; asked again in %.0f s", seconds)
            time.sleep(seconds)
    _ = session.target


def _cannot_start(session: SuiteSession, problem: str) -> MonitorFault:
    _LOG.warning("the round cannot begin: %s", problem)
    tell_that_none_began(session, problem)
    return MonitorFault(problem)


def _keeper(session: SuiteSession, work: Path) -> ResultJournal:
    assert session.round is not None
    target = session.target
    day = target.calendar.date_of(target.as_of)
    note = round_note(
        session.id,
        session.config.key,
        session.round,
        day,
        as_of=target.as_of,
        started=session.started,
        partial=bool(session.items),
    )
    return ResultJournal(session.history, work, note)


def _watchdog(config: pytest.Config, session: SuiteSession, recorder: Recorder) -> Watchdog:
    limits = session.config.rounds
    config.option.timeout = limits.check_limit.total_seconds()

    watchdog = Watchdog(limits.limit, limits.check_limit, lambda: publish_partial_report(session, recorder))
    config.pluginmanager.register(watchdog, "hypercare-watchdog")
    watchdog.start()
    return watchdog


def _switch_reports_on(config: pytest.Config, work: Path) -> None:
    """Ask the report plugins for their raw material; they read these options when they are configured, after us."""
    config.option.allure_report_dir = str(work / "allure-results")
    config.option.clean_alluredir = False
    config.option.htmlpath = str(work / "pytest.html")
    config.option.self_contained_html = True
    config.option.xmlpath = str(work / "junit.xml")
    config.option.continue_on_collection_errors = True


def _log_start(session: SuiteSession) -> None:
    assert session.round is not None
    target = session.target
    _LOG.info(
        "%s (%s) of %s begins as of %s: %d items, mode %s, previous round as of %s, reports into %s%s",
        words_of_round(session.round),
        session.id,
        session.config.target.name,
        target.as_of.isoformat(timespec="seconds"),
        len(session.chosen),
        session.config.target.mode.value,
        target.previous_round.isoformat(timespec="seconds") if target.previous_round else "unknown",
        session.reports,
        ", on trial" if session.rehearses else "",
    )


def _announce(session: SuiteSession) -> None:
    assert session.round is not None
    as_of = session.target.as_of.astimezone(session.target.calendar.zone)
    name = words_of_round(session.round)
    print(f"{name} of {session.config.target.name}, as of {as_of:%A %d %B %Y %H:%M}", flush=True)
