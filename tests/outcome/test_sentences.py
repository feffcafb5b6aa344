"""A sentence says the numbers of what was found, and whatever it quotes as it stands."""

from __future__ import annotations

from decimal import Decimal

import pytest

from hypercare.outcome.expect import Sentence, expect_none, worded
from hypercare.outcome.found import Found
from hypercare.outcome.signals import CheckFailed

QUOTED = "{count} is what {the page} says"


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("The backup is too old.", "The backup is too old."),
        (QUOTED, QUOTED),
        (lambda found: f"{found.count} of {found.of} are wrong.", "1,200 of 3,400 are wrong."),
        (lambda found: f"{found.money} is at stake.", "1,234.50 EUR is at stake."),
        (lambda found: f"{found.count} are wrong: {QUOTED}.", f"1,200 are wrong: {QUOTED}."),
    ],
    ids=["no number", "a quote alone", "numbers", "money", "numbers beside a quote"],
)
def test_a_sentence_says_its_numbers_and_quotes_the_rest(sentence: Sentence, says: str) -> None:
    found = Found(count=1200, of=3400, money=Decimal("1234.50"), currency="EUR")
    assert worded(sentence, found) == says


def test_what_nobody_knows_is_left_out() -> None:
    assert worded(lambda found: f"{found.count}/{found.of}/{found.money}", Found(count=3)) == "3//"


def test_a_sentence_is_only_made_where_something_was_found() -> None:
    def never(_: object) -> str:
        raise AssertionError("nothing was found that could be told")

    expect_none(Found(count=0), never)
    with pytest.raises(CheckFailed, match="2 are wrong"):
        expect_none(Found(count=2), lambda found: f"{found.count} are wrong")
