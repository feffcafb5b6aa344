"""Whose a recurring error is, the target file may tell; what will be done about it, only a person does."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

import tests_health.test_errors as checks
from hypercare.error_history.error_history import ErrorHistory
from hypercare.logs import Logs
from hypercare.outcome.signals import AwaitingPerson
from hypercare.target_file.sections.logs import KnownError, LogSource
from tests.standins.frozen_target import NOON, ago, frozen_target
from tests.standins.json_memory import JsonMemory

MARA = KnownError(says="printer", owner="Mara")
PAST = KnownError(says="printer", owner="Mara", until=NOON.date() - timedelta(days=1))
ALL_TAKEN = "Today nothing keeps happening without an owner."


def _ask(folder: Path, errors: list[tuple[str, str]], *known: KnownError) -> None:
    lines = [("INFO", "all is well"), *(error for error in errors for _ in range(3))]
    log = folder / "app.log"
    log.write_text(
        "".join(
            json.dumps({"time": ago(minutes=60 - n).isoformat(), "level": level, "message": says}) + "\n"
            for n, (level, says) in enumerate(lines)
        )
    )
    target = frozen_target(folder, logs=(LogSource(name="app", path=log),), known_errors=known)
    checks.test_recurring_errors_have_an_owner(Logs(target), ErrorHistory(target, JsonMemory()), target.today)


def _asked(folder: Path, errors: list[tuple[str, str]], *known: KnownError) -> str:
    with pytest.raises(AwaitingPerson) as asked:
        _ask(folder, errors, *known)
    return asked.value.question.removeprefix(checks.QUESTION).strip()


PRINTER, LABELS = ("ERROR", "the printer is offline"), ("ERROR", "labels broke")


@pytest.mark.parametrize(
    ("errors", "known", "told"),
    [
        ([PRINTER], (), "Without an owner today: the printer is offline (3 times, new today)."),
        ([PRINTER], (PAST,), "Without an owner today: the printer is offline (3 times, new today)."),
        ([PRINTER], (MARA,), f"{ALL_TAKEN} Taken on already: the printer is offline (3 times, new today), by Mara."),
        (
            [PRINTER, LABELS],
            (MARA,),
            "Without an owner today: labels broke (3 times, new today)."
            " Taken on already: the printer is offline (3 times, new today), by Mara.",
        ),
        (
            [("CRITICAL", "the printer is on fire")],
            (MARA,),
            "Without an owner today: the printer is on fire (3 times, new today).",
        ),
    ],
    ids=["nobody's", "no longer anybody's", "somebody's", "one of two", "critical"],
)
def test_the_question_says_whose_each_error_is(
    tmp_path: Path, errors: list[tuple[str, str]], known: tuple[KnownError, ...], told: str
) -> None:
    assert _asked(tmp_path, errors, *known) == told


def test_nobody_is_asked_on_a_day_on_which_nothing_keeps_happening(tmp_path: Path) -> None:
    _ask(tmp_path, [])


def test_how_many_more_there_are_is_said(tmp_path: Path) -> None:
    errors = [("ERROR", f"the {thing} broke") for thing in ("till", "scale", "lamp", "door", "clock", "fan", "lift")]
    told = _asked(tmp_path, errors)
    assert told.count(" broke") == 5
    assert told.endswith("; and 2 more.")


def test_nobody_is_no_owner() -> None:
    with pytest.raises(ValidationError, match="owner"):
        KnownError(says="printer", owner="")
