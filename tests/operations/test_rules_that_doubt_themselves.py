"""A rule that much of the history breaks is a question; one that the history holds is an alarm when it is broken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.operations import plain_schema
from tests.operations.checking import Asked
from tests.operations.till import AS_OF, Till, sales_a_day, stamp

LINES = {"sale_line": {"table": "line", "columns": ["id", "sale", "amount"]}}
PAYMENTS = {"payment": {"table": "payment", "columns": ["id", "sale", "amount"]}}
SUMS, PAID, DRAFTS = "sales.totals_are_the_sum_of_the_lines", "sales.totals_were_paid", "sales.drafts_hold_no_money"
NUMBERS = "sales.final_sales_are_complete"
TODAY = AS_OF.date()


@pytest.fixture
def till(tmp_path: Path) -> Till:
    return Till(tmp_path)


def _fill(till: Till, total: Callable[[int, Any], float], paid: Callable[[int, Any], float], **more: Any) -> None:
    """Eight sales a day; the lines of each come to ten, or to what the sale is worth."""
    sales, lines, payments = [], [], []
    worth = more.pop("worth", 10)
    for number, (_, at) in enumerate(sales_a_day(8), start=1):
        sales.append(
            {"id": number, "number": number, "total": total(number, at), "at": stamp(at), "final": stamp(at), **more}
        )
        lines.append({"sale": number, "amount": worth})
        payments.append({"sale": number, "amount": paid(number, at)})
    till.add("sale", sales)
    till.add("line", lines)
    till.add("payment", payments)


SHAPES: dict[str, tuple[Callable[[int, Any], float], str]] = {
    "a history that holds": (lambda n, at: 10, "passed"),
    "one wrong": (lambda n, at: 15 if n == 100 else 10, "failed"),
    "one wrong today": (lambda n, at: 15 if n == 209 else 10, "failed"),
    "all wrong today": (lambda n, at: 15 if at.date() == TODAY else 10, "failed"),
    "shipping on every seventh": (lambda n, at: 15 if n % 7 == 0 else 10, "not covered"),
    "tax on all": (lambda n, at: 11.9, "not covered"),
    "a few before, most today": (lambda n, at: 15 if n % 9 == 0 or at.date() == TODAY else 10, "failed"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_sums_are_judged_by_what_the_history_holds(shape: str, till: Till) -> None:
    total, outcome = SHAPES[shape]
    _fill(till, total, lambda n, at: 10)
    ended = till.ask(SUMS, mapping=LINES)
    assert ended.outcome == outcome
    assert outcome != "not covered" or "records from before today break this rule too" in ended.reason


@pytest.mark.parametrize(("share", "outcome"), [(lambda n: n == 50, "failed"), (lambda n: n % 12 == 0, "not covered")])
def test_sales_on_account_are_a_habit_sooner_than_an_alarm_a_day(share: Any, outcome: str, till: Till) -> None:
    _fill(till, lambda n, at: 10, lambda n, at: 0 if share(n) else 10)
    assert till.ask(PAID, mapping=PAYMENTS).outcome == outcome


@pytest.mark.parametrize(
    ("money", "outcome"),
    [([4, 4, 4], "passed"), ([10], "failed"), ([10, 4, 12], "failed"), ([-3], "failed"), ([10] * 4, "not covered")],
)
def test_a_deposit_on_a_draft_is_no_payment(money: list[float], outcome: str, till: Till) -> None:
    at = stamp(AS_OF - timedelta(hours=3))
    till.add("sale", [{"id": n, "number": n, "state": "draft", "at": at} for n in range(5)])
    till.add("payment", [{"sale": n, "amount": one} for n, one in enumerate(money)])
    assert till.ask(DRAFTS, mapping=PAYMENTS).outcome == outcome


@pytest.mark.parametrize(
    ("currency", "paid", "outcome"),
    [
        ("CHF", 10.00, "passed"),
        ("CHF", 10.05, "passed"),
        ("CHF", 10.01, "failed"),
        ("CHF", 9.95, "failed"),
        ("EUR", 10.00, "failed"),
    ],
)
def test_where_there_are_no_small_coins_a_round_sum_is_paid(
    currency: str, paid: float, outcome: str, till: Till
) -> None:
    total = 10.02 if paid != 10.05 else 10.03
    _fill(till, lambda n, at: total if n == 60 else 10, lambda n, at: paid if n == 60 else 10)
    assert till.ask(PAID, mapping=PAYMENTS, business={"currency": currency}).outcome == outcome


def test_many_drafts_that_nobody_finalises_are_offers(till: Till) -> None:
    rows = [
        {"number": n, "state": "draft" if n % 6 == 0 else "final", "at": stamp(at), "final": stamp(at)}
        for n, (_, at) in enumerate(sales_a_day(8))
    ]
    till.add("sale", rows)
    name = "stuck.no_draft_is_forgotten"
    assert till.ask(name).outcome == "not covered"


def test_drafts_of_each_day_from_the_first_are_left_by_habit(till: Till) -> None:
    at = {n: day for n, (_, day) in enumerate(sales_a_day(8))}
    name, few = "stuck.no_draft_is_forgotten", {"doubt_habits_from": 0.9}
    rows = [
        {"number": n, "state": "draft" if n % 6 == 0 else "final", "at": stamp(one), "final": stamp(one)}
        for n, one in at.items()
    ]
    till.add("sale", rows)
    ended = till.ask(name, limits=few)
    assert ended.outcome == "not covered"
    assert "days before today too" in ended.reason


def test_one_draft_that_lies_about_is_forgotten(till: Till) -> None:
    at = stamp(AS_OF - timedelta(hours=5))
    till.add("sale", [{"number": n, "at": stamp(at), "final": stamp(at)} for n, (_, at) in enumerate(sales_a_day(8))])
    till.add("sale", [{"number": 900, "state": "draft", "at": at}])
    assert till.ask("stuck.no_draft_is_forgotten").outcome == "failed"


def test_numbers_that_most_final_sales_lack_are_no_rule(till: Till) -> None:
    _fill(till, lambda n, at: 10, lambda n, at: 10)
    assert till.ask(NUMBERS).outcome == "passed"
    till.add("sale", [{"number": None, "at": stamp(at), "final": stamp(at)} for _, at in sales_a_day(2)])
    assert till.ask(NUMBERS).outcome == "not covered"


def test_how_large_a_sale_may_be_is_not_guessed_from_a_few(till: Till) -> None:
    at = stamp(AS_OF - timedelta(hours=5))
    till.add("sale", [{"number": n, "total": 900_000, "at": at, "final": at} for n in range(5)])
    ended = till.ask("sales.totals_are_plausible")
    assert ended.outcome == "not covered"
    assert "not enough history" in ended.reason
    assert till.ask("sales.totals_are_plausible", limits={"largest_sale": 1000}).outcome == "failed"


def test_a_kind_of_cost_may_have_two_usual_sizes(asked: Asked) -> None:
    name = "costs.costs_are_plausible"
    two_sizes = "UPDATE cost_rows SET amount_ = amount_ * 12 WHERE order_ % 3 = 0"
    assert asked(name, two_sizes).outcome == "passed"
    far_above = "UPDATE cost_rows SET amount_ = amount_ * 100 WHERE id_ = (SELECT max(id_) FROM cost_rows)"
    assert asked(name, two_sizes, far_above).outcome == "failed"


def test_of_a_handful_of_costs_nobody_can_say_what_is_usual(asked: Asked) -> None:
    ended = asked("costs.costs_are_plausible", "DELETE FROM cost_rows WHERE id_ > 9")
    assert ended.outcome == "not covered"
    assert "not enough history" in ended.reason


def test_a_log_whose_words_fit_nothing_is_no_witness(asked: Asked) -> None:
    mapping = plain_schema.mapping()
    mapping["activity"]["values"]["action"]["sale.create"] = ["sale.finalise"]
    ended = asked(
        "figures.sales_created_are_in_the_activity_log",
        "UPDATE activity_rows SET entity_id_ = -entity_id_ WHERE action_ = 'sale.finalise'",
        mapping=mapping,
    )
    assert ended.outcome == "not covered"


def test_a_sum_of_less_than_nothing_early_in_the_day_is_a_refund(till: Till) -> None:
    name = "figures.sales_finalised_today"
    branch = {"branch": "shop"}
    early = [{"shop": 1, "total": 10, "at": stamp(at), "final": stamp(at)} for _, at in sales_a_day(8)]
    refund = {"shop": 1, "total": -5000, "at": stamp(AS_OF - timedelta(hours=3))}
    till.add("sale", [row for row in early if not row["at"].startswith(f"{TODAY}")])
    till.add("sale", [{**refund, "final": refund["at"]}])
    assert till.ask(name, branch).outcome == "passed"
    till.add("sale", [row for row in early if row["at"].startswith(f"{TODAY}")])
    assert till.ask(name, branch).outcome == "failed"
