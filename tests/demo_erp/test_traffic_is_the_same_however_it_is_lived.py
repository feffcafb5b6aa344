"""The same days come out whether they are lived in one go, in small steps, or cut off and taken up again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from demo_erp.state import State
from demo_erp.traffic import live_until
from tests.demo_erp.lived_business import LivedBusiness, content, copy_of, day_number, local

UNTIL = local(day_number(2), "18:00")

# Ends its own process, without any clean-up, at the nth time that a function of `living` is called.
CUT_OFF = """
import os, sys
from datetime import datetime
from demo_erp.state import State
from demo_erp.traffic import live_until, living
folder, until, name, times = sys.argv[1], datetime.fromisoformat(sys.argv[2]), sys.argv[3], int(sys.argv[4])
done = getattr(living, name)
def cut_off(*given, **named):
    global times
    times -= 1
    if times == 0:
        os._exit(9)
    return done(*given, **named)
setattr(living, name, cut_off)
live_until(State.open(folder), until)
"""


@pytest.fixture(scope="module")
def in_one_go(tmp_path_factory: pytest.TempPathFactory, opened: Path) -> dict[str, list[object]]:
    state = copy_of(opened, tmp_path_factory.mktemp("one") / "state")
    live_until(state, UNTIL)
    return content(LivedBusiness(state, UNTIL))


def assert_same(found: dict[str, list[object]], expected: dict[str, list[object]]) -> None:
    for name, rows in expected.items():
        assert found[name] == rows, name


@pytest.mark.long
def test_in_steps_of_ten_minutes(tmp_path: Path, opened: Path, in_one_go: dict[str, list[object]]) -> None:
    state = copy_of(opened, tmp_path / "state")
    at = local(day_number(1), "00:00")
    while at < UNTIL:
        at += timedelta(minutes=10)
        live_until(state, at, wait=at == UNTIL)
    assert_same(content(LivedBusiness(state, UNTIL)), in_one_go)


@pytest.mark.long
def test_by_another_process_every_time(tmp_path: Path, opened: Path, in_one_go: dict[str, list[object]]) -> None:
    folder = copy_of(opened, tmp_path / "state").folder
    for hours in range(6, 43, 6):
        live_until(State.open(folder), local(day_number(1), "00:00") + timedelta(hours=hours))
    assert_same(content(LivedBusiness(State.open(folder), UNTIL)), in_one_go)


@pytest.mark.long
@pytest.mark.server
@pytest.mark.parametrize(
    ("place", "times"),
    [
        pytest.param("write_position", 3, id="before-the-commit"),
        pytest.param("back_up", 2, id="before-a-backup"),
        pytest.param("_is_there", 3, id="between-commits"),
        pytest.param("write_days", 1, id="before-the-truth-is-written"),
    ],
)
def test_cut_off_and_taken_up_again(
    tmp_path: Path, opened: Path, in_one_go: dict[str, list[object]], place: str, times: int
) -> None:
    folder = copy_of(opened, tmp_path / "state").folder
    command = [sys.executable, "-c", CUT_OFF, str(folder), UNTIL.isoformat(), place, str(times)]
    assert subprocess.run(command).returncode == 9
    live_until(State.open(folder), UNTIL)
    assert_same(content(LivedBusiness(State.open(folder), UNTIL)), in_one_go)


@pytest.mark.long
def test_living_twice_to_the_same_instant_changes_nothing(tmp_path: Path, opened: Path) -> None:
    state = copy_of(opened, tmp_path / "state")
    until = local(day_number(1), "12:00")
    live_until(state, until)
    before = content(LivedBusiness(state, until))
    live_until(state, until)
    live_until(State.open(state.folder), until - timedelta(hours=2))
    again = content(LivedBusiness(state, until))
    assert {**again, "truth": before["truth"]} == before


def test_who_will_not_wait_is_told_that_another_is_at_it(
    tmp_path: Path, opened: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from demo_erp.traffic import living

    state = copy_of(opened, tmp_path / "state")
    answers = []
    real: Callable[..., None] = living.write_position

    def meanwhile(*given: object) -> None:
        answers.append(live_until(State.open(state.folder), UNTIL, wait=False))
        real(*given)

    monkeypatch.setattr(living, "write_position", meanwhile)
    assert live_until(state, local(day_number(1), "09:00"))
    assert set(answers) == {False}
