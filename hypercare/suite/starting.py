"""The start of a round: its work folder, its journal, its reports and its time limit."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from hypercare.history.problem import HistoryAway, HistoryProblem
from hypercare.notification.heartbeat import Beat, Heartbeat
from hypercare.outcome.signals import MonitorFault
from hypercare.plan.rounds import words_of_round
from hypercare.reports.folder import ReportsFolderProblem, check_writable, work_folder
from hypercare.safe_text import say
from hypercare.suite.other_reports import switch_reports_on
from hypercare.suite.personal_data import people_policy
from hypercare.suite.recording import Recorder
from hypercare.suite.recovery import recover_results
from hypercare.suite.result_journal import ResultJournal, round_note
from hypercare.suite.session import SuiteSession
from hypercare.suite.watchdog import WATCHDOG, Watchdog

_LOG = logging.getLogger(__name__)
_PAUSES = (2.0, 8.0)


def begin_round(config: pytest.Config, session: SuiteSession, recorder: Recorder) -> None:
    """Raise MonitorFault, of which people are told, where the reports folder or the history cannot be written."""
    with _telling_that_none_began(session):
        _start_heartbeat(session)
        check_writable(session.reports)
        _reach_history(session)
        recover_results(session.history, session.reports, session.config.rounds.check_limit)
        session.work = work_folder(session.reports)
        recorder.journal = _begin_journal(session)
        # Its key is made once, before checks that run side by side each make one of their own.
        people_policy(session)
    switch_reports_on(config, session.work)
    _start_watchdog(config, session, _ReportSoFar(session, recorder))
    _announce(session)


@dataclass(frozen=True)
class _ReportSoFar:
    """What was seen of a round that must be ended by force. What makes a report is loaded when one is made."""

    session: SuiteSession
    recorder: Recorder

    def publish(self) -> None:
        from hypercare.suite.publishing import publish_so_far

        publish_so_far(self.session, self.recorder)


def _start_heartbeat(session: SuiteSession) -> None:
    if not session.rehearses:
        session.heartbeat = Heartbeat.of_rounds(session.config.heartbeat)
        session.heartbeat.beat(Beat.START)


@contextmanager
def _telling_that_none_began(session: SuiteSession) -> Iterator[None]:
    """Raises MonitorFault, of which people are told: the reports folder or the history cannot be written."""
    try:
        yield
        return
    except (ReportsFolderProblem, HistoryProblem) as error:
        problem = str(error)
    except OSError as error:
        problem = f"the reports folder {session.reports} cannot be written: {error.strerror}"
    from hypercare.suite.notify import tell_that_none_began

    _LOG.warning("the round cannot begin: %s", problem)
    tell_that_none_began(session, problem)
    raise MonitorFault(problem)


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


def _begin_journal(session: SuiteSession) -> ResultJournal:
    assert session.round is not None and session.work is not None
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
    journal = ResultJournal(session.history, session.work, note)
    journal.begin()
    return journal


def _start_watchdog(config: pytest.Config, session: SuiteSession, report: _ReportSoFar) -> None:
    limits = session.config.rounds
    config.option.timeout = limits.check_limit.total_seconds()
    watchdog = config.stash[WATCHDOG] = Watchdog(limits.limit, limits.check_limit, report)
    config.pluginmanager.register(watchdog, "hypercare-watchdog")
    watchdog.start()


def _announce(session: SuiteSession) -> None:
    assert session.round is not None
    target = session.target
    name = words_of_round(session.round)
    _LOG.info(
        "%s (%s) of %s begins as of %s: %d items, mode %s, previous round as of %s, reports into %s%s",
        name,
        session.id,
        session.config.target.name,
        target.as_of.isoformat(timespec="seconds"),
        len(session.chosen),
        session.config.target.mode.value,
        target.previous_round.isoformat(timespec="seconds") if target.previous_round else "unknown",
        session.reports,
        ", on trial" if session.rehearses else "",
    )
    for line in session.config.origin.old_names:
        say(f"hypercare: {line}", sys.stderr)
    if sys.stdout.isatty():
        as_of = target.as_of.astimezone(target.calendar.zone)
        say(f"{name} of {session.config.target.name}, as of {as_of:%A %d %B %Y %H:%M}", sys.stdout)
