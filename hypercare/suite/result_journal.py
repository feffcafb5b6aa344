"""Keeping what a round sees, as each check ends: on the disk, and in the history as soon as that can be reached."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from hypercare.history.instants import instant_of, stored
from hypercare.history.problem import HistoryProblem
from hypercare.history.runner import Runner, this_runner
from hypercare.history.store import History
from hypercare.outcome.result import CheckResult

_LOG = logging.getLogger(__name__)
ROUND_FILE, RESULTS_FILE = "round.json", "results.jsonl"
# A history that does not answer is left in peace for so long, so that it does not hold every check up.
_TRY_AGAIN_SECONDS = 30.0
_PACKAGE = Path(__file__).parents[1]
# Which rules the records are judged by, so that what was seen of others proves nothing about these.
_RULES = ("operations_model", "operations", "costs", "habits", "integrity", "seals")
_RULES_OF_OUTCOMES = ("doubt.py", "found.py")


@dataclass(frozen=True)
class RoundNote:
    """What is noted of a round when it begins. Instants are ISO 8601. A `partial` one looks at some items only."""

    id: str
    target: str
    round: str
    day: str
    as_of: str
    started: str
    machine: str
    process: str
    partial: bool = False
    rules: str | None = None

    @property
    def runner(self) -> Runner:
        return Runner(self.machine, self.process)

    def begin_in(self, history: History) -> None:
        """Note the round in the history, where it may stand already."""
        day = date.fromisoformat(self.day)
        history.begin_round(
            self.id,
            self.round,
            day,
            instant_of(self.as_of),
            instant_of(self.started),
            runner=self.runner,
            partial=self.partial,
            rules=self.rules,
        )


def round_note(
    round_id: str, target: str, name: str, day: date, as_of: datetime, started: datetime, *, partial: bool = False
) -> RoundNote:
    runner = this_runner()
    return RoundNote(
        id=round_id,
        target=target,
        round=name,
        day=day.isoformat(),
        as_of=stored(as_of),
        started=stored(started),
        machine=runner.machine,
        process=runner.process,
        partial=partial,
        rules=rules_version(),
    )


class ResultJournal:
    """Writes each result to the disk and to the history. What the history does not take is offered again later."""

    def __init__(self, history: History, work: Path, note: RoundNote) -> None:
        self._history = history
        self._work = work
        self._note = note
        self._waiting: list[CheckResult] = []
        self._next_try = 0.0

    def begin(self) -> None:
        """Note that the round has begun.

        Raises:
            HistoryProblem: the history cannot be written.
            OSError: the work folder cannot be.
        """
        _write_whole(self._work / ROUND_FILE, json.dumps(asdict(self._note)))
        self._note.begin_in(self._history)

    def expect(self, checks: int) -> None:
        if time.monotonic() >= self._next_try:
            self._try(lambda: self._history.expect(self._note.id, checks))

    def keep(self, result: CheckResult) -> CheckResult:
        """Keep a result; also when neither the disk nor the history takes it now.

        Returns:
            the result, with the instant at which it ended where it had none.
        """
        if not result.ended:
            result = replace(result, ended=datetime.now(UTC).isoformat())
        self._waiting.append(result)
        # A full disk is told when the report cannot be written either.
        with suppress(OSError):
            append_line(self._work / RESULTS_FILE, result.as_dict())
        if time.monotonic() >= self._next_try:
            self._try(self.flush)
        return result

    def flush(self) -> None:
        """Write what waits, and that the round is still running.

        Raises:
            HistoryProblem: the history does not take it.
        """
        with self._history.writing():
            record(self._history, self._note.id, self._waiting)
            self._history.beat(self._note.id)
        self._waiting.clear()

    @property
    def all_is_kept(self) -> bool:
        return not self._waiting

    def _try(self, write: Callable[[], None]) -> None:
        try:
            write()
        except HistoryProblem:
            _LOG.warning("%d results wait for the history, for %.0f s at least", len(self._waiting), _TRY_AGAIN_SECONDS)
            self._next_try = time.monotonic() + _TRY_AGAIN_SECONDS


def record(history: History, round_id: str, results: list[CheckResult]) -> None:
    """Write results with their figures, each of which is there once, however often it is written."""
    history.record(round_id, [_row(result, item) for result in results for item in result.items])
    history.record_figures(round_id, {name: value for result in results for name, value in result.figures.items()})


def append_line(path: Path, data: Mapping[str, Any]) -> None:
    """Append one JSON line that is on the disk when this returns."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(data, default=str) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _write_whole(path: Path, text: str) -> None:
    """Write a file that is there whole or not at all."""
    beside = path.with_suffix(".part")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def _row(result: CheckResult, item: str) -> dict[str, Any]:
    return {
        "item": item,
        "check": result.nodeid,
        "outcome": result.outcome.value,
        "level": result.level.value,
        "sentence": result.sentence,
        "count": result.count,
        "duration_s": result.duration_s,
        "ended": result.ended,
    }


@cache
def rules_version() -> str:
    """The same as long as nothing changes in the code that asks the records and judges them."""
    digest = hashlib.sha256()
    folders = (path for folder in _RULES for path in (_PACKAGE / folder).rglob("*.py"))
    files = (_PACKAGE / "outcome" / name for name in _RULES_OF_OUTCOMES)
    for path in [*sorted(folders), *files]:
        digest.update(path.relative_to(_PACKAGE).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]
