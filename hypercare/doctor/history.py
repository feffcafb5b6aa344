"""Where rounds are remembered: opened as a round would open it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hypercare.doctor.attempt import Attempt, Wrong, attempted
from hypercare.history.opening import open_history
from hypercare.history.problem import HistoryProblem
from hypercare.history.store import History
from hypercare.target_file.target import Target


def try_history(target: Target) -> Iterator[Attempt]:
    """Nothing is tried where the history lies beside the reports, which every round tries before it begins."""
    section = target.config.history
    if section is not None and section.url is not None:
        yield attempted("history", "history", lambda: _history(target))


def _history(target: Target) -> str:
    try:
        history = open_history(target.config, Path())
        try:
            return _opened(history, target)
        finally:
            history.close()
    except HistoryProblem as problem:
        raise Wrong(f"{problem}.", "Correct [history] url and password; rounds cannot begin without it.") from None


def _opened(history: History, target: Target) -> str:
    with history.writing():
        newest = history.last_finished_round(target.now())
    last = "no round is remembered yet"
    if newest is not None:
        last = f"the last round was as of {newest.astimezone(target.calendar.zone):%d %b %Y %H:%M}"
    return f"{history.shown} can be written; {last}"
