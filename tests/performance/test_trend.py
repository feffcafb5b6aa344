"""A line through the days: found where there is one, and not where there is none."""

import random

import pytest

from hypercare.performance.trend import trend_of


def rising(slope: float, days: int = 10, noise: float = 0.0, seed: int = 1) -> list[tuple[float, float]]:
    chance = random.Random(seed)
    return [(day, slope * day + chance.gauss(0, noise)) for day in range(days)]


def test_the_slope_of_a_straight_line_is_exact():
    trend = trend_of(rising(0.25), 0.95)
    assert trend is not None
    assert (round(trend.slope, 9), trend.is_upward) == (0.25, True)


def test_one_bad_day_does_not_bend_the_line():
    points = rising(0.0, noise=0.01)
    points[9] = (9, 5.0)
    trend = trend_of(points, 0.95)
    assert trend is not None
    assert abs(trend.slope) < 0.02
    assert not trend.is_upward


@pytest.mark.parametrize("points", [[], [(1, 1.0)], [(1, 1.0), (2, 2.0)], rising(0.2, days=4)])
def test_too_few_days_say_nothing(points):
    assert trend_of(points, 0.999) is None


def test_the_bounds_lie_about_the_slope_and_move_apart_with_confidence():
    points = rising(0.1, noise=0.1)
    sure, surer = trend_of(points, 0.9), trend_of(points, 0.99)
    assert sure is not None and surer is not None
    assert surer.low <= sure.low <= sure.slope <= sure.high <= surer.high


def test_chance_alone_is_called_a_rise_no_more_often_than_its_confidence_says():
    rises = sum(
        trend is not None and trend.is_upward
        for trend in (trend_of(rising(0.0, noise=1.0, seed=seed), 0.95) for seed in range(400))
    )
    assert rises <= 400 * 0.025 * 2
