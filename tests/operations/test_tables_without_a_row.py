"""That nothing of a kind happened is fine; where there is no record at all, nothing was looked at."""

from __future__ import annotations

import pytest

from hypercare.outcome.intake import listening
from tests.operations.checking import Asked

EMPTY = {
    "sales.states_are_known": ["sale_rows"],
    "sales.void_sales_hold_no_money": ["sale_rows", "payment_rows"],
}


@pytest.mark.parametrize("check", EMPTY)
def test_without_a_single_record_a_check_has_looked_at_nothing(check: str, asked: Asked) -> None:
    ended = asked(check, *(f"DELETE FROM {table}" for table in EMPTY[check]))
    assert ended.outcome == "not covered"
    assert "no row in" in ended.reason


def test_that_there_is_no_void_sale_is_fine_and_told_as_none(asked: Asked) -> None:
    with listening() as heard:
        ended = asked("sales.void_sales_hold_no_money", "DELETE FROM sale_rows WHERE state_ = 'void'")
    assert ended.outcome == "passed"
    assert [intake.read for intake in heard.values()] == [0]


def test_a_check_tells_how_many_records_it_was_asked_of(asked: Asked) -> None:
    with listening() as heard:
        assert asked("sales.totals_are_the_sum_of_the_lines").outcome == "passed"
    (intake,) = heard.values()
    assert intake.what == "rows"
    assert intake.read == intake.understood > 0
