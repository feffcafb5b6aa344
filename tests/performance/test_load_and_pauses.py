"""The busiest hour, what was served beyond it, and stretches in which nobody asked for anything."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hypercare.logs import Logs
from hypercare.outcome.signals import NotCovered
from hypercare.performance.pauses import pauses_of
from hypercare.performance.performance import Performance
from hypercare.performance.request_history import RequestHistory
from tests.performance.access_log import written
from tests.standins.frozen_target import NOON, frozen_target


def steady(*, days=1, each_s=20, hours=3.0, took=40.0, slow=None, without=None):
    """A request every so many seconds of the hours before noon; `slow` and `without` are minutes before noon."""
    found = []
    for day in range(days):
        for number in range(int(hours * 3600 / each_s)):
            ago = hours * 60 - number * each_s / 60
            if day == 0 and without and without[0] >= ago > without[1]:
                continue
            times = slow[2] if day == 0 and slow and slow[0] >= ago > slow[1] else 1.0
            jitter = 1 + 0.2 * ((number * 7) % 11 - 5) / 5
            found.append((NOON - timedelta(days=day, minutes=ago), "/sales", took * jitter * times))
    return found


def performance(folder, requests, **settings):
    target = frozen_target(folder, logs=(written(folder, requests),), **settings)
    return Performance(target, Logs(target)), target.config.limits


def test_headroom_is_what_was_served_in_time_beyond_the_busiest_hour(tmp_path):
    burst = [(NOON - timedelta(minutes=95, seconds=-number), "/sales", 40.0) for number in range(60)]
    asked, limits = performance(tmp_path, [*steady(), *burst])
    load = asked.load()
    assert load.busiest.count == 240
    assert load.best_rate == 6 * 90
    assert load.headroom == pytest.approx(1.25)
    assert not load.is_late(limits)


@pytest.mark.parametrize(("times", "slows"), [(1.3, False), (6.0, True)])
def test_the_busiest_hour_slows_down_when_the_same_takes_longer_in_it(tmp_path, times, slows):
    more = [(NOON - timedelta(minutes=115 - number), "/sales", 40.0 * times) for number in range(50)]
    asked, limits = performance(tmp_path, [*steady(slow=(120, 60, times)), *more])
    assert asked.load().slows_down(limits.degraded_times, limits.degraded_least) is slows


def test_what_is_long_by_nature_is_no_slowing_down(tmp_path):
    """In the busiest hour reports are made, which take longer than sales and are compared with reports."""
    reports = [(NOON - timedelta(minutes=118 - number / 3), "/reports", 800.0) for number in range(150)]
    other = [(NOON - timedelta(minutes=30 - number), "/reports", 800.0) for number in range(20)]
    asked, limits = performance(tmp_path, [*steady(), *reports, *other])
    assert asked.load().busiest.count > 300
    assert not asked.load().slows_down(limits.degraded_times, limits.degraded_least)


def test_so_few_requests_tell_nothing_of_load(tmp_path):
    asked, _ = performance(tmp_path, steady(each_s=120))
    with pytest.raises(NotCovered, match="from so few"):
        asked.load()


@pytest.mark.parametrize(
    ("days", "without", "hours", "told"),
    [
        (4, (100, 55), True, True),
        (4, (100, 85), True, False),  # not twenty minutes
        (4, (40, 0), True, False),  # goes on now: whether logs are silent is asked elsewhere
        (1, (100, 55), True, False),  # nothing to compare it with
        (4, (100, 55), False, False),  # no hours are stated, and no day of the same weekday is known
        (8, (100, 55), False, True),
    ],
)
def test_a_pause_is_told_where_other_days_have_none(tmp_path, days, without, hours, told):
    asked, _ = performance(tmp_path, steady(days=days, without=without), hours=hours)
    assert bool(asked.pauses()) is told


def test_of_a_day_that_was_not_read_whole_no_pause_is_told(tmp_path):
    target = frozen_target(tmp_path, logs=(written(tmp_path, steady(days=4, without=(100, 55))),))
    days = RequestHistory(target, Logs(target), None).days()
    partly = [*days[:-1], replace(days[-1], complete=False)]
    business = target.config.business
    assert [bool(pauses_of(one, business, NOON)) for one in (days, partly)] == [True, False]


def test_a_pause_that_other_days_have_too_is_none(tmp_path):
    first, last = timedelta(minutes=100), timedelta(minutes=55)
    requests = [one for one in steady(days=4) if not last < (NOON - one[0]) % timedelta(days=1) <= first]
    asked, _ = performance(tmp_path, requests)
    assert asked.pauses() == []
