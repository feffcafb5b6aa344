"""Orders go through the workshop as orders do: step after step, costed, within budget."""

from __future__ import annotations

import pytest

from tests.demo_erp.lived_business import LivedBusiness, day_number, instant

pytestmark = pytest.mark.long

OPEN = "('open', 'in_progress')"


def test_every_studio_sale_has_one_order_and_every_order_its_studio_sale(business: LivedBusiness) -> None:
    assert not business.rows(
        """SELECT s.number FROM sales s LEFT JOIN production_orders o ON o.sale_id = s.id
        WHERE (s.kind = 'studio' AND s.state <> 'draft') <> (o.id IS NOT NULL)"""
    )
    assert not business.rows(
        """SELECT o.number FROM production_orders o JOIN sales s ON s.id = o.sale_id
        WHERE (s.state = 'void') <> (o.state = 'cancelled') OR o.branch_id <> s.branch_id"""
    )


def test_steps_follow_one_another(business: LivedBusiness) -> None:
    assert not business.rows(
        """SELECT later.id FROM production_steps later JOIN production_steps earlier
        ON earlier.order_id = later.order_id AND earlier.sequence = later.sequence - 1
        WHERE later.state <> 'waiting' AND (earlier.state <> 'done' OR later.started_at < earlier.finished_at)"""
    )
    assert not business.rows("SELECT id FROM production_steps WHERE finished_at <= started_at")


def test_progress_is_that_of_the_steps(business: LivedBusiness) -> None:
    rows = business.rows(
        """SELECT o.progress_percent AS shown, o.state, o.completed_at,
        sum(p.state = 'done') AS done, count(*) AS steps, max(p.finished_at) AS last
        FROM production_orders o JOIN production_steps p ON p.order_id = o.id GROUP BY o.id"""
    )
    for row in rows:
        assert row["shown"] == int(row["done"] * 100 / row["steps"] + 0.5)
        assert (row["state"] == "done") == (row["done"] == row["steps"])
        if row["state"] == "done":
            assert row["completed_at"] == row["last"]


def test_costs_stay_under_the_budget_and_are_positive(business: LivedBusiness) -> None:
    assert not business.rows("SELECT id FROM costs WHERE amount <= 0")
    assert not business.rows(
        """SELECT o.number FROM production_orders o JOIN costs c ON c.order_id = o.id
        GROUP BY o.id HAVING sum(c.amount) >= o.budget"""
    )


def test_every_finished_step_is_costed_and_no_cost_comes_before_its_step(business: LivedBusiness) -> None:
    assert not business.rows(
        "SELECT id FROM production_steps WHERE state = 'done' AND id NOT IN (SELECT step_id FROM costs)"
    )
    assert not business.rows(
        "SELECT c.id FROM costs c JOIN production_steps p ON p.id = c.step_id WHERE c.entered_at < p.started_at"
    )


def test_cancelled_orders_are_left_alone(business: LivedBusiness) -> None:
    assert business.value("SELECT count(*) FROM production_orders WHERE state = 'cancelled'") > 0
    assert not business.rows(
        """SELECT o.number FROM production_orders o JOIN production_steps p ON p.order_id = o.id
        WHERE o.state = 'cancelled' AND p.state <> 'waiting'"""
    )


def test_orders_are_completed_on_every_day_of_the_second_week(business: LivedBusiness) -> None:
    for number in range(8, 15):
        assert business.truth["days"][day_number(number).isoformat()]["total"]["orders_completed"] > 0


def test_no_order_is_forgotten(business: LivedBusiness) -> None:
    rows = business.rows(f"SELECT number, updated_at FROM production_orders WHERE state IN {OPEN}")
    assert rows
    assert not [row["number"] for row in rows if (business.until - instant(row["updated_at"])).days >= 4]


def test_work_is_done_by_the_branchs_own_people(business: LivedBusiness) -> None:
    assert not business.rows(
        """SELECT p.id FROM production_steps p JOIN production_orders o ON o.id = p.order_id
        JOIN users u ON u.id = p.assigned_to WHERE u.branch_id <> o.branch_id OR u.role <> 'production'"""
    )
