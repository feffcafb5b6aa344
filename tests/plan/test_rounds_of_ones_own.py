"""Rounds are data: named in the checklist, due at a time of each working day or by a cron expression."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hypercare.plan.calendar import Calendar
from hypercare.plan.checklist import Checklist, read_checklist, shipped
from hypercare.plan.problem import ChecklistProblem
from hypercare.plan.rounds import DAILY_ROUNDS, Round, round_before
from hypercare.plan.schedule import Schedule

BERLIN = Calendar(ZoneInfo("Europe/Berlin"), date(2026, 1, 8))
THURSDAY, SUNDAY = date(2026, 1, 15), date(2026, 1, 18)
FORWARD, BACK = date(2026, 3, 29), date(2026, 10, 25)
ITEM = '[[item]]\nid = "shop.safe"\nsection = "Shop"\nwords = "The safe is shut."\nlevel = "L2"\n'


def plan_of(folder: Path, text: str) -> Checklist:
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    return read_checklist(folder / "plan.toml")


def own(at: str, name: str = "night") -> str:
    return f'[[round]]\nname = "{name}"\nat = {at}\n{ITEM}rounds = ["{name}"]\n'


SANTIAGO = Calendar(ZoneInfo("America/Santiago"), date(2026, 1, 8))
DUE = [
    ("09:00", THURSDAY, ["09:00 +01:00"]),
    ("0 22 * * 1-6", THURSDAY, ["22:00 +01:00"]),
    ("0 22 * * 1-6", SUNDAY, []),
    ("0 6,14 * * *", SUNDAY, ["06:00 +01:00", "14:00 +01:00"]),
    ("30 2 * * *", FORWARD, ["03:00 +02:00"]),
    ("30 2 * * *", BACK, ["02:30 +02:00"]),
    ("02:30", BACK, ["02:30 +02:00"]),
    ("0 9 * * *", FORWARD, ["09:00 +02:00"]),
    ("0 0 * * *", FORWARD, ["00:00 +01:00"]),
]


@pytest.mark.parametrize(("text", "day", "instants"), DUE, ids=[f"{row[0]} on {row[1]}" for row in DUE])
def test_a_round_is_due_in_the_time_of_the_business(text: str, day: date, instants: list[str]) -> None:
    due = [one.astimezone(BERLIN.zone) for one in Schedule.of(text).on(day, BERLIN)]
    assert [f"{one:%H:%M} {one.isoformat()[-6:]}" for one in due] == instants


def test_the_shipped_rounds_keep_their_names_and_hours() -> None:
    assert {one.name for one in shipped().rounds} == set(Round)
    assert {name: one.hour for name, one in shipped().schedules.items() if not one.names_days} == DAILY_ROUNDS


def test_a_round_of_ones_own_stands_beside_the_shipped_ones_and_may_move_them(tmp_path: Path) -> None:
    moved = own("07:30:00", "morning") + own('"0 22 * * 1-6"').replace("shop.safe", "shop.client")
    plan = plan_of(tmp_path, moved)
    due = {name: one.hour for name, one in plan.schedules.items() if name in {"morning", "night"}}
    assert due == {"morning": time(7, 30), "night": time(22)}
    assert [one.id for one in plan.of_round("night", THURSDAY, BERLIN)] == ["shop.client"]
    assert {one.name for one in plan.rounds} == {*Round, "night"}


WRONG = [
    (own('"0 25 * * *"'), r"round\.0\.at: .*'0 25 \* \* \*' is no cron expression \(bad hour\)"),
    (own('"22 o\'clock"'), "is no time; write a time"),
    (own('"* * * * *"'), "is due 1440 times a day"),
    (own('"0 0 30 2 *"'), "is no cron expression"),
    (own('"22:00"', "daily"), "no round may be named daily"),
    (own('"22:00"', "Late Night"), r"round\.0\.name"),
    (ITEM + 'rounds = ["mornign"]\n', "shop.safe.rounds: there is no round 'mornign'.*Did you mean morning"),
]


@pytest.mark.parametrize(("text", "says"), WRONG)
def test_a_round_that_cannot_be_is_refused_in_one_line(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(ChecklistProblem, match=says) as refused:
        plan_of(tmp_path, text)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "now", "last"),
    [
        ("0 22 * * 1-6", (date(2026, 1, 19), time(9)), (date(2026, 1, 17), time(22))),
        ("0 22 * * 1-6", (date(2026, 1, 19), time(22, 30)), (date(2026, 1, 17), time(22))),
        ("0 6,14 * * *", (THURSDAY, time(14, 20)), (THURSDAY, time(6))),
        ("0 9 1 * *", (date(2026, 1, 31), time(9)), (date(2026, 1, 1), time(9))),
        ("0 9 1 1 *", (date(2026, 1, 1), time(9, 5)), (date(2025, 1, 1), time(9))),
    ],
)
def test_the_round_before_goes_by_the_days_of_the_expression(
    text: str, now: tuple[date, time], last: tuple[date, time]
) -> None:
    assert round_before(BERLIN, BERLIN.at(*now), [Schedule.of(text)]) == BERLIN.at(*last)


def test_the_example_of_the_page_is_a_round(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "checklist.md").read_text(encoding="utf-8")
    example, _ = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    plan = plan_of(tmp_path, example)
    week = [plan.schedules["night"].on(THURSDAY + timedelta(days=number), BERLIN) for number in range(7)]
    assert [len(due) for due in week] == [1, 1, 1, 0, 1, 1, 1]


def test_an_hour_that_comes_twice_before_midnight_is_of_the_day_before() -> None:
    day = date(2026, 4, 5)
    due = Schedule(cron="0 * * * *").on(day, SANTIAGO)
    assert [SANTIAGO.date_of(one) for one in due] == [day] * 24


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (own('"22:00"', "end-of-shift-north-branch"), "at most 20"),
        ('[[round]]\nname = "night"\nat = "22:00"\n' + own('"06:00"'), "has the round night twice"),
    ],
    ids=["a name too long to be kept", "a name twice"],
)
def test_rounds_that_could_not_be_told_apart_or_kept_are_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ChecklistProblem, match=says):
        plan_of(tmp_path, text)


def test_a_checklist_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_bytes(b"\xff\xfe[")
    with pytest.raises(ChecklistProblem, match="is not UTF-8"):
        read_checklist(tmp_path / "plan.toml")
