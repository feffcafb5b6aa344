"""The documented exit status of a session: how it ended, or why it could not start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from hypercare.outcome.outcome import Outcome
from hypercare.outcome.signals import MonitorFault
from hypercare.own_log import LogFileProblem
from hypercare.plan.problem import ChecklistProblem
from hypercare.safe_text import on_terminal
from hypercare.suite.options import OptionProblem
from hypercare.suite.recording import RECORDER, Recorder
from hypercare.target_file.loading import TargetFileProblem

HOLDS, FAILED, INTERRUPTED, OUR_FAULT, USAGE, NOTHING_TO_RUN = 0, 1, 2, 3, 4, 5


@contextmanager
def refused_in_one_line() -> Iterator[None]:
    """What keeps a session from starting is said in one line, with the status that is documented for it.

    Raises:
        pytest.UsageError: bad configuration or usage.
        pytest.exit.Exception: our own fault.
    """
    try:
        yield
    except (OptionProblem, LogFileProblem, ChecklistProblem, TargetFileProblem) as problem:
        raise pytest.UsageError(on_terminal(str(problem))) from None  # which pytest ends with USAGE
    except MonitorFault as fault:
        remedy = f" {fault.remedy}" if fault.remedy else ""
        pytest.exit(on_terminal(f"{fault.reason}.{remedy}".replace("..", ".")), returncode=OUR_FAULT)


def set_exit_status(session: pytest.Session) -> None:
    """Let the suite's outcomes decide, wherever checks or a round were asked for; leave other sessions to pytest."""
    recorder = session.config.stash.get(RECORDER, None)
    if recorder is None or recorder.session.only_tells:
        return
    if recorder.expected or recorder.session.round is not None:
        session.exitstatus = status_of_session(int(session.exitstatus), recorder)


def status_of_session(pytest_status: int, recorder: Recorder) -> int:
    """The documented exit status, from what was recorded and from how pytest itself ended."""
    if recorder.interrupted:
        return INTERRUPTED
    if pytest_status == USAGE:
        return USAGE
    outcomes = {result.outcome for result in recorder.results}
    if outcomes & {Outcome.FAILED, Outcome.BLOCKED}:
        return FAILED
    if Outcome.MONITOR_FAULT in outcomes or recorder.broken_files:
        return OUR_FAULT
    if recorder.session.round is not None and (recorder.missed or not recorder.collected):
        return OUR_FAULT
    if not recorder.results and not recorder.missed:
        return NOTHING_TO_RUN if pytest_status in {HOLDS, NOTHING_TO_RUN} else pytest_status
    return FAILED if pytest_status == FAILED else HOLDS
