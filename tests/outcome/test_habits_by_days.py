"""A habit that is broken day by day, from the first days on, is none; what begins later is a finding."""

from __future__ import annotations

import pytest

from hypercare.outcome.doubt import Excuse, Spread, Weighed, doubt_by_days

FEW = Weighed(of=1000, wrong=9, past=900, past_wrong=8)
BREAKS_TODAY = Weighed(of=1000, wrong=60, past=900, past_wrong=8)


@pytest.mark.parametrize(
    ("days", "wrong", "first", "excused_by", "in_doubt"),
    [
        pytest.param(10, 5, 0, 0, True, id="on every other day, from the first"),
        pytest.param(10, 5, 4, 0, False, id="daily, but only lately"),
        pytest.param(10, 2, 0, 0, False, id="on two days alone"),
        pytest.param(20, 3, 1, 0, False, id="on few of many days"),
        pytest.param(2, 0, None, 1, True, id="not enough days to tell by"),
        pytest.param(4, 0, None, 2, True, id="not enough days to tell by, where it takes two"),
        pytest.param(2, 0, None, 0, False, id="a habit that others tell as well"),
        pytest.param(5, 1, 3, 1, True, id="once in the days that it is learned from"),
        pytest.param(12, 1, 0, 1, False, id="once, and long ago"),
        pytest.param(6, 1, 3, 2, False, id="once, where it takes twice"),
        pytest.param(6, 2, 3, 2, True, id="twice in the days that it is learned from"),
        pytest.param(12, 3, 5, 1, False, id="after the days that it is learned from"),
        pytest.param(12, 0, None, 1, False, id="never before"),
    ],
)
def test_days_tell_whether_a_rule_is_one(
    days: int, wrong: int, first: int | None, excused_by: int, in_doubt: bool
) -> None:
    doubt = doubt_by_days(
        FEW, Spread(days, wrong, first), excuse=Excuse(excused_by) if excused_by else None, what="sales"
    )
    assert (doubt is not None) is in_doubt


def test_a_day_on_which_most_records_break_it_is_told_all_the_same() -> None:
    assert doubt_by_days(BREAKS_TODAY, Spread(10, 8, 0), excuse=None, what="sales") is None
    assert doubt_by_days(BREAKS_TODAY, Spread(10, 8, 0), excuse=Excuse(1), what="sales") is None


def test_some_habits_may_begin_any_day() -> None:
    late = Spread(20, 2, 9)
    assert doubt_by_days(FEW, late, excuse=Excuse(2), what="drafts") is None
    assert doubt_by_days(FEW, late, excuse=Excuse(2, of_the_first=False), what="drafts") is not None
