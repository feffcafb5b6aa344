"""The start of a session and of its round, step by step; what is wrong with the request is said in one line."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from hypercare.history.problem import HistoryAway, HistoryProblem
from hypercare.outcome.signals import MonitorFault
from hypercare.own_log import asked_file, asked_verbosity, writing
from hypercare.plan.rounds import words_of_round
from hypercare.reports.folder import ReportsFolderProblem, check_writable, work_folder
from hypercare.suite.exit_status import refused_in_one_line
from hypercare.suite.options import require_sound_options
from hypercare.suite.recording import RECORDER, Recorder
from hypercare.suite.recovery import recover_results
from hypercare.suite.result_journal import ResultJournal, round_note
from hypercare.suite.session import SESSION, SuiteSession
from hypercare.suite.watchdog import WATCHDOG, PartialReport, Watchdog

_LOG = logging.getLogger(__name__)
_PAUSES = (2.0, 8.0)


def start(config: pytest.Config) -> None:
    """Every step is done, or raises what `refused_in_one_line` says with its exit status.

    A check at the desk needs the request alone; a round also gets its work folder, its journal, its reports and its
    time limit.
    """
    with refused_in_one_line():
        _write_own_log(config)
        require_sound_options(config)
        session = _read_checklist(config)
        recorder = _begin_recording(config, session)
        session.read_target_file()
        session.choose_plan()
        session.require_round_and_items()
        if not session.runs_round:
            return
        # What makes reports and tells people of them is heavy to load; a check at the desk needs neither.
        from hypercare.suite import notify, publishing

        with _telling_that_none_began(session):
            notify.start_heartbeat(session)
            check_writable(session.reports)
            _reach_history(session)
            recover_results(session.history, session.reports, session.config.rounds.check_limit)
            session.work = work_folder(session.reports)
            recorder.journal = _begin_journal(session)
        publishing.switch_reports_on(config, session.work)
        _start_watchdog(config, session, publishing.ReportSoFar(session, recorder))
        _announce(session)


def _write_own_log(config: pytest.Config) -> None:
    """Write it until the session ends, where an option or the command that started us asks for it.

    Raises:
        LogFileProblem: the file cannot be written.
    """
    file, verbosity = config.option.hypercare_log or asked_file(), asked_verbosity()
    with ExitStack() as stack:
        # pytest catches what a check writes to standard error; its lines are to be seen as they come.
        stream = stack.enter_context(open(os.dup(2), "w", encoding="utf-8")) if verbosity else None  # noqa: PTH123
        stack.enter_context(writing(file, verbosity, stream))
        config.add_cleanup(stack.pop_all().close)


def _read_checklist(config: pytest.Config) -> SuiteSession:
    """The session, with the checklist and what else the command line asks for.

    Raises:
        ChecklistProblem: it cannot be used.
    """
    session = config.stash[SESSION] = SuiteSession.of(config)
    return session


def _begin_recording(config: pytest.Config, session: SuiteSession) -> Recorder:
    recorder = config.stash[RECORDER] = Recorder(session)
    if not session.is_worker:
        config.pluginmanager.register(recorder, "hypercare-recorder")
    return recorder


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


def _start_watchdog(config: pytest.Config, session: SuiteSession, report: PartialReport) -> None:
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
        print(f"hypercare: {line}", file=sys.stderr, flush=True)
    if sys.stdout.isatty():
        as_of = target.as_of.astimezone(target.calendar.zone)
        print(f"{name} of {session.config.target.name}, as of {as_of:%A %d %B %Y %H:%M}", flush=True)
