"""The documented exit status of a session."""

from __future__ import annotations

import pytest

from hypercare.outcome.outcome import Outcome
from hypercare.suite.recording import RECORDER, Recorder

HOLDS, FAILED, INTERRUPTED, OUR_FAULT, USAGE, NOTHING_TO_RUN = 0, 1, 2, 3, 4, 5


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
