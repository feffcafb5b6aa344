"""The start of a session: everything that can be wrong with the request is said here, in one line."""

from __future__ import annotations

import pytest

from hypercare.outcome.signals import MonitorFault
from hypercare.plan.checklist import ChecklistProblem
from hypercare.suite.recording import RECORDER, Recorder
from hypercare.suite.session import SESSION, SuiteSession
from hypercare.target_file.loading import TargetFileProblem

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
        if session.rehearses and session.round is None:
            raise pytest.UsageError("--rehearse goes with --round; a check at the desk leaves nothing behind anyway")
        if session.target_file is not None:
            _ = session.config
        session.take_plan()
        _ = [session.checklist[item] for item in session.items]
        if session.round is not None and not session.is_worker and not session.only_tells:
            # Reports and history are heavy to load; a check at the desk needs neither.
            from hypercare.suite.round_start import start_round

            start_round(config, session, recorder)
    except (ChecklistProblem, TargetFileProblem) as error:
        raise pytest.UsageError(str(error)) from None
    except MonitorFault as error:
        remedy = f" {error.remedy}" if error.remedy else ""
        pytest.exit(f"{error.reason}.{remedy}".replace("..", "."), returncode=MONITOR_FAULT)
