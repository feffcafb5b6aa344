"""What happens at the counter is what happens at real counters."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.demo_erp.lived_business import LivedBusiness, instant

pytestmark = pytest.mark.long


@pytest.mark.long
def test_drafts_are_finished_or_thrown_away_within_two_hours(business: LivedBusiness) -> None:
    assert not business.rows("SELECT id FROM sales WHERE state = 'draft'")
    assert not business.rows("SELECT id FROM sales WHERE julianday(finalised_at) - julianday(created_at) > 2.0 / 24")
    thrown_away = business.rows(
        """SELECT d.at AS ended, c.at AS began FROM activity_log d JOIN activity_log c
        ON c.entity_id = d.entity_id AND c.action = 'sale.create' AND c.user_id = d.user_id AND c.at < d.at
        WHERE d.action = 'sale.delete' GROUP BY d.id HAVING c.at = max(c.at)"""
    )
    assert thrown_away
    assert all(instant(row["ended"]) - instant(row["began"]) < timedelta(hours=2) for row in thrown_away)


def test_few_drafts_are_open_at_any_time(business: LivedBusiness) -> None:
    changes = sorted(
        [(row[0], 1) for row in business.rows("SELECT at FROM activity_log WHERE action = 'sale.create'")]
        + [
            (row[0], -1)
            for row in business.rows("SELECT at FROM activity_log WHERE action IN ('sale.finalise', 'sale.delete')")
        ]
    )
    drafts = most = 0
    for _, change in changes:
        drafts += change
        most = max(most, drafts)
    assert most <= 20


def test_no_sale_looks_entered_twice(business: LivedBusiness) -> None:
    assert not business.rows(
        """SELECT a.id FROM sales a JOIN sales b ON b.customer_id = a.customer_id AND b.id > a.id
        WHERE abs(julianday(b.created_at) - julianday(a.created_at)) < 12.0 / 24
        AND a.branch_id IN (SELECT id FROM branches WHERE NOT training)"""
    )


def test_discounts_are_modest_and_amounts_in_the_range_of_the_trade(business: LivedBusiness) -> None:
    assert business.value("SELECT max(discount_percent) FROM sale_lines") <= 20
    assert business.value("SELECT min(total) FROM sales WHERE state = 'final'") > 5
    assert business.value("SELECT max(total) FROM sales") < 6000


def test_sales_are_made_while_the_doors_are_open(business: LivedBusiness) -> None:
    assert not business.rows(
        """SELECT s.id FROM sales s LEFT JOIN opening_hours h ON h.branch_id = s.branch_id
        AND h.weekday = (CAST(strftime('%w', s.created_at, '+1 hour') AS INTEGER) + 6) % 7
        WHERE h.opens IS NULL OR strftime('%H:%M', s.created_at, '+1 hour') < h.opens
        OR strftime('%H:%M', s.updated_at, '+1 hour') >= h.closes"""
    )


def test_voids_are_few_have_a_reason_and_come_the_same_day(business: LivedBusiness) -> None:
    rows = business.rows("SELECT * FROM sales WHERE state = 'void'")
    assert 20 <= len(rows) <= 120
    for row in rows:
        assert row["void_reason"]
        assert row["voided_at"][:10] == row["finalised_at"][:10]
        assert row["voided_by"] == row["finalised_by"]


def test_some_lines_are_mistyped_and_corrected(business: LivedBusiness) -> None:
    assert business.value("SELECT count(*) FROM activity_log WHERE action = 'sale.change'") > 1000
    assert any(line["route"].endswith("/remove") or line["method"] == "DELETE" for line in business.log("access"))


def test_customers_and_sellers_are_of_the_sales_branch(business: LivedBusiness) -> None:
    assert not business.rows(
        """SELECT s.id FROM sales s JOIN customers c ON c.id = s.customer_id JOIN users u ON u.id = s.created_by
        WHERE c.branch_id <> s.branch_id OR u.branch_id <> s.branch_id"""
    )


def test_the_training_room_sells_only_training_goods(business: LivedBusiness) -> None:
    rows = business.rows(
        """SELECT DISTINCT b.training, p.category = 'training' AS practice FROM sale_lines l
        JOIN sales s ON s.id = l.sale_id JOIN branches b ON b.id = s.branch_id JOIN products p ON p.id = l.product_id"""
    )
    assert {tuple(row) for row in rows} == {(0, 0), (1, 1)}
