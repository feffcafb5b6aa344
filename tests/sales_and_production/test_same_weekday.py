"""What is usual on such a day of the week, and what is far from it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hypercare.sales_and_production.same_weekday import Usual, usual_of, usual_on

WEDNESDAY = date(2026, 4, 1)


def days_before(*values: float) -> dict[date, float]:
    """The last of them is of the day before."""
    return {WEDNESDAY - timedelta(days=len(values) - place): value for place, value in enumerate(values)}


def test_three_days_of_the_same_name_tell() -> None:
    by_day = {WEDNESDAY - timedelta(days=number): 100.0 if number % 7 == 0 else 10.0 for number in range(1, 22)}
    assert usual_on(WEDNESDAY, by_day) == Usual(100.0, 12.0, 3, 100.0)


def test_while_there_are_fewer_days_of_the_week_tell_and_no_week_end() -> None:
    usual = usual_on(WEDNESDAY, days_before(50, 51, 5, 5, 49, 50))
    assert usual is None
    usual = usual_on(WEDNESDAY, days_before(52, 50, 51, 5, 5, 49, 50))
    assert usual is not None
    assert (usual.middle, usual.days) == (50, 5)


def test_days_of_later_do_not_tell() -> None:
    assert usual_on(WEDNESDAY, {WEDNESDAY + timedelta(days=number): 10.0 for number in range(30)}) is None


def test_one_day_unlike_the_others_changes_nothing() -> None:
    assert usual_of([100, 102, 98, 100, 9000]).middle == 100
    assert usual_of([100, 102, 98, 100, 9000]).spread == pytest.approx(12)


@pytest.mark.parametrize(("value", "is_far"), [(0, True), (35, True), (45, False), (100, False)])
def test_far_below_is_less_than_the_lowest_share(value: float, is_far: bool) -> None:
    assert usual_of([100, 101, 99, 100, 100]).is_far_below(value, lowest=0.4) is is_far


@pytest.mark.parametrize(("value", "is_far"), [(301, True), (290, False), (100, False)])
def test_far_above_is_more_than_three_times(value: float, is_far: bool) -> None:
    assert usual_of([100, 101, 99, 100, 100]).is_far_above(value) is is_far


def test_where_few_are_usual_none_is_chance() -> None:
    assert not usual_of([20, 20, 20, 20, 20]).is_far_below(0, lowest=0.4)


def test_where_days_differ_much_little_is_far() -> None:
    assert not usual_of([20, 400, 100, 250, 30]).is_far_below(0, lowest=0.4)


@pytest.mark.parametrize(
    ("values", "value", "misses"),
    [([60, 20, 90, 40, 10], 0, True), ([60, 20, 90, 40, 9], 0, False), ([60, 20, 90, 40, 10], 1, False)],
)
def test_nothing_at_all_is_missed_where_no_day_had_so_little(values: list[float], value: float, misses: bool) -> None:
    assert usual_of(values).misses_all(value) is misses
