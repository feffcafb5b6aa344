"""Production beside what was sold, and what only looks as if it were wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hypercare.outcome.finding import Finding
from tests.operations import plain_schema
from tests.operations.checking import Asked

NO_SALE = "production_report.orders_are_for_a_sale"
DRAFT = "production_report.orders_are_for_a_sale_that_is_final"
MADE_TO_ORDER = "production_report.orders_are_for_what_is_made_to_order"
DUE = "production_report.orders_are_done_by_their_day"
LONG = "production_report.no_step_is_in_hand_far_longer_than_such_steps_take"
COSTED = "production_report.steps_done_have_their_costs"
WHOLE = "production_report.completed_orders_have_every_step"
DEARER = "production_report.orders_cost_less_than_they_were_sold_for"
ORDER = "(SELECT max(id_) FROM production_order_rows WHERE state_ = 'in_progress')"
DONE = "(SELECT max(id_) FROM production_order_rows WHERE state_ = 'done')"


@pytest.mark.parametrize(
    ("check", "statement"),
    [
        (NO_SALE, f"UPDATE production_order_rows SET sale_ = NULL WHERE id_ = {ORDER}"),
        (DRAFT, f"UPDATE sale_rows SET state_ = 'draft' WHERE id_ = (SELECT sale_ FROM production_order_rows"
                f" WHERE id_ = {ORDER})"),
        (MADE_TO_ORDER, f"UPDATE sale_rows SET kind_ = 'stock' WHERE id_ = (SELECT sale_ FROM production_order_rows"
                        f" WHERE id_ = {ORDER})"),
        (DEARER, f"UPDATE cost_rows SET amount_ = 99999 WHERE id_ = (SELECT min(id_) FROM cost_rows"
                 f" WHERE order_ = {DONE})"),
    ],
)  # fmt: skip
def test_an_order_that_does_not_fit_its_sale_is_found(
    found: Callable[..., Finding], check: str, statement: str
) -> None:
    assert found(check, statement).count == 1


@pytest.mark.parametrize("check", [NO_SALE, DRAFT, MADE_TO_ORDER, DEARER])
def test_orders_in_good_order_hold(asked: Asked, check: str) -> None:
    assert asked(check).outcome == "passed"


def test_who_works_for_stock_is_not_blamed(asked: Asked) -> None:
    ended = asked(NO_SALE, "UPDATE production_order_rows SET sale_ = NULL WHERE id_ % 4 = 0")
    assert ended.outcome == "not covered"


def test_a_cancelled_order_needs_no_sale(asked: Asked) -> None:
    cancelled = f"UPDATE production_order_rows SET sale_ = NULL, state_ = 'cancelled' WHERE id_ = {ORDER}"
    assert asked(NO_SALE, cancelled).outcome == "passed"


def with_days() -> dict[str, object]:
    """The orders with the day on which each is due: a week after it was opened."""
    mapping = plain_schema.mapping()
    mapping["production_order"]["columns"]["due_on"] = {"sql": "date(created_at_, '+7 days')"}
    return mapping


def test_orders_past_their_day_are_a_question_where_that_is_usual(asked: Asked) -> None:
    ended = asked(DUE, "UPDATE production_order_rows SET state_ = 'in_progress' WHERE id_ % 3 = 0", mapping=with_days())
    assert ended.outcome == "not covered"


def test_an_order_past_its_day_is_found(asked: Asked) -> None:
    oldest = "(SELECT min(id_) FROM production_order_rows)"
    opened = f"UPDATE production_order_rows SET state_ = 'in_progress' WHERE id_ = {oldest}"
    finding = asked(DUE, opened, mapping=with_days()).finding
    assert finding is not None
    assert finding.count is not None
    assert finding.count >= 1


def test_without_such_days_it_is_not_covered(asked: Asked) -> None:
    assert "due_on is not mapped" in asked(DUE).reason


# Orders of earlier days again, so that there are enough to tell what each has.
MORE_STEPS = (
    "INSERT INTO step_rows (id_, order_, sequence_, name_, state_, started_at_, finished_at_, updated_at_, updated_by_)"
    " WITH RECURSIVE copy(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < 12)"
    " SELECT id_ + 1000 * n, order_, sequence_ + 10 * n, name_, state_, started_at_, finished_at_, updated_at_,"
    " updated_by_ FROM step_rows, copy WHERE state_ = 'done'"
)
THEIR_COSTS = (
    "INSERT INTO cost_rows (id_, order_, step_, kind_, amount_, entered_at_, entered_by_)"
    " SELECT id_ + 50000, order_, id_, 'labour', 10, finished_at_, 3 FROM step_rows WHERE state_ = 'done'"
)


@pytest.mark.parametrize(
    ("lost", "outcome"),
    [([], "passed"), (["step_ = 46"], "failed"), (["step_ % 23 = 1"], "not covered")],
    ids=["none", "one", "one in twenty-three"],
)
def test_a_step_without_the_cost_that_all_others_have_is_found(asked: Asked, lost: list[str], outcome: str) -> None:
    """One slip that was lost is told; where a few of each hundred have none, not each step needs one."""
    ended = asked(COSTED, MORE_STEPS, THEIR_COSTS, *(f"DELETE FROM cost_rows WHERE {one}" for one in lost))
    assert ended.outcome == outcome


@pytest.mark.parametrize("check", [LONG, COSTED, WHOLE])
def test_what_too_little_tells_of_is_not_judged(asked: Asked, check: str) -> None:
    few = "DELETE FROM production_order_rows WHERE id_ > 3"
    ended = asked(check, few)
    assert ended.outcome == "not covered"
    assert "Not enough history" in ended.reason
