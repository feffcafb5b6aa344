"""A day of sales beside other days, and what only looks unlike them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hypercare.outcome.finding import Finding
from hypercare.outcome.level import Level
from tests.operations.checking import Asked

BRANCHES = "sales_report.each_branch_sells_as_on_such_days"
WAYS = "sales_report.every_way_of_payment_is_used"
FINAL = "sales_report.sales_made_final_are_in_the_activity_log"
NEGATIVE = "sales_report.no_sale_comes_to_less_than_nothing"
NOTHING = "sales_report.no_sale_comes_to_nothing"
DISCOUNT = "sales_report.no_discount_is_far_beyond_all_others"
QUANTITY = "sales_report.no_quantity_is_far_beyond_all_others"
MIDDLE = "sales_report.the_sale_in_the_middle_is_as_on_other_days"
TODAY = "finalised_at_ >= '2026-04-01'"
SALE = "branch_, customer_, kind_, state_, total_, created_at_, created_by_, finalised_at_, voided_at_"
LAST = "(SELECT max(id_) FROM sale_rows WHERE state_ = 'final' AND branch_ = 1 AND created_by_ <> 99)"


def times(many: int) -> list[str]:
    """The sales and payments of the business so many times, so that days can be told from each other."""
    statements = []
    for number in range(1, many):
        new = f"id_ + {number * 10_000}"
        statements += [
            f"INSERT INTO sale_rows (id_, number_, {SALE}) SELECT {new}, '{number}' || number_, {SALE} FROM sale_rows"
            " WHERE id_ < 10000 AND state_ = 'final'",
            "INSERT INTO payment_rows (id_, sale_, method_, amount_, paid_at_)"
            f" SELECT {new}, sale_, method_, amount_, paid_at_ FROM payment_rows WHERE id_ < 10000",
            "INSERT INTO sale_line_rows (id_, sale_, product_, quantity_, unit_price_, discount_percent_, amount_)"
            f" SELECT {new}, sale_ + {number * 10_000}, product_, quantity_, unit_price_, discount_percent_, amount_"
            " FROM sale_line_rows WHERE id_ < 10000",
        ]
    return statements


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(f"DELETE FROM sale_rows WHERE branch_ = 2 AND {TODAY}", id="none"),
        pytest.param(f"DELETE FROM sale_rows WHERE branch_ = 2 AND id_ % 5 <> 0 AND {TODAY}", id="one of five"),
    ],
)
def test_a_branch_that_is_far_below_itself_is_found(asked: Asked, statement: str) -> None:
    finding = asked(BRANCHES, *times(5), statement).finding
    assert finding is not None
    assert finding.count == 1
    assert finding.level is Level.L2
    assert finding.branches == ("S",)


def test_a_branch_with_the_sales_of_another_is_far_above_itself(asked: Asked) -> None:
    moved = "branch_ = 2, finalised_at_ = '2026-04-01 09:00:00.000000'"
    many = f"UPDATE sale_rows SET {moved} WHERE branch_ = 1 AND id_ > 9999"
    finding = asked(BRANCHES, *times(5), many).finding
    assert finding is not None
    assert "S" in finding.branches


def test_a_day_on_which_every_branch_sells_a_lot_is_no_alarm(asked: Asked) -> None:
    usual = f"DELETE FROM sale_rows WHERE id_ > 9999 AND id_ < 200000 AND NOT ({TODAY}) AND id_ / 10000 > 3"
    assert asked(BRANCHES, *times(20), usual).outcome == "passed"


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(f"DELETE FROM sale_rows WHERE branch_ = 2 AND id_ % 2 = 0 AND {TODAY}", id="half"),
        pytest.param(f"DELETE FROM sale_rows WHERE {TODAY}", id="all of them: the business has stopped"),
        pytest.param(
            "DELETE FROM sale_rows WHERE branch_ = 2 AND strftime('%w', finalised_at_) = '3'", id="closed on such days"
        ),
    ],
)
def test_what_other_days_have_too_is_not_meant(asked: Asked, statement: str) -> None:
    assert asked(BRANCHES, *times(5), statement).outcome == "passed"


def test_branches_of_few_sales_are_not_judged(asked: Asked) -> None:
    ended = asked(BRANCHES)
    assert ended.outcome == "not covered"
    assert "Not enough history" in ended.reason


def test_a_way_of_payment_that_nobody_uses_today_is_found(asked: Asked) -> None:
    cash = "UPDATE payment_rows SET method_ = 'cash' WHERE method_ = 'card' AND paid_at_ >= '2026-04-01'"
    ended = asked(WAYS, *times(4), cash)
    assert ended.finding is not None
    assert ended.finding.sample[0]["paid by"] == "card"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payment_rows SET method_ = 'cash' WHERE method_ = 'card' AND paid_at_ >= '2026-04-01' AND id_ % 9 <> 0",
        "DELETE FROM payment_rows WHERE paid_at_ >= '2026-04-01'",
    ],
    ids=["a few use it", "nothing was paid at all"],
)
def test_a_way_of_payment_that_is_used_or_nothing_paid_is_not_meant(asked: Asked, statement: str) -> None:
    assert asked(WAYS, *times(4), statement).outcome == "passed"


def test_a_sale_that_nobody_made_final_is_found(found: Callable[..., Finding]) -> None:
    gone = f"DELETE FROM activity_rows WHERE action_ = 'sale.finalise' AND entity_id_ = {LAST}"
    assert found(FINAL, gone).count == 1


@pytest.mark.parametrize(("by", "outcome"), [("7", "passed"), ("created_by_", "failed")])
def test_a_program_of_which_nothing_is_logged_is_nobody(asked: Asked, by: str, outcome: str) -> None:
    """Of a few sales on each day nothing is in the log: all of one account, or some of several."""
    logged = [
        "INSERT INTO activity_rows (id_, user_, branch_, action_, entity_id_, at_)"
        f" SELECT id_ + {number * 1_000_000}, user_, branch_, action_, entity_id_ + {number * 10_000}, at_"
        " FROM activity_rows WHERE action_ = 'sale.finalise' AND entity_id_ < 10000"
        for number in (1, 2)
    ]
    before = "finalised_at_ >= '2026-03-30' AND finalised_at_ < '2026-03-31 20:00' AND branch_ = 1 AND id_ < 10000"
    some = f"(SELECT id_ FROM sale_rows WHERE {before} AND state_ = 'final' ORDER BY id_ LIMIT 3)"
    theirs = f"UPDATE sale_rows SET created_by_ = {by} WHERE id_ IN {some} OR id_ = {LAST}"
    gone = (
        f"DELETE FROM activity_rows WHERE action_ = 'sale.finalise' AND (entity_id_ IN {some} OR entity_id_ = {LAST})"
    )
    assert asked(FINAL, *times(3), *logged, theirs, gone).outcome == outcome


def test_where_a_job_makes_sales_final_nobody_is_missed(asked: Asked) -> None:
    ended = asked(FINAL, "DELETE FROM activity_rows WHERE action_ = 'sale.finalise' AND entity_id_ % 5 = 0")
    assert ended.outcome == "not covered"


def test_a_sale_below_nothing_is_found_where_none_ever_was(found: Callable[..., Finding]) -> None:
    finding = found(NEGATIVE, *times(2), f"UPDATE sale_rows SET total_ = -total_ WHERE id_ = {LAST}")
    assert finding.count == 1


def test_a_sale_for_nothing_is_found_where_none_ever_was(found: Callable[..., Finding]) -> None:
    finding = found(NOTHING, *times(2), f"UPDATE sale_rows SET total_ = 0 WHERE id_ = {LAST}")
    assert finding.count == 1
    assert finding.level is Level.L1


def test_where_things_are_exchanged_no_sale_for_nothing_is_meant(asked: Asked) -> None:
    ended = asked(NOTHING, *times(2), "UPDATE sale_rows SET total_ = 0 WHERE id_ % 40 = 0")
    assert ended.outcome == "not covered"
    assert "usual here" in ended.reason


def test_returns_that_are_rare_are_not_meant(asked: Asked) -> None:
    """Two of a thousand are given back: that is little, and happens."""
    before = "UPDATE sale_rows SET total_ = -total_ WHERE id_ IN (20, 120)"
    ended = asked(NEGATIVE, *times(12), before, f"UPDATE sale_rows SET total_ = -total_ WHERE id_ = {LAST}")
    assert ended.outcome == "not covered"
    assert "usual here" in ended.reason


def test_returns_that_are_usual_are_not_meant(asked: Asked) -> None:
    ended = asked(NEGATIVE, *times(2), "UPDATE sale_rows SET total_ = -total_ WHERE id_ % 40 = 0")
    assert ended.outcome == "not covered"
    assert "usual here" in ended.reason


@pytest.mark.parametrize(("percent", "outcome"), [(60, "failed"), (36, "failed"), (35, "passed"), (100, "passed")])
def test_a_discount_is_beyond_all_others_from_so_much_on(asked: Asked, percent: int, outcome: str) -> None:
    changed = f"UPDATE sale_line_rows SET discount_percent_ = {percent} WHERE sale_ = {LAST}"
    assert asked(DISCOUNT, changed).outcome == outcome


def test_where_a_sale_begins_its_discounts_are_no_alarm(asked: Asked) -> None:
    some = f"sale_ IN (SELECT id_ FROM sale_rows WHERE {TODAY} AND id_ % 2 = 0)"
    assert asked(DISCOUNT, f"UPDATE sale_line_rows SET discount_percent_ = 60 WHERE {some}").outcome == "not covered"


def test_where_everything_is_given_at_times_no_discount_is_unheard_of(asked: Asked) -> None:
    ended = asked(DISCOUNT, "UPDATE sale_line_rows SET discount_percent_ = 80 WHERE sale_ % 30 = 0")
    assert ended.outcome == "not covered"


@pytest.mark.parametrize(("times_as_much", "outcome"), [(6, "failed"), (0.2, "failed"), (2, "passed")])
def test_a_day_of_other_amounts_is_found(asked: Asked, times_as_much: float, outcome: str) -> None:
    changed = f"UPDATE sale_rows SET total_ = total_ * {times_as_much} WHERE {TODAY}"
    assert asked(MIDDLE, *times(3), changed).outcome == outcome


def test_one_large_sale_does_not_move_the_middle(asked: Asked) -> None:
    assert asked(MIDDLE, *times(3), f"UPDATE sale_rows SET total_ = 900000 WHERE id_ = {LAST}").outcome == "passed"


@pytest.mark.parametrize(("quantity", "outcome"), [(100, "failed"), (40, "failed"), (39, "passed")])
def test_a_quantity_is_beyond_all_others_from_ten_times_the_largest_on(
    asked: Asked, quantity: int, outcome: str
) -> None:
    assert asked(QUANTITY, f"UPDATE sale_line_rows SET quantity_ = {quantity} WHERE sale_ = {LAST}").outcome == outcome


def test_where_a_lot_is_sold_at_once_no_quantity_is_unheard_of(asked: Asked) -> None:
    lots = "UPDATE sale_line_rows SET quantity_ = 100 WHERE sale_ % 30 = 0"
    assert asked(QUANTITY, lots, f"UPDATE sale_line_rows SET quantity_ = 200 WHERE sale_ = {LAST}").outcome == "passed"
