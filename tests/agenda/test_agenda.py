"""A first quarter as the agenda has it: where it changes, what is asked, and who acts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hypercare.agenda.agenda import AgendaDay, agenda
from hypercare.agenda.as_calendar import agenda_calendar
from hypercare.agenda.rendering import agenda_page, agenda_text
from hypercare.plan.checklist import Checklist, read_checklist
from hypercare.plan.item import Item
from hypercare.target_file.config import TargetConfig

GO_LIVE = date(2026, 1, 8)
DAILY = ["morning", "midday", "evening"]
PLAN = """
base = "built-in"
""" + "".join(
    f'''
[[item]]
id = "shop.{name}"
section = "Shop"
words = "The {name} holds."
rounds = ["{round_}"]
level = "L1"
kind = "{kind}"
question = "{question}"
{days}
'''
    for name, round_, kind, question, days in (
        ("first", "morning", "auto", "", 'days = "1-3"'),
        ("second", "midday", "auto", "", 'days = "4-7"'),
        ("third", "evening", "attest", "Do people like it?", 'days = "8-14"'),
        ("later", "weekly", "auto", "", "after = 14"),
    )
)


@pytest.fixture
def plan(tmp_path: Path) -> Checklist:
    (tmp_path / "checklist.toml").write_text(PLAN)
    return read_checklist(tmp_path / "checklist.toml")


def config_of(plan: Checklist, **business: Any) -> TargetConfig:
    said = {"timezone": "Europe/Berlin", "go_live": GO_LIVE, "public_holidays": [{"country": "DE"}], **business}
    levels = {"L1": {"who": "Anna", "respond_within": "15m"}}
    config = TargetConfig.model_validate({"target": {"name": "Studio"}, "business": said, "escalation": levels})
    config.go_by(plan)
    return config


def quarter(plan: Checklist, **business: Any) -> dict[date, AgendaDay]:
    days = agenda(plan, config_of(plan, **business), GO_LIVE, GO_LIVE + timedelta(days=120))
    return {one.day: one for one in days}


def own(items: Iterable[Item]) -> list[str]:
    return [item.id for item in items if item.id.startswith("shop.")]


def day(number: int) -> date:
    return GO_LIVE + timedelta(days=number - 1)


def test_the_agenda_changes_with_the_days_of_the_plan(plan: Checklist) -> None:
    days = quarter(plan)
    changes = {number: (own(days[day(number)].begins), own(days[day(number)].ends)) for number in range(2, 30)}
    assert {number: changed for number, changed in changes.items() if changed != ([], [])} == {
        4: (["shop.second"], ["shop.first"]),
        8: (["shop.third"], ["shop.second"]),
        15: ([], ["shop.third"]),
    }


def test_normal_operations_bring_rarer_rounds(plan: Checklist) -> None:
    days = quarter(plan, normal_from=day(15))
    held = {one.day: [round_.name for round_ in one.rounds] for one in days.values() if one.rounds}
    assert all(held[day(number)] == DAILY for number in range(1, 15))
    assert {when.isoformat(): names for when, names in held.items() if when >= day(15)} == {
        "2026-01-26": ["weekly"],
        "2026-02-01": ["monthly"],
        "2026-02-02": ["weekly"],
        "2026-02-09": ["weekly"],
        "2026-02-16": ["weekly"],
        "2026-02-23": ["weekly"],
        "2026-03-01": ["monthly"],
        "2026-03-02": ["weekly"],
        "2026-03-09": ["weekly"],
        "2026-03-16": ["weekly"],
        "2026-03-23": ["weekly"],
        "2026-03-30": ["weekly"],
        # The first of April with the quarter's; Easter Monday is a holiday.
        "2026-04-01": ["monthly", "quarterly"],
        "2026-04-07": ["weekly"],
        "2026-04-13": ["weekly"],
        "2026-04-20": ["weekly"],
        "2026-04-27": ["weekly"],
        "2026-05-02": ["monthly"],
        "2026-05-04": ["weekly"],
    }
    assert "shop.later" in [item.id for item in days[date(2026, 1, 26)].begins]


def test_a_round_keeps_its_hour_of_the_business_where_clocks_change(plan: Checklist) -> None:
    days = quarter(plan, critical_days=90)
    hours = [days[date(2026, 3, number)].rounds[0].due.isoformat()[11:16] for number in (28, 29, 30)]
    assert hours == ["08:00", "07:00", "07:00"]


def test_a_holiday_has_no_round_and_says_why(plan: Checklist) -> None:
    friday = quarter(plan)[date(2026, 4, 3)]
    assert (friday.rounds, friday.closed) == ((), "Good Friday")


def test_a_second_wave_has_days_of_its_own(plan: Checklist) -> None:
    kiel = {"branches": ["Kiel"], "go_live": "2026-03-03"}
    days = quarter(plan, normal_from=day(15), waves=[kiel])
    assert days[date(2026, 3, 3)].words == "day 55, normal operations; Kiel: day 1"
    assert days[date(2026, 2, 27)].words == "day 51, normal operations; Kiel goes live on 03 Mar"
    assert [one.name for one in days[date(2026, 3, 3)].rounds] == DAILY
    assert "shop.first" in [item.id for item in days[date(2026, 3, 3)].begins]
    assert "shop.first" in [item.id for item in days[date(2026, 3, 6)].ends]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (-2, "3 days before go-live"),
        (0, "the day before go-live"),
        (3, "day 3, stabilisation"),
        (7, "day 7, validation of workflows"),
        (14, "day 14, optimisation"),
        (15, "day 15, past the critical period, normal operations not yet decided"),
    ],
)
def test_each_day_says_what_it_is(plan: Checklist, number: int, words: str) -> None:
    (found,) = agenda(plan, config_of(plan), day(number), day(number))
    assert found.words == words


def test_people_read_what_they_are_asked_and_who_acts(plan: Checklist) -> None:
    config = config_of(plan)
    text = "\n".join(agenda_text(agenda(plan, config, day(8), day(8)), config.business.calendar.zone, in_full=True))
    assert "asks  shop.third: Do people like it?" in text
    assert "L1 goes to Anna" in text
    assert "L3  health.web" in text
    assert re.search(r"from today: .*shop\.third", text)


def test_calendars_take_the_same_round_as_the_same_event(plan: Checklist) -> None:
    from icalendar import Calendar

    config = config_of(plan)
    made = datetime.fromisoformat("2026-01-07T12:00+00:00")
    first, again = (
        Calendar.from_ical(agenda_calendar(agenda(plan, config, day(start), day(9)), "Studio", made)).walk("VEVENT")
        for start in (7, 8)
    )
    assert len(first) == 9
    assert len({str(one["uid"]) for one in first}) == 9
    assert {str(one["uid"]) for one in again} < {str(one["uid"]) for one in first}
    evening = next(one for one in again if "End-of-day" in str(one["summary"]))
    assert evening.decoded("dtstart") == datetime.fromisoformat("2026-01-15T16:00+00:00")
    assert "Do people like it? (shop.third)" in str(evening["description"])


def test_a_hostile_name_is_text_on_the_page(plan: Checklist) -> None:
    config = config_of(plan)
    page = agenda_page(
        agenda(plan, config, day(1), day(14)), "<script>alert(1)</script>", config.business.calendar.zone
    )
    assert "<script>" not in page
    assert "Do people like it?" in page
    assert page.count("<section") == 14
