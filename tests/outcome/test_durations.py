"""Durations in words: each form for its place."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hypercare.outcome.durations import (
    clock_duration,
    exact_duration,
    remaining_duration,
    rounded_duration,
    short_duration,
)

MINUTE, HOUR, DAY = 60, 3600, 86400


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.44, "0.4 s"),
        (12.4, "12 s"),
        (119, "119 s"),
        (3 * MINUTE, "3 min"),
        (119 * MINUTE, "119 min"),
        (2 * HOUR, "2 h"),
        (2 * HOUR + 5 * MINUTE, "2 h 5 min"),
    ],
)
def test_short_in_a_table(seconds: float, words: str) -> None:
    assert short_duration(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (90, "90 seconds"),
        (MINUTE, "1 minute"),
        (90 * MINUTE, "90 minutes"),
        (4 * HOUR, "4 hours"),
        (DAY, "1 day"),
        (5 * DAY, "5 days"),
    ],
)
def test_a_limit_exactly_as_it_was_agreed(seconds: float, words: str) -> None:
    assert exact_duration(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (40.4, "40 s"),
        (2 * MINUTE, "2 minutes"),
        (150 * MINUTE, "150 minutes"),
        (3 * HOUR, "3 hours"),
        (47 * HOUR, "47 hours"),
        (2 * DAY, "2 days"),
        (20 * DAY + 13 * HOUR, "21 days"),
    ],
)
def test_rounded_in_a_sentence(seconds: float, words: str) -> None:
    assert rounded_duration(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-HOUR, "0 hours"),
        (119 * MINUTE, "1 hour"),
        (DAY + 23 * HOUR, "47 hours"),
        (10 * DAY - 1, "9 days"),
    ],
)
def test_never_more_than_is_left(seconds: float, words: str) -> None:
    assert remaining_duration(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "00:00:00"), (DAY - 1, "23:59:59"), (2 * DAY + 3 * HOUR + 4 * MINUTE + 5, "2 d 03:04:05")],
)
def test_to_the_second_where_seconds_are_accounted_for(seconds: float, words: str) -> None:
    assert clock_duration(seconds) == words
