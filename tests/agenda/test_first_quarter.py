"""A first quarter of the built-in plan, held as a schedule would: `hypercare day` on each day, with its own clock.

The business goes live on the 2nd of March 2026 in Berlin: clocks are put forward on the 29th, Good Friday and Easter
Monday are holidays, and the second quarter begins on the 1st of April. On day 14 somebody writes down that operations
are normal from the next day on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from hypercare.agenda.agenda import agenda
from hypercare.commands import day as day_command
from hypercare.commands.plan import plan as plan_command
from hypercare.history.opening import open_history
from hypercare.plan.checklist import shipped
from hypercare.target_file.loading import load_target
from tests.history.remembering import remember

BERLIN = ZoneInfo("Europe/Berlin")
GO_LIVE, DAYS = date(2026, 3, 2), 122
NORMAL = GO_LIVE + timedelta(days=14)
DAILY = {"morning": "09:00", "midday": "12:00", "evening": "17:00"}
CALLED_AT = (time(9), time(12), time(17))
TARGET = """[target]
name = "Corner Shop"

[business]
timezone = "Europe/Berlin"
go_live = 2026-03-02
clock = "clock.json"
public_holidays = [{ country = "DE" }]
"""
DECIDED = f"{TARGET}normal_from = {NORMAL}\n"
Held = tuple[date, str, str]


def of_day(number: int) -> date:
    return GO_LIVE + timedelta(days=number - 1)


class Shop:
    """A project with nothing but a target file and a clock; the rounds that are started in it are noted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.held: list[Held] = []
        self.say(TARGET)

    def say(self, target: str) -> None:
        (self.folder / "target.toml").write_text(target)

    def set_clock(self, when: datetime) -> None:
        face = {"set_to": when.isoformat(), "set_at": "2026-01-01T00:00:00+00:00", "rate": 0}
        (self.folder / "clock.json").write_text(json.dumps(face))
        self.now = when

    def call(self, day: date, clock: time) -> str:
        self.set_clock(datetime.combine(day, clock, BERLIN))
        done = CliRunner().invoke(day_command.day, [], standalone_mode=False)
        assert done.exception is None, done.output
        return done.output

    def note(self, name: str, project: Path, **_: Any) -> int:
        """In place of the round's own process: that it was held."""
        self.held.append((self.now.date(), f"{self.now:%H:%M}", name))
        history = open_history(load_target(self.folder / "target.toml"), self.folder / "reports")
        remember(history, f"{name} {self.now}", as_of=self.now, name=name)
        history.close()
        return 0

    def rounds_of(self, day: date) -> Mapping[str, str]:
        return {name: at for when, at, name in self.held if when == day}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.chdir(tmp_path)
    found = Shop(tmp_path)
    monkeypatch.setattr(day_command, "run_round", found.note)
    return found


@pytest.fixture
def quarter(shop: Shop) -> Shop:
    """Lived: the schedule calls three times a day, and once a day when operations are normal since the evening of day
    14, on which somebody decides."""
    for number in range(1, DAYS + 1):
        if number == 15:
            shop.say(DECIDED)
        for clock in CALLED_AT if number < 17 else (CALLED_AT[0],):
            shop.call(of_day(number), clock)
    return shop


def rarer(held: Sequence[Held]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for when, _, name in held:
        if name not in DAILY:
            found.setdefault(when.isoformat(), []).append(name)
    return {day: sorted(names) for day, names in found.items()}


@pytest.mark.proof
@pytest.mark.timeout(3600)
def test_a_schedule_holds_the_rounds_of_a_first_quarter(quarter: Shop) -> None:
    assert [quarter.rounds_of(of_day(number)) for number in range(1, 15)] == [DAILY] * 14
    assert not [one for one in quarter.held if one[0] >= NORMAL and one[2] in DAILY]
    found = rarer(quarter.held)
    assert {day: names for day, names in found.items() if names != ["weekly"]} == {
        "2026-04-01": ["monthly", "quarterly"],
        # The first of May is a holiday, of which the month's round moves to the next day on which somebody works.
        "2026-05-02": ["monthly"],
        "2026-06-01": ["monthly", "weekly"],
        "2026-07-01": ["monthly", "quarterly"],
    }
    weekly = [date.fromisoformat(day) for day, names in found.items() if "weekly" in names]
    mondays = [NORMAL + timedelta(weeks=number) for number in range(len(weekly))]
    moved = {date(2026, 4, 6): date(2026, 4, 7), date(2026, 5, 25): date(2026, 5, 26)}
    assert weekly == [moved.get(monday, monday) for monday in mondays]
    assert len(weekly) == 16
    assert {at for when, at, _ in quarter.held if when >= NORMAL} == {"09:00"}


def test_clocks_that_are_put_forward_and_a_holiday_are_heeded_by_the_schedule(shop: Shop) -> None:
    shop.say(TARGET + "critical_days = 60\n")
    saturday, sunday, friday = date(2026, 3, 28), date(2026, 3, 29), date(2026, 4, 3)
    for day in (saturday, sunday, friday):
        for clock in CALLED_AT:
            said = shop.call(day, clock)
    assert (shop.rounds_of(saturday), shop.rounds_of(sunday)) == (DAILY, DAILY)
    assert shop.rounds_of(friday) == {}
    assert "No round is due today." in said


def items_of(number: int, config: str, tmp_path: Path) -> Mapping[str, frozenset[str]]:
    """What the agenda has for the rounds of a day, by the round."""
    (tmp_path / "target.toml").write_text(config)
    target = load_target(tmp_path / "target.toml")
    target.go_by(shipped())
    (day,) = agenda(shipped(), target, of_day(number), of_day(number))
    return {one.name: frozenset(item.id for item in one.items) for one in day.rounds}


@pytest.mark.parametrize(
    ("number", "comes", "goes"),
    [
        (4, {"focus.workflows-used", "focus.cross-module", "focus.confidence"}, {"focus.crashes", "focus.support"}),
        (8, {"focus.slow-queries", "focus.stable", "focus.integrity"}, {"focus.workflows-used", "focus.training"}),
        (15, set(), {"ops.sales", "summary.sales-created", "perf.response-time", "focus.documentation"}),
    ],
)
def test_what_is_looked_at_changes_on_days_4_8_and_15(
    number: int, comes: set[str], goes: set[str], tmp_path: Path
) -> None:
    (tmp_path / "clock.json").write_text("{}")
    config = DECIDED if number == 15 else TARGET
    before, now = (items_of(one, config, tmp_path) for one in (number - 1, number))
    looked_at, looked_at_before = (frozenset[str]().union(*one.values()) for one in (now, before))
    assert comes <= looked_at - looked_at_before
    assert goes <= looked_at_before - looked_at
    assert {"verify.costs", "health.web", "backup.accessible"} <= looked_at & looked_at_before


# One for each round at least, so that each finds something to run.
CHECK = """import pytest


@pytest.mark.item("users.active", "issues.reported", "performance.figures", "backup.accessible")
def test_all_is_well():
    pass
"""
HELD = [
    (4, time(17), {"evening"}),
    (8, time(17), {"evening"}),
    (15, time(9), {"weekly"}),
    (31, time(9), {"monthly", "quarterly"}),
    (37, time(9), {"weekly"}),
]


@pytest.mark.proof
@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_the_rounds_that_are_started_look_at_what_the_agenda_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "test_shop.py").write_text(CHECK)
    shop = Shop(tmp_path)
    for number, clock, names in HELD:
        config = DECIDED if number >= 15 else TARGET
        shop.say(config)
        before = _summaries_of_rounds(tmp_path)
        if number < 15:
            _without_earlier_rounds(shop, number)
        shop.call(of_day(number), clock)
        written = _summaries_of_rounds(tmp_path) - before
        summaries = [json.loads(one.read_text(encoding="utf-8")) for one in written]
        planned = items_of(number, config, tmp_path)
        assert {one["round"] for one in summaries} == names
        for one in summaries:
            assert {item["id"] for item in one["items"]} == planned[one["round"]]


def _without_earlier_rounds(shop: Shop, number: int) -> None:
    """The morning's and midday's are told to have been held, since each takes a process of its own."""
    for name, clock in (("morning", time(9)), ("midday", time(12))):
        shop.set_clock(datetime.combine(of_day(number), clock, BERLIN))
        shop.note(name, shop.folder)


def test_the_command_prints_what_changes(shop: Shop) -> None:
    shop.set_clock(datetime.combine(of_day(4), time(8), BERLIN))
    done = CliRunner().invoke(plan_command, ["--date", of_day(4).isoformat()], standalone_mode=False)
    assert "day 4, validation of workflows" in done.output
    assert "from today:" in done.output


def _summaries_of_rounds(project: Path) -> set[Path]:
    """Of the rounds themselves, not of their days."""
    return {one for one in (project / "reports").glob("*/*/summary.json") if one.parent.name != "day"}
