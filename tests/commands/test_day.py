"""`hypercare day` runs what is due and has not run yet, in order, and says how the others stand."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from hypercare.commands import daily as daily_command
from hypercare.commands import day as day_command
from hypercare.commands.worst_status import worst_of
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


def test_what_falls_due_while_others_run_is_run_too(
    at: Callable[[str], None], ran: Ran, monkeypatch: pytest.MonkeyPatch
) -> None:
    at("11:50")

    def run(name: str, project: Path, **_: Any) -> int:
        ran.append(name)
        at("12:10")
        return 0

    monkeypatch.setattr(day_command, "run_round", run)
    day()
    assert ran == ["morning", "midday"]


def test_when_the_day_is_over_the_rest_is_left_to_the_next_call(
    at: Callable[[str], None], ran: Ran, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at("23:50")

    def run(name: str, project: Path, **_: Any) -> int:
        ran.append(name)
        clock = shop / "clock.json"
        clock.write_text(clock.read_text().replace("2026-01-15T23:50", "2026-01-16T00:01"))
        return 1

    monkeypatch.setattr(day_command, "run_round", run)
    status, said = day()
    assert (status, ran) == (1, ["morning"])
    assert said.splitlines()[-1] == "2026-01-15 is over; the next call goes on from here."


def test_a_round_of_just_before_midnight_is_run_by_the_call_after_it(
    shop: Path, at: Callable[[str], None], ran: Ran
) -> None:
    (shop / "checklist.toml").write_text(NIGHT.replace("22:00", "23:30"))
    at("00:00")
    assert "23:30  night                is due since yesterday" in day()[1]
    assert ran == ["night"]


def test_a_second_call_does_nothing_while_one_is_at_work(
    shop: Path, at: Callable[[str], None], ran: Ran, monkeypatch: pytest.MonkeyPatch
) -> None:
    at("09:00")
    second = []

    def run(name: str, project: Path, **_: Any) -> int:
        ran.append(name)
        second.append(day())
        return 1

    monkeypatch.setattr(day_command, "run_round", run)
    assert day()[0] == 1
    assert ran == ["morning"]
    assert second == [(0, "Another `hypercare day` is at work here, so this one does nothing.\n")]


def test_each_round_has_the_limit_of_the_target_file_and_some_minutes(
    shop: Path, at: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    (shop / "target.toml").write_text(f'{TARGET}\n[rounds]\nlimit = "30m"\n')
    at("09:00")
    limits = []
    monkeypatch.setattr(day_command, "run_round", lambda *_, limit, **__: limits.append(limit) or 0)
    day()
    assert limits == [timedelta(minutes=35)]


@pytest.mark.parametrize("variable", [None, "elsewhere"])
def test_of_a_project_elsewhere_its_own_target_file_and_reports_are_meant(
    shop: Path, at: Callable[[str], None], ran: Ran, monkeypatch: pytest.MonkeyPatch, variable: str | None
) -> None:
    at("13:10")
    if variable is not None:
        monkeypatch.setenv("HYPERCARE_REPORTS", variable)
    reports = shop / (variable or "reports")
    history = open_history(load_target(shop / "target.toml"), reports)
    remember(history, "r1", as_of=NINE.replace(minute=5))
    history.close()
    (shop / "other").mkdir()
    monkeypatch.chdir(shop / "other")
    day("--project", "..")
    assert ran == ["midday"]
    assert list((shop / "other").iterdir()) == []


def test_a_day_of_the_embedded_system_is_lived_once_a_day_by_a_schedule(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shop / "target.toml").write_text("[target]\nembedded = true\n")
    page = shop / "reports" / "2026-01-15" / "day" / "summary.json"
    lived = []

    def live(*_: Any, **__: Any) -> int:
        lived.append("a day")
        page.parent.mkdir(parents=True, exist_ok=True)
        page.touch()
        return 0

    monkeypatch.setattr(daily_command, "live_a_day", live)
    day()
    assert day() == (0, "target.toml names the embedded system, of which a day was lived today already.\n")
    assert lived == ["a day"]
    yesterday = page.stat().st_mtime - 86400
    os.utime(page, (yesterday, yesterday))
    day()
    assert lived == ["a day", "a day"]


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
    monkeypatch.setattr(daily_command, "publish_day", lambda *_, **__: "the page")
    # What lies between the rounds is lived by the embedded system alone.
    monkeypatch.setattr(daily_command, "live_on", lambda *_: None)
    assert day()[0] == 0
    assert ran == ["morning", "midday", "evening", "night"]
    assert load_target(system.target_file).rounds.checklist == shop / "checklist.toml"


@pytest.mark.parametrize(
    ("statuses", "worst"), [([], 0), ([0, 0], 0), ([3, 1], 1), ([0, 4, 5], 4), ([0, 2], 2), ([5, 3], 3), ([-9, 0], -9)]
)
def test_a_failure_of_the_target_comes_before_ours_and_before_a_wrong_request(statuses: list[int], worst: int) -> None:
    assert worst_of(statuses) == worst
