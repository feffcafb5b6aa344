"""Between the rounds of the embedded system's day it is probed each half hour, so that its uptime can be told."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date, time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hypercare.commands.daily import live_on
from hypercare.history.opening import open_history
from hypercare.target_file.loading import load_target
from hypercare.uptime.state import State
from hypercare.uptime_history.samples import samples_for

TARGET = """[target]
name = "Corner Shop"

[business]
timezone = "Europe/Berlin"
go_live = 2026-01-08
clock = "clock.json"
"""
DATABASE = '\n[database]\nurl = "sqlite:///shop.sqlite"\n'
HALF_HOURS = ["09:00", "09:30", "10:00", "10:15"]


def system_of(folder: Path, text: str) -> Any:
    """One whose clock stands at nine, and where it was told to go to lies."""
    sqlite3.connect(folder / "shop.sqlite").close()
    target = folder / "target.toml"
    target.write_text(text, encoding="utf-8")

    def set_clock(to: str) -> None:
        face = {"set_to": to, "set_at": "2026-01-01T00:00:00+00:00", "rate": 0}
        (folder / "clock.json").write_text(json.dumps(face), encoding="utf-8")

    set_clock("2026-01-15T09:00:00+01:00")
    return SimpleNamespace(target_file=target, advance=lambda to: set_clock(to.isoformat()))


def clocks_of_looks(system: Any, reports: Path) -> list[str]:
    config = load_target(system.target_file)
    calendar = config.business.calendar
    with closing(open_history(config, reports)) as history:
        day = calendar.day(date(2026, 1, 15))
        looks = {(sample.at, sample.state) for sample in samples_for(history, day.start, day.end)}
    assert {state for _, state in looks} == {State.UP}
    return [f"{at.astimezone(calendar.zone):%H:%M}" for at, _ in sorted(looks)]


def test_every_way_is_looked_at_each_half_hour_and_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    system = system_of(tmp_path, TARGET + DATABASE)
    live_on(system, time(10, 15), tmp_path / "reports")
    assert clocks_of_looks(system, tmp_path / "reports") == HALF_HOURS


def test_a_round_of_an_hour_that_is_over_moves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    system = system_of(tmp_path, TARGET + DATABASE)
    live_on(system, time(8), tmp_path / "reports")
    assert clocks_of_looks(system, tmp_path / "reports") == ["09:00"]


def test_without_a_way_that_could_be_probed_the_day_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    system = system_of(tmp_path, TARGET)
    live_on(system, time(10, 15), tmp_path / "reports")
    assert "09:15:00+00:00" in (tmp_path / "clock.json").read_text(encoding="utf-8")
