"""Days of the plan: an extended, a cut short and a second critical period, and which rounds are held on which day."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from hypercare.plan.calendar import Calendar, CriticalPeriod, Phase
from hypercare.plan.checklist import Checklist, shipped
from hypercare.plan.days import DayRange
from hypercare.target_file.open_hours import due_on
from hypercare.target_file.sections.business import BusinessSection

GO_LIVE = date(2026, 1, 8)
NORMAL = GO_LIVE + timedelta(days=20)


def day(number: int) -> date:
    return GO_LIVE + timedelta(days=number - 1)


DAYS = [
    (CriticalPeriod(GO_LIVE), {0: 0, 1: 1, 14: 14, 15: 15, 30: 30}, "as the plan has it"),
    (CriticalPeriod(GO_LIVE, 21), {1: 1, 14: 14, 15: 14, 21: 14, 22: 15}, "extended: it goes on as day 14"),
    (CriticalPeriod(GO_LIVE, 10), {1: 1, 10: 10, 11: 15, 12: 16}, "cut short"),
    (CriticalPeriod(GO_LIVE, 14, NORMAL), {14: 14, 20: 20, 21: 15, 22: 16}, "normal operations begin later"),
    (CriticalPeriod(GO_LIVE, 14, day(6)), {5: 5, 6: 15, 14: 23}, "normal operations begin earlier"),
]


@pytest.mark.parametrize(("period", "days"), [row[:2] for row in DAYS], ids=[row[2] for row in DAYS])
def test_each_date_is_a_day_of_the_plan(period: CriticalPeriod, days: dict[int, int]) -> None:
    assert {number: period.day_of_plan(day(number)) for number in days} == days


def test_daily_rounds_stay_until_a_person_says_that_operations_are_normal() -> None:
    open_end, decided = CriticalPeriod(GO_LIVE), CriticalPeriod(GO_LIVE, 14, NORMAL)
    assert [open_end.day_of_rounds(day(number)) for number in (-9, 0, 1, 14, 15, 300)] == [0, 0, 1, 14, 14, 14]
    assert [decided.day_of_rounds(day(number)) for number in (15, 20, 21, 22)] == [14, 14, 15, 16]


def test_an_extended_period_is_still_one_of_optimisation() -> None:
    assert CriticalPeriod(GO_LIVE, 21).phase_of(day(20)) is Phase.OPTIMISATION
    assert CriticalPeriod(GO_LIVE, 21).phase_of(day(22)) is Phase.AFTER


def test_branches_that_go_live_later_have_a_day_1_of_their_own() -> None:
    kiel = CriticalPeriod(day(31), branches=frozenset({"Kiel"}))
    calendar = Calendar(ZoneInfo("Europe/Berlin"), GO_LIVE, normal_from=NORMAL, waves=(kiel,))
    first_days = DayRange(1, 3)
    assert calendar.branches_in([first_days], day(2)) is None
    assert calendar.branches_in([first_days], day(10)) == frozenset()
    assert calendar.branches_in([first_days], day(32)) == {"Kiel"}
    assert [calendar.is_in([first_days], day(number)) for number in (3, 4, 31, 33, 34)] == [
        True,
        False,
        True,
        True,
        False,
    ]


WEEKDAYS = ["mon", "tue", "wed", "thu", "fri"]
HOURS = [{"branch": "A", "days": WEEKDAYS, "opens": "09:00", "closes": "18:00"}]
BUSINESS = {"timezone": "Europe/Berlin", "go_live": GO_LIVE, "hours": HOURS}


def rounds_on(business: BusinessSection, when: date, plan: Checklist) -> list[str]:
    found = [(at, name) for name, one in plan.schedules.items() for at in due_on(business, one, when)]
    return [f"{at.astimezone(ZoneInfo(business.timezone)):%H:%M} {name}" for at, name in sorted(found)]


DAILY = ["09:00 morning", "12:00 midday", "17:00 evening"]
GERMANY = {"country": "DE"}
AGENDA = [
    ({}, day(0), DAILY),
    ({}, day(-8), DAILY),
    ({}, day(3), []),  # a Saturday
    ({}, day(1), DAILY),
    ({}, day(14), DAILY),
    ({}, day(15), DAILY),
    ({"normal_from": NORMAL}, day(19), DAILY),
    ({"normal_from": NORMAL}, NORMAL, []),
    ({"normal_from": NORMAL}, date(2026, 2, 2), ["09:00 monthly", "09:00 weekly"]),
    ({"normal_from": NORMAL}, date(2026, 2, 3), []),
    # Easter Monday is a holiday: the week's round moves to Tuesday.
    ({"normal_from": NORMAL, "public_holidays": [GERMANY]}, date(2026, 4, 6), []),
    ({"normal_from": NORMAL, "public_holidays": [GERMANY]}, date(2026, 4, 7), ["09:00 weekly"]),
    ({"normal_from": NORMAL}, date(2026, 7, 1), ["09:00 monthly", "09:00 quarterly"]),
    ({"normal_from": NORMAL, "waves": [{"branches": ["Kiel"], "go_live": "2026-03-04"}]}, date(2026, 2, 26), []),
    ({"normal_from": NORMAL, "waves": [{"branches": ["Kiel"], "go_live": "2026-03-04"}]}, date(2026, 3, 3), DAILY),
    ({"normal_from": NORMAL, "waves": [{"branches": ["Kiel"], "go_live": "2026-03-03"}]}, date(2026, 3, 4), DAILY),
    (
        {
            "normal_from": NORMAL,
            "waves": [{"branches": ["Kiel"], "go_live": "2026-03-03", "normal_from": "2026-03-17"}],
        },
        date(2026, 3, 17),
        [],
    ),
]


@pytest.mark.parametrize(
    ("said", "when", "rounds"), AGENDA, ids=[f"{row[1]} {number}" for number, row in enumerate(AGENDA)]
)
def test_rounds_of_the_shipped_plan_are_due(said: dict[str, object], when: date, rounds: list[str]) -> None:
    business = BusinessSection.model_validate({**BUSINESS, **said})
    assert rounds_on(business, when, shipped()) == rounds


def test_a_rarer_round_is_held_once_however_long_all_is_closed() -> None:
    closed = [{"day": date(2026, 5, 1) + timedelta(days=number)} for number in range(12)]
    business = BusinessSection.model_validate({**BUSINESS, "normal_from": NORMAL, "closed": closed})
    month = [date(2026, 5, 1) + timedelta(days=number) for number in range(31)]
    held = [one.isoformat() for one in month for round_ in rounds_on(business, one, shipped()) if "monthly" in round_]
    assert held == ["2026-05-13"]


def test_normal_operations_that_begin_before_go_live_are_refused() -> None:
    with pytest.raises(ValidationError, match="normal_from 2026-01-08 is not after go_live 2026-01-08"):
        BusinessSection.model_validate({**BUSINESS, "normal_from": GO_LIVE})
