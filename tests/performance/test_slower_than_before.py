"""What counts as slower than before: much, felt, and no chance."""

import pytest

from hypercare.logs import Logs
from hypercare.outcome.signals import NotCovered
from hypercare.performance.performance import Performance
from tests.performance.access_log import days_of, written
from tests.standins.frozen_target import NOON, frozen_target


def performance(folder, requests):
    target = frozen_target(folder, logs=(written(folder, requests),))
    return Performance(target, Logs(target))


def today(requests):
    return [one for one in requests if one[0].date() == NOON.date()]


def before(requests):
    return [one for one in requests if one[0].date() != NOON.date()]


@pytest.mark.parametrize(
    ("was", "is_now", "many", "slower"),
    [
        (40.0, 300.0, 40, True),
        (40.0, 70.0, 40, False),  # nobody feels it
        (400.0, 700.0, 40, False),  # not twice
        (400.0, 900.0, 40, True),
        (40.0, 300.0, 15, False),  # too few to judge
    ],
)
def test_a_kind_of_request_is_slower_when_it_is_so_by_much(tmp_path, was, is_now, many, slower):
    requests = before(days_of(6, was)) + today(days_of(1, is_now, many=many))
    asked = performance(tmp_path, [*requests, *days_of(6, 20.0, route="/other")])
    found = [asked.against_its_own_past(), asked.against_first_day()[1]]
    assert [[one.name for one in each.slower] for each in found] == [["GET /sales (web)"] if slower else []] * 2


def test_what_swings_from_day_to_day_anyway_is_not_slower_than_its_past(tmp_path):
    took = [100.0, 400.0, 90.0, 380.0, 110.0, 420.0]
    requests = [
        (at, route, took[(NOON.date() - at.date()).days] * ms) for at, route, ms in days_of(6, 1.0)
    ]  # fmt: skip
    assert performance(tmp_path, requests).against_its_own_past().slower == []


def test_one_answer_in_ten_that_takes_seconds_is_told_though_the_median_is_fine(tmp_path):
    requests = days_of(6, 40.0, many=100)
    slow = [
        (at, route, 3000.0 if at.date() == NOON.date() and number % 10 == 0 else ms)
        for number, (at, route, ms) in enumerate(requests)
    ]
    found = performance(tmp_path, slow).against_its_own_past()
    assert [one.name for one in found.slower] == ["GET /sales (web)"]


def test_all_kinds_together_are_slower_where_each_is_so_by_less_than_twice(tmp_path):
    requests = [
        (at, f"/{route}", ms * (1.7 if at.date() == NOON.date() else 1.0))
        for route in range(8)
        for at, _, ms in days_of(5, 200.0, many=30)
    ]
    found = performance(tmp_path, requests).against_its_own_past()
    assert found.slower == []
    assert found.overall == pytest.approx(1.7, rel=0.05)


@pytest.mark.parametrize("days", [1, 2, 3])
def test_too_little_history_is_said(tmp_path, days):
    asked = performance(tmp_path, days_of(days, 40.0))
    with pytest.raises(NotCovered, match="not enough history"):
        asked.against_its_own_past()
    if days == 1:
        with pytest.raises(NotCovered, match="not enough history"):
            asked.against_first_day()
    with pytest.raises(NotCovered, match="not enough history"):
        asked.trends()


def test_a_kind_that_takes_longer_each_day_has_a_trend(tmp_path):
    steep = [(at, route, ms * 1.3 ** (7 - (NOON.date() - at.date()).days)) for at, route, ms in days_of(8, 100.0)]
    asked = performance(tmp_path, [*steep, *days_of(8, 50.0, route="/flat")])
    trends = asked.trends()
    found = asked.rising(trends)
    assert (found.count, found.of) == (1, 2)
    assert found.sample[0]["request"] == "GET /sales (web)"
    assert found.sample[0]["percent_a_day"] == pytest.approx(30, abs=3)
