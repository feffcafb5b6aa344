"""Doors and branches take turns, so that four days see all of them."""

from __future__ import annotations

import pytest

from hypercare.branch_isolation.turns import Requests, in_turn, neighbours_of_day


@pytest.mark.parametrize("many", [1, 2, 5, 8, 42, 43])
def test_four_days_begin_at_each_quarter(many):
    doors = list(range(many))
    quarter = -(-many // 4)
    seen = {door for day in range(4, 8) for door in in_turn(doors, day)[:quarter]}
    assert seen == set(doors)


def test_each_day_has_all_of_them_in_some_order():
    assert sorted(in_turn([1, 2, 3, 4, 5], 6)) == [1, 2, 3, 4, 5]
    assert in_turn([], 4) == []


def test_other_branches_are_asked_on_the_next_day():
    branches = ["HAR", "OLD", "GAR", "NOR", "TRN"]
    days = [neighbours_of_day(branches, day, 3) for day in (4, 5)]
    assert [len(day) for day in days] == [3, 3]
    assert set(days[0]) | set(days[1]) == set(branches)


@pytest.mark.parametrize("many", [2, 4])
def test_in_four_days_each_of_two_neighbours_asks_for_what_is_the_others(many):
    pairs = {tuple(neighbours_of_day(list(range(many)), day, 2)) for day in range(4, 8)}
    assert pairs == {(other, one) for one, other in pairs}


def test_where_there_is_no_branch_nobody_has_a_turn():
    assert neighbours_of_day([], 4, 3) == []


def test_requests_are_counted():
    requests = Requests(2)
    requests.note()
    assert requests.has(1)
    assert not requests.has(2)
