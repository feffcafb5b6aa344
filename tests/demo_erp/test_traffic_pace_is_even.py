"""A day's sales so far are comparable with those of earlier days at the same hour."""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime
from functools import lru_cache
from statistics import mean

import pytest

from demo_erp.traffic.planner import Planner
from tests.demo_erp.lived_business import BERLIN, GO_LIVE, REAL_BRANCHES, day_number, local


@lru_cache
def created(seed: int) -> dict[tuple[int, str], list[datetime]]:
    """When sales are begun, by day and branch."""
    planner = Planner(seed, GO_LIVE, BERLIN)
    found: dict[tuple[int, str], list[datetime]] = {}
    for number in range(1, 15):
        for event in planner.plan(day_number(number)).events:
            if event.kind == "sale.create":
                found.setdefault((number, event.subject.branch.code), []).append(event.at)
    return found


def so_far(seed: int, number: int, branch: str, clock: str) -> int:
    return bisect_right(created(seed).get((number, branch), []), local(day_number(number), clock))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 6))
@pytest.mark.parametrize("clock", ["09:00", "12:00", "17:00"])
def test_whole_business_is_within_half_and_twice_the_usual(seed: int, clock: str) -> None:
    for number in range(8, 15):
        usual = mean(sum(so_far(seed, n, branch, clock) for branch in REAL_BRANCHES) for n in range(1, number))
        today = sum(so_far(seed, number, branch, clock) for branch in REAL_BRANCHES)
        assert usual / 2 <= today <= usual * 2, number


@pytest.mark.parametrize("seed", range(1, 6))
@pytest.mark.parametrize("clock", ["09:00", "12:00", "17:00"])
def test_each_branch_is_within_a_third_and_three_times_the_usual(seed: int, clock: str) -> None:
    for number in range(8, 15):
        for branch in REAL_BRANCHES:
            if (number, branch) not in created(seed):
                continue  # closed that day
            earlier = [n for n in range(1, number) if (n, branch) in created(seed)]
            usual = mean(so_far(seed, n, branch, clock) for n in earlier)
            assert 0.3 * usual <= so_far(seed, number, branch, clock) <= 3 * usual, (number, branch)


@pytest.mark.parametrize("seed", range(1, 6))
def test_fourteen_days_bring_some_thousands_of_sales(seed: int) -> None:
    assert 3000 <= sum(len(moments) for moments in created(seed).values()) <= 4500
