"""The arithmetic of a page's speed on a phone."""

import pytest

from hypercare.mobile.speed import PageSpeed, _interactive, _shift, too_slow, worst_share
from hypercare.target_file.config import LimitsSection

QUICK = {"page": "/", "largest_paint": 1.0, "interactive": 1.2, "interaction": 0.1, "shift": 0.0, "megabytes": 0.1}


def speed(**figures):
    return PageSpeed(**{**QUICK, **figures}, slowed=4.0)


@pytest.mark.parametrize(
    ("shifts", "worst"),
    [
        ([], 0.0),
        ([[100, 0.1], [200, 0.1]], 0.2),
        ([[100, 0.1], [2000, 0.15]], 0.15),
        ([[at, 0.1] for at in range(0, 9000, 900)], 0.6),
    ],
)
def test_shifts_are_summed_in_windows(shifts, worst):
    assert _shift(shifts) == pytest.approx(worst)


def test_a_page_can_be_used_once_nothing_keeps_it_busy():
    seen = {"ready": 300, "first": 400, "tasks": [[350, 80], [900, 250]]}
    assert _interactive(seen) == 1150


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ({"largest_paint": 4.5}, "main content appears after 4.5 s"),
        ({"interactive": 6.0}, "can be used after 6 s"),
        ({"interaction": 1.0}, "a tap is answered after 1 s"),
        ({"shift": 0.3}, "jumps by 0.3"),
        ({"megabytes": 8.0}, "transfers 8 MB"),
    ],
)
def test_what_is_beyond_its_limit_is_told(figures, words):
    (told,) = too_slow(speed(**figures), LimitsSection())
    assert words in told
    assert worst_share(speed(**figures), LimitsSection()) > 1


def test_a_quick_page_is_not_mentioned():
    assert too_slow(speed(), LimitsSection()) == []
    assert worst_share(speed(), LimitsSection()) < 1
