"""What is asked of a session, read step by step; what is wrong with it is said in one line.

A check at the desk needs no more than this, and loads no more: what begins a round stands in `starting.py`.
"""

from __future__ import annotations

import os
from contextlib import ExitStack

import pytest

from hypercare.own_log import asked_file, asked_verbosity, writing
from hypercare.suite.exit_status import refused_in_one_line
from hypercare.suite.options import require_sound_options
from hypercare.suite.recording import RECORDER, Recorder
from hypercare.suite.session import SESSION, SuiteSession


def start(config: pytest.Config) -> None:
    """Every step is done, or raises what `refused_in_one_line` says with its exit status."""
    with refused_in_one_line():
        _write_own_log(config)
        require_sound_options(config)
        session = _read_checklist(config)
        recorder = _begin_recording(config, session)
        session.read_target_file()
        session.choose_plan()
        session.require_round_and_items()
        if session.runs_round:
            from hypercare.suite.starting import begin_round

            begin_round(config, session, recorder)


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
