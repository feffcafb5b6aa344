"""Durations counted in classes: near enough to the durations themselves, whatever comes."""

import json
from math import ceil

import pytest

from hypercare.performance.histogram import Histogram


def of(*durations: float) -> Histogram:
    found = Histogram()
    for one in durations:
        found.add(one)
    return found


@pytest.mark.parametrize("share", [0.01, 0.25, 0.5, 0.95, 1.0])
@pytest.mark.parametrize("durations", [[0.3, 2.0, 40.0, 41.0, 9000.0], [7.0], list(range(1, 400))])
def test_shares_are_right_to_three_percent(durations, share):
    exact = sorted(durations)[max(1, ceil(share * len(durations))) - 1]
    assert of(*durations).at_share(share) == pytest.approx(exact, rel=0.03)


def test_nothing_has_no_duration():
    assert of().at_share(0.5) == 0.0


def test_no_time_at_all_is_a_duration_too():
    assert 0 < of(0.0, -1.0).at_share(0.5) < 0.02


def test_it_comes_back_from_json_as_it_was():
    one = of(0.3, 2.0, 2.0, 40.0)
    assert Histogram.from_json(json.loads(json.dumps(one.as_json()))) == one
