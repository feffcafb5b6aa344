"""How the checklist says on which days something belongs to the plan."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from hypercare.plan.days import DayRange, ForDays


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({}, None),
        ({"days": "1-3"}, DayRange(1, 3)),
        ({"days": " 4 – 7 "}, DayRange(4, 7)),
        ({"days": [8, 14]}, DayRange(8, 14)),
        ({"days": "5"}, DayRange(5, 5)),
        ({"days": 0}, DayRange(0, 0)),
        ({"after": 14}, DayRange(15)),
    ],
)
def test_days_are_said_in_words_of_the_plan(said: dict[str, object], meant: DayRange | None) -> None:
    assert ForDays.model_validate(said).day_ranges == (() if meant is None else (meant,))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"days": "first"}, "'first' names no days; write the first and the last day"),
        ({"days": "7-4"}, "day 7 comes after day 4"),
        ({"days": [1, 2, 3]}, "names no days"),
        ({"after": -1}, "greater than or equal to 0"),
    ],
)
def test_days_that_mean_nothing_are_refused(said: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        ForDays.model_validate(said)


def test_days_and_what_comes_after_them_may_both_be_said() -> None:
    assert ForDays.model_validate({"days": "4-7", "after": 14}).day_ranges == (DayRange(4, 7), DayRange(15))


def test_a_range_without_a_last_day_has_all_later_ones() -> None:
    assert [number in DayRange(15) for number in (14, 15, 400)] == [False, True, True]
