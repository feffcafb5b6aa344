"""What is done once a week is done, whichever evenings there were no rounds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.operations.facts import AS_OF
from tests.seals.conftest import Round

WORK, WEEK = "numbers compared", timedelta(days=7)


def due(next_round: Round, after: int, *, does_it: bool = True) -> bool:
    """Whether it is so many days after the first round, which then does it."""
    seals = next_round(as_of=AS_OF + timedelta(days=after))
    is_due = seals.is_due(WORK, WEEK)
    if is_due and does_it:
        seals.note_done(WORK)
    return is_due


@pytest.mark.parametrize("first", range(7))
def test_it_is_due_a_week_later_though_one_day_of_the_week_has_no_round(next_round: Round, first: int) -> None:
    held = [day for day in range(40) if day % 7 != first]
    days = [day for day in held if due(next_round, day)]
    assert len(days) >= 4
    assert all(later - earlier <= 8 for earlier, later in zip([held[0], *days], days, strict=False))


def test_what_was_not_done_when_it_was_due_stays_due(next_round: Round) -> None:
    assert not due(next_round, 0)
    assert due(next_round, 7, does_it=False)
    assert due(next_round, 8)
    assert not due(next_round, 9)


def test_without_a_history_it_is_due_on_one_day_of_the_week(next_round: Round) -> None:
    days = [next_round(as_of=AS_OF + timedelta(days=day), without_history=True).is_due(WORK, WEEK) for day in range(14)]
    assert days.count(True) == 2
