"""Uptime counts in service hours only: of a branch or of all, on days of 23 and 25 hours, over midnight."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hypercare.plan.calendar import Period
from hypercare.target_file.open_hours import service_periods
from hypercare.target_file.sections.business import BusinessSection
from hypercare.uptime.ledger import Ledger
from hypercare.uptime.measured import Measured
from hypercare.uptime.overrides import Correction, Maintenance
from hypercare.uptime.sample import Sample
from hypercare.uptime.state import State
from tests.uptime.sample_series import DOWN, UP, seconds

BERLIN = ZoneInfo("Europe/Berlin")
EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
NORTH = {"branch": "N", "days": EVERY_DAY, "opens": "09:00", "closes": "18:00"}
SOUTH = {"branch": "S", "days": EVERY_DAY, "opens": "10:00", "closes": "20:00"}
NIGHT = {"branch": "BAR", "days": ["sat"], "opens": "20:00", "closes": "04:00"}
ALWAYS = {"branch": "WEB", "days": EVERY_DAY, "opens": "00:00", "closes": "00:00"}
HOUR = 3600.0


def shop(*hours: dict[str, Any], closed: tuple[dict[str, str], ...] = ()) -> BusinessSection:
    return BusinessSection.model_validate(
        {"timezone": "Europe/Berlin", "go_live": "2026-01-08", "hours": hours, "closed": closed}
    )


def local(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def run(start: datetime, end: datetime, state: State = UP, *, branch: str = "", way: str = "web") -> Sample:
    """A sample a minute from `start`, before `end`, put together."""
    number = -((start - end) // timedelta(minutes=1))
    last = start + timedelta(minutes=number - 1)
    return Sample(way, "one", start, state, branch=branch, last=last, count=number)


def measured(business: BusinessSection, ledger: Ledger, start: datetime, end: datetime, branch: str = "") -> Measured:
    window = Period(start, end)
    return ledger.measured(service_periods(business, start, end, branch), window, branch=branch)


DAYS = [
    pytest.param(local(6, 10), local(6, 11), [], {"up": 24 * HOUR}, id="a usual day"),
    pytest.param(local(3, 29), local(3, 30), [], {"up": 23 * HOUR}, id="the day on which an hour is missing"),
    pytest.param(local(10, 25), local(10, 26), [], {"up": 25 * HOUR}, id="the day on which an hour comes twice"),
    pytest.param(local(10, 25), local(10, 26), [NORTH], {"up": 9 * HOUR}, id="shop hours on that day"),
    pytest.param(local(10, 24), local(10, 26), [NIGHT], {"up": 9 * HOUR}, id="a night that is an hour longer"),
    pytest.param(local(3, 28), local(3, 30), [NIGHT], {"up": 7 * HOUR}, id="a night that is an hour shorter"),
    pytest.param(local(10, 25), local(10, 26), [NIGHT], {"up": 5 * HOUR}, id="the rest of a night"),
    pytest.param(local(6, 10), local(6, 12), [ALWAYS], {"up": 48 * HOUR}, id="open day and night"),
    pytest.param(local(6, 10), local(6, 12), [NORTH, SOUTH], {"up": 22 * HOUR}, id="open while any branch is"),
]


@pytest.mark.parametrize(("start", "end", "hours", "expected"), DAYS)
def test_a_day_counts_as_many_hours_as_the_business_is_open(
    start: datetime, end: datetime, hours: list[dict[str, Any]], expected: dict[str, float]
) -> None:
    ledger = Ledger([run(start - timedelta(days=1), end + timedelta(days=1))])
    assert seconds(measured(shop(*hours), ledger, start, end)) == expected


def test_an_outage_in_the_hour_that_comes_twice_is_as_long_as_it_was() -> None:
    start, end = local(10, 25), local(10, 26)
    first, second = start + timedelta(hours=2, minutes=30), start + timedelta(hours=3, minutes=30)
    ledger = Ledger([run(start, first), run(first, second, DOWN), run(second, end)])
    assert first.astimezone(BERLIN).time() == second.astimezone(BERLIN).time()
    assert seconds(measured(shop(), ledger, start, end)) == {"up": 24 * HOUR, "down": HOUR}


@pytest.mark.parametrize(
    ("branch", "expected"),
    [
        ("", {"up": 10 * HOUR, "down": HOUR}),
        ("N", {"up": 9 * HOUR}),
        ("S", {"up": 9 * HOUR, "down": HOUR}),
    ],
)
def test_an_outage_after_one_branch_has_closed_is_the_others_alone(branch: str, expected: dict[str, float]) -> None:
    start, end = local(6, 10), local(6, 11)
    ledger = Ledger(
        [run(start, local(6, 10, 19)), run(local(6, 10, 19), local(6, 10, 21), DOWN), run(local(6, 10, 21), end)]
    )
    assert seconds(measured(shop(NORTH, SOUTH), ledger, start, end, branch)) == expected


def test_a_branch_has_looks_of_its_own_besides_those_at_the_whole_business() -> None:
    start, end = local(6, 10), local(6, 11)
    ledger = Ledger(
        [run(start, end), run(start, local(6, 10, 12), branch="S"), run(local(6, 10, 12), end, DOWN, branch="S")]
    )
    assert seconds(measured(shop(NORTH, SOUTH), ledger, start, end, "S")) == {"up": 2 * HOUR, "down": 8 * HOUR}
    assert seconds(measured(shop(NORTH, SOUTH), ledger, start, end, "N")) == {"up": 9 * HOUR}
    assert seconds(measured(shop(NORTH, SOUTH), ledger, start, end)) == {"up": 11 * HOUR}


def test_where_only_branches_are_looked_at_the_business_is_up_while_all_are() -> None:
    start, end = local(6, 10, 10), local(6, 10, 18)
    down = run(local(6, 10, 12), local(6, 10, 13), DOWN, branch="S")
    ledger = Ledger(
        [
            run(start, end, branch="N"),
            run(start, local(6, 10, 12), branch="S"),
            down,
            run(local(6, 10, 13), end, branch="S"),
        ]
    )
    assert seconds(measured(shop(NORTH, SOUTH), ledger, start, end)) == {"up": 7 * HOUR, "down": HOUR}


def test_closed_days_and_maintenance_and_corrections_of_a_branch_are_its_own() -> None:
    start, end = local(6, 10), local(6, 12)
    business = shop(NORTH, SOUTH, closed=({"day": "2026-06-11", "branch": "S"},))
    ledger = Ledger(
        [run(start, end)],
        [Maintenance("new till", local(6, 10, 10), local(6, 10, 12), branches=("N",))],
        [Correction(local(6, 10, 13), local(6, 10, 14), DOWN, "Ida", "the line was cut", end, branch="S")],
    )
    assert seconds(measured(business, ledger, start, end, "N")) == {"up": 16 * HOUR, "maintenance": 2 * HOUR}
    assert seconds(measured(business, ledger, start, end, "S")) == {"up": 9 * HOUR, "down": HOUR}
    assert seconds(measured(business, ledger, start, end)) == {"up": 20 * HOUR}


def test_a_branch_without_hours_of_its_own_is_judged_around_the_clock() -> None:
    start, end = local(6, 10), local(6, 11)
    assert seconds(measured(shop(NORTH), Ledger([run(start, end)]), start, end, "X")) == {"up": 24 * HOUR}
