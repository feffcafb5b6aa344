"""The start of a round: its place on the disk, its reports and its time limit."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from hypercare.history.store import HistoryProblem
from hypercare.outcome.signals import MonitorFault
from hypercare.reports.folder import ReportsFolderProblem, check_writable, work_folder
from hypercare.suite.finishing import WATCHDOG, last_words
from hypercare.suite.html_report import HtmlReport
from hypercare.suite.recording import Recorder
from hypercare.suite.session import SuiteSession
from hypercare.suite.watchdog import Watchdog


def start_round(config: pytest.Config, session: SuiteSession, recorder: Recorder) -> None:
    """Give a round its work folder, switch its reports on and start its time limit.

    Raises:
        MonitorFault: the reports folder or the history cannot be written.
    """
    try:
        check_writable(session.reports)
        _ = session.target
        session.work = work_folder(session.reports)
        recorder.begin()
    except (ReportsFolderProblem, HistoryProblem) as error:
        raise MonitorFault(str(error)) from None
    except OSError as error:
        raise MonitorFault(f"the reports folder {session.reports} cannot be written: {error.strerror}") from None
    _switch_reports_on(config, session.work)
    config.stash[WATCHDOG] = _watchdog(config, session, recorder)
    config.pluginmanager.register(HtmlReport(config), "hypercare-html")
    if sys.stdout.isatty():
        _announce(session)


def _watchdog(config: pytest.Config, session: SuiteSession, recorder: Recorder) -> Watchdog:
    limits = session.config.rounds
    config.option.timeout = limits.check_limit.total_seconds()

    watchdog = Watchdog(limits.limit, limits.check_limit, lambda: last_words(session, recorder))
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


def _announce(session: SuiteSession) -> None:
    assert session.round is not None
    as_of = session.target.as_of.astimezone(session.target.calendar.zone)
    print(f"{session.round.words} of {session.config.target.name}, as of {as_of:%A %d %B %Y %H:%M}", flush=True)
