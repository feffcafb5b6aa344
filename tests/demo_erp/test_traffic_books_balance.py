"""The books of a lived history are in order to the cent."""

from __future__ import annotations

import pytest

from tests.demo_erp.lived_business import LivedBusiness, local


@pytest.mark.long
def test_history_has_the_size_of_a_real_business(business: LivedBusiness) -> None:
    assert 3000 <= business.value("SELECT count(*) FROM sales") <= 4500


def test_total_of_every_sale_is_the_sum_of_its_lines(business: LivedBusiness) -> None:
    assert not business.rows(
        """SELECT s.number FROM sales s LEFT JOIN sale_lines l ON l.sale_id = s.id
        GROUP BY s.id HAVING abs(s.total - coalesce(sum(l.amount), 0)) > 0.001"""
    )


def test_amount_of_every_line_follows_from_its_parts(business: LivedBusiness) -> None:
    assert not business.rows(
        """SELECT id FROM sale_lines
        WHERE abs(amount - quantity * unit_price * (100 - discount_percent) / 100.0) > 0.0051"""
    )


def test_prices_and_names_are_the_catalogues(business: LivedBusiness) -> None:
    assert not business.rows(
        """SELECT l.id FROM sale_lines l JOIN products p ON p.id = l.product_id
        WHERE l.unit_price <> p.unit_price OR l.description <> p.name"""
    )


def test_final_sales_are_paid_in_full_and_void_ones_not_at_all(business: LivedBusiness) -> None:
    assert not business.rows(
        """SELECT s.number FROM sales s LEFT JOIN payments p ON p.sale_id = s.id GROUP BY s.id
        HAVING abs(coalesce(sum(p.amount), 0) - CASE s.state WHEN 'final' THEN s.total ELSE 0 END) > 0.001"""
    )


def test_every_posting_is_balanced(business: LivedBusiness) -> None:
    assert not business.rows(
        """SELECT p.id FROM ledger_postings p LEFT JOIN ledger_entries e ON e.posting_id = p.id
        GROUP BY p.id HAVING count(e.id) <> 2 OR abs(sum(e.debit) - sum(e.credit)) > 0.001"""
    )


def test_revenue_of_the_ledger_is_what_the_final_sales_come_to(business: LivedBusiness) -> None:
    ledger = business.rows(
        """SELECT a.code, round(sum(e.credit) - sum(e.debit), 2) AS earned FROM ledger_entries e
        JOIN ledger_accounts a ON a.id = e.account_id WHERE a.kind = 'revenue' GROUP BY 1 ORDER BY 1"""
    )
    sales = business.rows("SELECT kind, round(sum(total), 2) FROM sales WHERE state = 'final' GROUP BY 1 ORDER BY 1")
    assert [row[1] for row in ledger] == [row[1] for row in sales]


def test_money_of_the_ledger_is_what_the_payments_come_to(business: LivedBusiness) -> None:
    ledger = business.rows(
        """SELECT a.code, round(sum(e.debit) - sum(e.credit), 2) FROM ledger_entries e
        JOIN ledger_accounts a ON a.id = e.account_id WHERE a.kind = 'asset' GROUP BY 1"""
    )
    codes = {"cash": "1000", "card": "1010", "transfer": "1020"}
    payments = business.rows("SELECT method, round(sum(amount), 2) FROM payments GROUP BY 1")
    assert dict(map(tuple, ledger)) == {codes[method]: amount for method, amount in map(tuple, payments)}


def test_nobody_owes_anything(business: LivedBusiness) -> None:
    owed = business.value(
        """SELECT round(sum(e.debit) - sum(e.credit), 2) FROM ledger_entries e
        JOIN ledger_accounts a ON a.id = e.account_id WHERE a.code = '1200'"""
    )
    assert owed == 0


def test_numbers_run_without_gaps_in_the_order_of_finalising(business: LivedBusiness) -> None:
    for table, moment, mark in (("sales", "finalised_at", ""), ("production_orders", "created_at", "P-")):
        for branch in business.rows("SELECT id, code FROM branches"):
            rows = business.rows(
                f"SELECT number FROM {table} WHERE branch_id = ? AND number IS NOT NULL ORDER BY {moment}", branch["id"]
            )
            expected = [f"{branch['code']}-{mark}2026-{count:06d}" for count in range(1, len(rows) + 1)]
            assert [row["number"] for row in rows] == expected


def test_every_reference_leads_somewhere(business: LivedBusiness) -> None:
    assert not business.rows("PRAGMA foreign_key_check")
    assert business.value("PRAGMA integrity_check") == "ok"


def test_undeclared_references_lead_somewhere_too(business: LivedBusiness) -> None:
    assert not business.rows("SELECT id FROM activity_log WHERE user_id NOT IN (SELECT id FROM users)")
    assert not business.rows(
        "SELECT id FROM activity_log WHERE branch_id IS NOT NULL AND branch_id NOT IN (SELECT id FROM branches)"
    )


def test_nothing_lies_before_go_live_or_in_the_future(business: LivedBusiness) -> None:
    first = local(business.state.settings.go_live, "00:00").strftime("%Y-%m-%d %H:%M:%S")
    last = business.until.strftime("%Y-%m-%d %H:%M:%S")
    moments = {
        "sales": ("created_at", "updated_at", "finalised_at", "voided_at"),
        "payments": ("paid_at",),
        "ledger_postings": ("posted_at",),
        "production_orders": ("created_at", "updated_at", "completed_at"),
        "production_steps": ("started_at", "finished_at", "updated_at"),
        "costs": ("entered_at",),
        "activity_log": ("at",),
        "jobs": ("queued_at", "started_at", "finished_at"),
        "login_attempts": ("at",),
        "sessions": ("created_at", "revoked_at"),
        "issue_reports": ("reported_at", "responded_at", "resolved_at"),
        "day_sheets": ("handed_in_at",),
    }
    for table, columns in moments.items():
        for column in columns:
            assert not business.rows(f"SELECT id FROM {table} WHERE {column} < ? OR {column} >= ?", first, last), (
                table,
                column,
            )


def test_day_sheets_say_what_was_final_when_the_doors_were_closed(business: LivedBusiness) -> None:
    sheets = business.rows("SELECT branch_id, day, sales_counted, round(amount_counted, 2) FROM day_sheets")
    sales = business.rows(
        """SELECT branch_id, date(finalised_at, '+1 hour') AS day, count(*), round(sum(total), 2) FROM sales
        WHERE state = 'final' AND branch_id IN (SELECT id FROM branches WHERE NOT training) GROUP BY 1, 2"""
    )
    assert sorted(map(tuple, sheets)) == sorted(map(tuple, sales))
    assert len(sheets) > 40
