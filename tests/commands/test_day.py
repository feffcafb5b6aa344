"""`hypercare day` runs what is due and has not run yet, in order, and says how the others stand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from hypercare.commands import daily as daily_command
from hypercare.commands import day as day_command
from hypercare.commands.round import worst_of
from hypercare.history.opening import open_history
from hypercare.target_file.loading import load_target
from tests.history.remembering import NINE, remember

TARGET = """[target]
name = "Corner Shop"

[business]
timezone = "Europe/Berlin"
go_live = 2026-01-08
clock = "clock.json"
"""
NIGHT = """base = "built-in"

[[round]]
name = "night"
at = "22:00"

[[item]]
id = "own.night"
section = "Our own"
words = "The night shift has begun."
rounds = ["night"]
level = "L2"
"""
Ran = list[str]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "target.toml").write_text(TARGET)
    return tmp_path


@pytest.fixture
def at(shop: Path) -> Callable[[str], None]:
    """Sets the clock of the business, which is an hour ahead of UTC in January."""

    def set_to(clock: str) -> None:
        face = {"set_to": f"2026-01-15T{clock}:00+01:00", "set_at": "2026-01-01T00:00:00+00:00", "rate": 0}
        (shop / "clock.json").write_text(json.dumps(face))

    return set_to


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Ran:
    """The rounds that were started, each of which ends with the status that is named after it."""
    started: Ran = []
    statuses = {"midday": 1}

    def run(name: str, project: Path, **_: Any) -> int:
        started.append(name)
        return statuses.get(name, 0)

    monkeypatch.setattr(day_command, "run_round", run)
    return started


def day(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(day_command.day, words, standalone_mode=False)
    assert done.exception is None, done.output
    return done.return_value, done.output


def test_what_has_come_is_run_in_order_and_the_status_is_the_worst(at: Callable[[str], None], ran: Ran) -> None:
    at("13:10")
    status, said = day()
    assert ran == ["morning", "midday"]
    assert status == 1
    assert [line.split(maxsplit=2) for line in said.splitlines() if line[:1].isdigit()] == [
        ["09:00", "morning", "is due"],
        ["12:00", "midday", "is due"],
        ["17:00", "evening", "is still to come"],
    ]


def test_what_ran_already_is_said_and_not_run_again(shop: Path, at: Callable[[str], None], ran: Ran) -> None:
    at("13:10")
    history = open_history(load_target(shop / "target.toml"), shop / "reports")
    remember(history, "r1", as_of=NINE.replace(minute=5))
    history.close()
    _, said = day()
    assert ran == ["midday"]
    assert "ran already, as of 09:05" in said


def test_before_the_first_hour_nothing_is_run_and_all_is_well(at: Callable[[str], None], ran: Ran) -> None:
    at("08:59")
    assert day()[0] == 0
    assert ran == []


def test_rounds_of_an_own_plan_beside_the_target_file_are_due_too(
    shop: Path, at: Callable[[str], None], ran: Ran
) -> None:
    (shop / "checklist.toml").write_text(NIGHT)
    at("22:00")
    day()
    assert ran == ["morning", "midday", "evening", "night"]


def test_a_round_that_carries_nothing_today_is_not_due(shop: Path, at: Callable[[str], None], ran: Ran) -> None:
    (shop / "checklist.toml").write_text(f"{NIGHT}days = [1, 3]\n")
    at("22:00")
    assert "night" not in day()[1]
    assert ran == ["morning", "midday", "evening"]


def test_what_another_call_began_meanwhile_is_left_to_it(
    shop: Path, at: Callable[[str], None], ran: Ran, monkeypatch: pytest.MonkeyPatch
) -> None:
    at("13:10")

    def run(name: str, project: Path, **_: Any) -> int:
        ran.append(name)
        history = open_history(load_target(shop / "target.toml"), shop / "reports")
        remember(history, "other", as_of=NINE.replace(hour=12), name="midday")
        history.close()
        return 0

    monkeypatch.setattr(day_command, "run_round", run)
    day()
    assert ran == ["morning"]


def test_of_the_embedded_system_a_whole_day_is_lived(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (shop / "target.toml").write_text("[target]\nembedded = true\n")
    lived = []

    def live(reports: Path, project: Path, *, own: Path | None) -> int:
        lived.append((project, own))
        return 3

    monkeypatch.setattr(daily_command, "live_a_day", live)
    status, said = day()
    assert (status, lived) == (3, [(Path(), Path("target.toml"))])
    assert "the embedded system" in said


def test_a_day_of_the_embedded_system_goes_by_the_own_target_file_and_plan(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shop / "checklist.toml").write_text(NIGHT)
    (shop / "target.toml").write_text('[target]\nembedded = true\n\n[rounds]\nchecklist = "checklist.toml"\n')
    (shop / "state").mkdir()
    system = SimpleNamespace(target_file=shop / "state" / "target.toml", stop=lambda: None, advance=lambda _: None)
    system.target_file.write_text(TARGET.replace('clock = "clock.json"\n', ""))
    monkeypatch.setattr(daily_command.EmbeddedSystem, "start", lambda _: system)
    ran: Ran = []
    monkeypatch.setattr(daily_command, "_run_round", lambda chosen, *_: ran.append(chosen) or 0)
    monkeypatch.setattr(daily_command, "publish_day", lambda *_: "the page")
    assert day()[0] == 0
    assert ran == ["morning", "midday", "evening", "night"]
    assert load_target(system.target_file).rounds.checklist == shop / "checklist.toml"


@pytest.mark.parametrize(
    ("statuses", "worst"), [([], 0), ([0, 0], 0), ([3, 1], 1), ([0, 4, 5], 4), ([0, 2], 2), ([5, 3], 3), ([-9, 0], -9)]
)
def test_a_failure_of_the_target_comes_before_ours_and_before_a_wrong_request(statuses: list[int], worst: int) -> None:
    assert worst_of(statuses) == worst
