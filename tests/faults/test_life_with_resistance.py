"""A life with resistance is told as it happened, day by day: who shows which sign, why, what is next, what is over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from faultlab.simulating.resistance import AWAY, BACKDATES, DAYS, PAPER_BRANCH, Evening, live, truth

pytestmark = [pytest.mark.life, pytest.mark.server, pytest.mark.timeout(7200)]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Mapping[int, Evening]:
    return live(tmp_path_factory.mktemp("life"), date(2026, 1, 8), report=print)


@pytest.mark.parametrize("day", range(1, DAYS + 1))
def test_an_evening_tells_each_sign_with_its_cause_its_course_and_the_next_step(
    told: Mapping[int, Evening], day: int
) -> None:
    assert told[day].signs == truth()[day].signs


@pytest.mark.parametrize("day", range(1, DAYS + 1))
def test_an_evening_tells_whose_sign_is_gone_on_the_day_it_is(told: Mapping[int, Evening], day: int) -> None:
    assert told[day].gone == truth()[day].gone


@pytest.mark.parametrize("day", range(1, DAYS + 1))
def test_the_lines_that_fail_are_those_of_the_signs_of_the_day(told: Mapping[int, Evening], day: int) -> None:
    assert told[day].failing == truth()[day].failing


def test_the_branch_decreases_before_it_is_won_back_and_who_stays_away_is_escalated(
    told: Mapping[int, Evening],
) -> None:
    course = {day: {one.who: (one.goes_on, one.next) for one in told[day].signs} for day in told}
    assert course[8][PAPER_BRANCH][0] == "decreases"
    assert PAPER_BRANCH not in course[10]
    assert [course[day][AWAY][1] for day in (3, 5, 7, 10)] == ["understand", "address", "monitor", "escalate"]
    assert BACKDATES not in course[9]
