"""A day on which more is taken back than booked is no finding; one that takes back what was never booked is."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.operations.checking import Asked
from tests.operations.till import AS_OF, Till, sales_a_day, stamp

SALES, COSTS = "figures.sales_finalised_today", "figures.costs_entered_today"
BRANCH = {"branch": "shop"}
TODAY = f"{AS_OF:%Y-%m-%d}"
# The small business enters fewer costs a day than are judged, so those of its whole history become today's.
ALL_TODAY = "UPDATE cost_rows SET amount_ = 10, entered_at_ = (SELECT max(entered_at_) FROM cost_rows)"


@pytest.fixture
def till(tmp_path: Path) -> Till:
    """Eight sales of 10 a day, and one of 300 some days ago."""
    till = Till(tmp_path)
    rows = [{"shop": 1, "total": 10, "at": stamp(at), "final": stamp(at)} for _, at in sales_a_day(8)]
    large = {**rows[20], "total": 300}
    till.add("sale", [*rows, large])
    return till


@pytest.mark.parametrize(
    ("refunds", "outcome"),
    [
        ([], "passed"),
        ([-5], "passed"),
        ([-10] * 12, "passed"),
        ([-300], "passed"),
        ([-300] * 3, "passed"),
        ([-301], "failed"),
        ([-10] * 12 + [-5000], "failed"),
    ],
    ids=["none", "one", "more than sales", "of the largest sale", "of several large ones", "a bit too large", "far"],
)
def test_only_a_refund_beyond_any_sale_is_a_finding(till: Till, refunds: list[int], outcome: str) -> None:
    at = stamp(AS_OF - timedelta(hours=3))
    till.add("sale", [{"shop": 1, "total": total, "at": at, "final": at} for total in refunds])
    assert till.ask(SALES, BRANCH).outcome == outcome


def test_the_finding_shows_the_refund_and_not_the_honest_ones(till: Till) -> None:
    at = stamp(AS_OF - timedelta(hours=3))
    refunds = [{"number": n, "total": total} for n, total in enumerate([-10, -5000, -20], 900)]
    till.add("sale", [{"shop": 1, "at": at, "final": at, **refund} for refund in refunds])
    finding = till.ask(SALES, BRANCH).finding
    assert finding is not None
    assert finding.sentence == "The sales finalised today come to less than nothing: -4,950.00 EUR."
    assert (finding.count, [row["sale"] for row in finding.sample]) == (1, ["901"])


def test_without_a_history_nobody_can_say_what_a_refund_may_be(tmp_path: Path) -> None:
    till, at = Till(tmp_path), stamp(AS_OF - timedelta(hours=3))
    till.add("sale", [{"shop": 1, "total": -10, "at": at, "final": at} for _ in range(9)])
    ended = till.ask(SALES, BRANCH)
    assert ended.outcome == "not covered"
    assert "not enough history" in ended.reason


@pytest.mark.parametrize(
    ("takes_back", "outcome"),
    [(10, "passed"), (-10, "passed"), (-10.01, "failed")],
    ids=["nothing", "as much as was entered", "more than any cost"],
)
def test_only_a_correction_beyond_any_cost_is_a_finding(asked: Asked, takes_back: float, outcome: str) -> None:
    corrected = f"UPDATE cost_rows SET amount_ = {takes_back} WHERE id_ > 3"
    assert asked(COSTS, ALL_TODAY, corrected).outcome == outcome


def test_where_amounts_are_kept_with_the_other_sign_nothing_tells_what_is_too_much(asked: Asked) -> None:
    ended = asked(COSTS, ALL_TODAY, "UPDATE cost_rows SET amount_ = -abs(amount_)")
    assert ended.outcome == "not covered"
    assert "comes to more than nothing" in ended.reason


def test_on_the_first_day_no_day_before_tells_that_refunds_are_strange(tmp_path: Path) -> None:
    till, at = Till(tmp_path), stamp(AS_OF - timedelta(hours=3))
    till.add("sale", [{"shop": 1, "total": total, "at": at, "final": at} for total in [10] * 30 + [-5000]])
    assert till.ask(SALES, BRANCH, go_live=AS_OF.date()).outcome == "passed"
