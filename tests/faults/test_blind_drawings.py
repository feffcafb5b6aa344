"""What is drawn blindly: of every kind, the same again for a seed, and judged by what a person expects."""

from __future__ import annotations

from collections import Counter

import pytest

from faultlab.blind import first, second
from faultlab.blind.page import counts_of, page_of
from faultlab.blind.run import DrawingResult
from faultlab.blind.shape import ASKED, QUIET, Drawing, Kind, Shape

LEVELS = {"L1", "L2", "L3", ASKED}
ALL = (*first.SHAPES, *second.SHAPES)


@pytest.mark.parametrize("shapes", [first.SHAPES, second.SHAPES], ids=["first", "second"])
def test_each_set_has_every_kind(shapes: tuple[Shape, ...]) -> None:
    many = Counter(one.kind for one in shapes)
    assert set(many) == set(Kind)
    assert min(many.values()) >= 3


def test_shapes_are_told_apart_and_say_what_is_expected() -> None:
    assert len({one.id for one in ALL}) == len(ALL)
    for one in ALL:
        assert set(one.expected) <= LEVELS, one.id
        assert bool(one.expected) is not one.healthy, one.id


def shape(*expected: str) -> Shape:
    kind = Kind.LATE if expected else Kind.HEALTHY
    return Shape(id="one", kind=kind, happens="It happens.", put_in=lambda _scene, _random: "", expected=expected)


@pytest.mark.parametrize(
    ("expected", "level", "right"),
    [
        (("L2",), "L2", True),
        (("L2",), "L3", False),
        (("L2",), QUIET, False),
        (("L1", ASKED), ASKED, True),
        (("L2",), ASKED, False),
        ((), QUIET, True),
        ((), ASKED, False),
    ],
)
def test_a_look_is_right_at_a_level_that_is_expected(expected: tuple[str, ...], level: str, right: bool) -> None:
    assert DrawingResult(Drawing(shape(*expected), 1), level).right is right


def test_a_page_counts_what_was_put_in() -> None:
    fault, healthy = shape("L2"), shape()
    looks = [
        DrawingResult(Drawing(fault, 1), "L2", ("verify.costs (L2): twice | thrice",)),
        DrawingResult(Drawing(fault, 2), "L3"),
        DrawingResult(Drawing(fault, 3), QUIET, trouble="there is no such record"),
        DrawingResult(Drawing(healthy, 1), ASKED),
    ]
    assert counts_of(looks) == {"faults": 2, "noticed": 2, "right": 1, "healthy": 1, "cried": 1}
    page = page_of(looks, "A set")
    assert "1 at the level that a person expects (50%)" in page
    assert "| late | 2 | 2 | 1 |" in page
    assert "twice / thrice" in page
    assert "**L3**" in page
