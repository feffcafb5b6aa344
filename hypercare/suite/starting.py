"""The start of a session: everything that can be wrong with the request is said here, in one line."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from hypercare.outcome.signals import MonitorFault
from hypercare.plan.checklist import ChecklistProblem
from hypercare.suite.finishing import WATCHDOG, last_words
from hypercare.suite.recording import RECORDER, Recorder
from hypercare.suite.session import SESSION, SuiteSession
from hypercare.suite.watchdog import Watchdog
from hypercare.target.loading import TargetFileProblem

MONITOR_FAULT = 3


def start(config: pytest.Config) -> None:
    """Set up the session; a round also gets its work folder, its reports switched on and its time limit.

    Raises:
        pytest.UsageError: bad configuration or usage (status 4).
        pytest.exit.Exception: our own fault (status 3).
    """
    try:
        session = SuiteSession.of(config)
        config.stash[SESSION] = session
        recorder = Recorder(session)
        config.stash[RECORDER] = recorder
        if not session.is_worker:
            config.pluginmanager.register(recorder, "hypercare-recorder")
        if session.target_file is not None:
            _ = session.config
        _ = [session.checklist[item] for item in session.items]
        if session.round is not None and not session.is_worker and not config.option.checklist:
            _start_round(config, session, recorder)
    except (ChecklistProblem, TargetFileProblem) as error:
        raise pytest.UsageError(str(error)) from None
    except MonitorFault as error:
        mend = f" {error.mend}" if error.mend else ""
        pytest.exit(f"{error.reason}.{mend}".replace("..", "."), returncode=MONITOR_FAULT)


def _start_round(config: pytest.Config, session: SuiteSession, recorder: Recorder) -> None:
    from hypercare.history.store import HistoryProblem
    from hypercare.reports.folder import ReportsFolderProblem, check_writable, work_folder
    from hypercare.suite.html_report import HtmlReport

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
