"""A mistake of people is told with the training that would end it, and several people's again and again is a need."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from hypercare.error_history.error_history import ErrorHistory
from hypercare.error_history.training import LOGGING_IN, mistakes_of_several
from hypercare.logs import Logs
from hypercare.logs.errors import Errors
from hypercare.target_file.sections.logs import LogRule, LogSource
from tests.standins.frozen_target import NOON, frozen_target
from tests.standins.json_memory import JsonMemory

REASON = "the reason is missing"


def errors_of(folder: Path, says: str, people: int, times: int, *rules: LogRule, named: bool = True) -> Errors:
    log = folder / "app.log"
    log.write_text(
        "".join(
            json.dumps(
                {
                    "time": (NOON - timedelta(minutes=1 + number)).isoformat(),
                    "level": "WARNING",
                    "message": says,
                    **({"user": f"clerk.{number % people}"} if named else {}),
                }
            )
            + "\n"
            for number in reversed(range(times))
        )
    )
    target = frozen_target(folder, logs=(LogSource(name="app", path=log),), log_rules=rules)
    errors = Logs(target).errors(target.today)
    ErrorHistory(target, JsonMemory()).tell(errors)
    return errors


@pytest.mark.parametrize(
    ("says", "training"),
    [
        ("wrong password", LOGGING_IN),
        ("falsches Kennwort", LOGGING_IN),
        ("lena.vogt is not allowed to void", "who may do what, and whom to ask"),
        ("the sale is already finalised", "what can no longer be changed, and how it is corrected"),
        ("the lines do not add up", "how amounts and quantities are entered"),
        (REASON, "what has to be filled in, and how"),
    ],
)
def test_the_words_of_a_mistake_tell_the_training(tmp_path: Path, says: str, training: str) -> None:
    [row] = errors_of(tmp_path, says, 1, 1).rows()
    assert (row["class"], row["training"]) == ("user error", training)


def test_a_rule_names_the_training_by_its_own_name(tmp_path: Path) -> None:
    rule = LogRule(says="drawer", counts_as="user error", training="closing the till")
    other = LogRule(says="drawer", counts_as="user error", log=None, training="another")
    [row] = errors_of(tmp_path, "drawer 3 does not balance", 1, 1, rule, other).rows()
    assert (row["class"], row["training"]) == ("user error", "closing the till")


def test_an_error_of_the_system_wants_no_training(tmp_path: Path) -> None:
    rule = LogRule(says="printer", counts_as="error")
    [row] = errors_of(tmp_path, "the printer is offline", 3, 12, rule).rows()
    assert "training" not in row


@pytest.mark.parametrize(
    ("says", "people", "times", "needs"),
    [
        (REASON, 3, 12, 1),
        (REASON, 2, 10, 1),
        (REASON, 3, 9, 0),  # too few
        (REASON, 6, 12, 0),  # twice each
        (REASON, 1, 30, 0),  # one person's
        ("wrong password", 3, 12, 0),  # of log-ins others tell
    ],
)
def test_what_several_do_wrong_again_and_again_is_a_need(
    tmp_path: Path, says: str, people: int, times: int, needs: int
) -> None:
    found = mistakes_of_several(errors_of(tmp_path, says, people, times))
    assert (found.count, found.of) == (needs, 1)
    if needs:
        assert found.sample[0]["people"] == people


def test_a_log_that_names_nobody_tells_no_need(tmp_path: Path) -> None:
    assert mistakes_of_several(errors_of(tmp_path, REASON, 3, 12, named=False)).count == 0


def test_no_name_is_kept_with_what_is_remembered(tmp_path: Path) -> None:
    log, memory = tmp_path / "app.log", JsonMemory()
    line = {"time": (NOON - timedelta(minutes=90)).isoformat(), "level": "ERROR", "message": "it broke"}
    log.write_text(f"{json.dumps({**line, 'user': 'lena.vogt'})}\n{json.dumps({**line, 'user': 'max.roth'})}\n" * 5)
    target = frozen_target(tmp_path, logs=(LogSource(name="app", path=log),))
    [group] = Logs(target, memory).errors(target.today).groups
    [again] = Logs(target, memory).errors(target.today).groups
    assert len(group.people) == len(again.people) == 2
    assert "lena.vogt" not in "".join(memory.values.values())
