"""Days and budgets that nobody can have meant are found; long work and rare work is not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.operations import plain_schema
from tests.operations.checking import Asked

BUDGET = "production_report.budgets_are_within_what_orders_are_sold_for"
BEFORE = "production_report.no_order_is_due_before_it_was_opened"
FAR = "production_report.no_order_is_due_far_later_than_others"
STEPS = "production_report.no_order_under_way_lacks_a_step_that_all_others_have"
ORDER = "(SELECT max(id_) FROM production_order_rows WHERE state_ = 'in_progress')"
ALL_UNDER_WAY = "UPDATE production_order_rows SET state_ = 'in_progress'"
OF_THE_FORM = "(SELECT max(id_) FROM production_order_rows WHERE id_ % 3 = 0)"
PRICE = "(SELECT total_ FROM sale_rows WHERE id_ = production_order_rows.sale_)"


def due(days: int, others: int = 7) -> dict[str, Any]:
    """The orders with the day on which each is due: the newest under way so many days after it was opened."""
    mapping = plain_schema.mapping()
    sql = f"CASE id_ WHEN {ORDER} THEN date(created_at_, '{days} days') ELSE date(created_at_, '{others} days') END"
    mapping["production_order"]["columns"]["due_on"] = {"sql": sql}
    return mapping


def test_a_budget_of_several_times_the_price_is_found(asked: Asked) -> None:
    finding = asked(BUDGET, f"UPDATE production_order_rows SET budget_ = {PRICE} * 6 WHERE id_ = {ORDER}").finding
    assert finding is not None
    assert finding.count == 1
    assert finding.money


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE production_order_rows SET budget_ = {PRICE} * 1.9 WHERE id_ = {ORDER}",
        f"UPDATE sale_rows SET total_ = 0 WHERE id_ = (SELECT sale_ FROM production_order_rows WHERE id_ = {ORDER})",
    ],
    ids=["a generous one", "of a gift"],
)
def test_a_generous_budget_and_a_gift_hold(asked: Asked, statement: str) -> None:
    assert asked(BUDGET, statement).outcome == "passed"


def test_budgets_that_are_always_large_are_a_question(asked: Asked) -> None:
    assert (
        asked(BUDGET, f"UPDATE production_order_rows SET budget_ = {PRICE} * 6 WHERE id_ % 3 = 0").outcome
        == "not covered"
    )


def test_a_budget_that_the_system_puts_in_is_none_that_somebody_set(asked: Asked) -> None:
    """A third of the orders have the budget of the form; of some it is more than twice what they are sold for."""
    form = "UPDATE production_order_rows SET budget_ = 5000 WHERE id_ % 3 = 0"
    sale = f"(SELECT sale_ FROM production_order_rows WHERE id_ = {OF_THE_FORM})"
    cheap = f"UPDATE sale_rows SET total_ = 2000 WHERE id_ = {sale}"
    dear = "UPDATE sale_rows SET total_ = 4000 + id_ WHERE total_ < 2500"
    assert asked(BUDGET, form, dear, cheap).outcome == "passed"
    one_more = f"UPDATE production_order_rows SET budget_ = {PRICE} * 6 WHERE id_ = {OF_THE_FORM}"
    assert asked(BUDGET, form, dear, one_more).outcome == "failed"


def test_an_order_due_before_it_was_opened_is_found(asked: Asked) -> None:
    assert asked(BEFORE, ALL_UNDER_WAY, mapping=due(-300)).outcome == "failed"
    assert asked(BEFORE, ALL_UNDER_WAY, mapping=due(0)).outcome == "passed"


@pytest.mark.parametrize("day", ["1900-01-01", "1970-01-01"])
def test_a_day_that_stands_for_none_is_no_promise(asked: Asked, day: str) -> None:
    mapping = due(7)
    column = mapping["production_order"]["columns"]["due_on"]
    column["sql"] = column["sql"].replace("date(created_at_, '7 days')", f"'{day}'", 1)
    assert asked(BEFORE, ALL_UNDER_WAY, mapping=mapping).outcome == "passed"


def test_work_that_is_entered_after_midnight_is_of_the_day_before(asked: Asked) -> None:
    late = f"UPDATE production_order_rows SET created_at_ = '2026-03-31 23:30:00.000000' WHERE id_ = {ORDER}"
    assert asked(BEFORE, ALL_UNDER_WAY, late, mapping=due(0)).outcome == "passed"


def test_orders_that_are_always_entered_late_are_no_alarm(asked: Asked) -> None:
    assert asked(BEFORE, ALL_UNDER_WAY, mapping=due(-1, others=-1)).outcome == "not covered"


@pytest.mark.parametrize(("days", "outcome"), [(372, "awaiting"), (60, "passed")])
def test_a_day_far_from_all_others_is_a_question(asked: Asked, days: int, outcome: str) -> None:
    assert asked(FAR, ALL_UNDER_WAY, mapping=due(days)).outcome == outcome


def test_an_order_under_way_without_a_step_of_all_others_is_a_question(asked: Asked) -> None:
    ended = asked(STEPS, ALL_UNDER_WAY, f"DELETE FROM step_rows WHERE order_ = {ORDER} AND name_ = 'cut'")
    assert ended.outcome == "awaiting"
    assert "lacks: cut" in ended.reason


def test_steps_that_not_all_orders_need_are_not_missed(asked: Asked) -> None:
    assert (
        asked(STEPS, ALL_UNDER_WAY, "DELETE FROM step_rows WHERE order_ % 3 = 0 AND name_ = 'cut'").outcome == "passed"
    )


def test_few_orders_tell_nothing(asked: Asked) -> None:
    few = "DELETE FROM production_order_rows WHERE id_ > 3"
    for check, mapping in ((FAR, due(372)), (STEPS, None)):
        ended = asked(check, few, mapping=mapping)
        assert ended.outcome == "not covered"
        assert "Not enough history" in ended.reason
