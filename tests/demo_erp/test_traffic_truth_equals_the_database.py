"""Every figure of truth.json is what independent SQL finds, for every day, every branch and in all."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.demo_erp.lived_business import DAYS, LOCAL_DAY, REAL_BRANCHES, LivedBusiness, day_number

pytestmark = pytest.mark.long

Key = tuple[str, str | None]

COUNTS = {
    "sales_created": f"SELECT {LOCAL_DAY.format('created_at')}, branch_id, count(*) FROM sales GROUP BY 1, 2",
    "sales_finalised": f"""SELECT {LOCAL_DAY.format("finalised_at")}, branch_id, count(*) FROM sales
        WHERE state = 'final' GROUP BY 1, 2""",
    "sales_voided": f"""SELECT {LOCAL_DAY.format("voided_at")}, branch_id, count(*) FROM sales
        WHERE state = 'void' GROUP BY 1, 2""",
    "studio_sales": f"""SELECT {LOCAL_DAY.format("finalised_at")}, branch_id, count(*) FROM sales
        WHERE state = 'final' AND kind = 'studio' GROUP BY 1, 2""",
    "drafts_open_at_end": f"""SELECT {LOCAL_DAY.format("created_at")}, branch_id, count(*) FROM sales
        WHERE state = 'draft' GROUP BY 1, 2""",
    "drafts_deleted": f"""SELECT {LOCAL_DAY.format("at")}, branch_id, count(*) FROM activity_log
        WHERE action = 'sale.delete' GROUP BY 1, 2""",
    "orders_created": f"""SELECT {LOCAL_DAY.format("created_at")}, branch_id, count(*)
        FROM production_orders GROUP BY 1, 2""",
    "orders_cancelled": f"""SELECT {LOCAL_DAY.format("updated_at")}, branch_id, count(*) FROM production_orders
        WHERE state = 'cancelled' GROUP BY 1, 2""",
    "orders_completed": f"""SELECT {LOCAL_DAY.format("completed_at")}, branch_id, count(*) FROM production_orders
        WHERE state = 'done' GROUP BY 1, 2""",
    "steps_updated": f"""SELECT {LOCAL_DAY.format("at")}, branch_id, count(DISTINCT entity_id) FROM activity_log
        WHERE action LIKE 'step.%' GROUP BY 1, 2""",
    "steps_completed": f"""SELECT {LOCAL_DAY.format("p.finished_at")}, o.branch_id, count(*) FROM production_steps p
        JOIN production_orders o ON o.id = p.order_id WHERE p.state = 'done' GROUP BY 1, 2""",
    "costs_entered": f"""SELECT {LOCAL_DAY.format("c.entered_at")}, o.branch_id, count(*) FROM costs c
        JOIN production_orders o ON o.id = c.order_id GROUP BY 1, 2""",
    "users_logged_in": f"""SELECT {LOCAL_DAY.format("a.at")}, u.branch_id, count(DISTINCT a.user_id)
        FROM login_attempts a JOIN users u ON u.id = a.user_id WHERE a.succeeded GROUP BY 1, 2""",
    "users_active": f"""SELECT {LOCAL_DAY.format("a.at")}, u.branch_id, count(DISTINCT a.user_id)
        FROM activity_log a JOIN users u ON u.id = a.user_id
        WHERE a.action NOT IN ('login', 'logout') GROUP BY 1, 2""",
    "login_failures": f"""SELECT {LOCAL_DAY.format("a.at")}, u.branch_id, count(*)
        FROM login_attempts a JOIN users u ON u.id = a.user_id WHERE NOT a.succeeded GROUP BY 1, 2""",
    "issues_reported": f"""SELECT {LOCAL_DAY.format("reported_at")}, branch_id, count(*)
        FROM issue_reports GROUP BY 1, 2""",
}
AMOUNTS = {
    "amount_finalised": f"""SELECT {LOCAL_DAY.format("finalised_at")}, branch_id, sum(total) FROM sales
        WHERE state = 'final' GROUP BY 1, 2""",
    "costs_amount": f"""SELECT {LOCAL_DAY.format("c.entered_at")}, o.branch_id, sum(c.amount) FROM costs c
        JOIN production_orders o ON o.id = c.order_id GROUP BY 1, 2""",
}


def found(business: LivedBusiness, sql: str) -> dict[Key, Any]:
    """By day and branch code (None for head office)."""
    codes = {row["id"]: row["code"] for row in business.rows("SELECT id, code FROM branches")}
    return {(row[0], codes.get(row[1])): row[2] for row in business.rows(sql)}


def told(business: LivedBusiness, day: str, branch: str | None, name: str) -> Any:
    of_day = business.truth["days"][day]
    return (of_day["branches"][branch] if branch else of_day["total"])[name]


def days() -> list[str]:
    return [day_number(number).isoformat() for number in range(1, DAYS + 1)]


def test_every_day_is_told_with_its_number(business: LivedBusiness) -> None:
    truth = business.truth["days"]
    assert {day: truth[day]["day"] for day in days()} == {day: number for number, day in enumerate(days(), start=1)}


@pytest.mark.parametrize("name", COUNTS)
def test_count_is_what_the_database_holds(business: LivedBusiness, name: str) -> None:
    counted = found(business, COUNTS[name])
    for day in days():
        for branch in REAL_BRANCHES:
            assert told(business, day, branch, name) == counted.get((day, branch), 0), (day, branch)
        everywhere = sum(counted.get((day, branch), 0) for branch in (*REAL_BRANCHES, None))
        assert told(business, day, None, name) == everywhere, day


@pytest.mark.parametrize("name", AMOUNTS)
def test_amount_is_what_the_database_holds_to_the_cent(business: LivedBusiness, name: str) -> None:
    summed = found(business, AMOUNTS[name])
    for day in days():
        for branch in REAL_BRANCHES:
            assert Decimal(told(business, day, branch, name)) == cents(summed.get((day, branch), 0)), (day, branch)
        everywhere = sum(summed.get((day, branch), 0) for branch in REAL_BRANCHES)
        assert Decimal(told(business, day, None, name)) == cents(everywhere), day


@pytest.mark.parametrize("method", ["cash", "card", "transfer"])
def test_amount_by_method_is_what_the_payments_add_up_to(business: LivedBusiness, method: str) -> None:
    sql = f"""SELECT {LOCAL_DAY.format("s.finalised_at")}, s.branch_id, sum(p.amount) FROM payments p
        JOIN sales s ON s.id = p.sale_id WHERE s.state = 'final' AND p.method = '{method}' GROUP BY 1, 2"""
    summed = found(business, sql)
    for day in days():
        for branch in REAL_BRANCHES:
            assert Decimal(told(business, day, branch, "by_method")[method]) == cents(summed.get((day, branch), 0))


def cents(value: float) -> Decimal:
    return Decimal(str(round(value, 2))).quantize(Decimal("0.01"))
