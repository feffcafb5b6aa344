"""Totals that are not the sum of their lines, where another amount of the sale says just by how much."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.operations.till import Till, sales_a_day, stamp

LINES = {"sale_line": {"table": "line", "columns": ["id", "sale", "amount"]}}
SUMS = "sales.totals_are_the_sum_of_the_lines"
BY_DISCOUNT = {7: "1.50", 40: "2.75", 90: "0.40"}


@pytest.fixture
def till(tmp_path: Path) -> Till:
    till = Till(tmp_path)
    with closing(till.connected()) as connection, connection:
        connection.execute("ALTER TABLE sale ADD COLUMN reduced NUMERIC DEFAULT 0")
        connection.execute("ALTER TABLE sale ADD COLUMN delivery NUMERIC DEFAULT 0")
    return till


def _fill(till: Till, **of_sale: dict[int, dict[str, Any]]) -> None:
    """Eight sales a day of ten, with what some of them have besides."""
    sales = [(number, stamp(at)) for number, (_, at) in enumerate(sales_a_day(8), start=1)]
    more = of_sale.get("more", {})
    till.add("sale", [{"id": n, "number": n, "at": at, "final": at, **more.get(n, {})} for n, at in sales])
    till.add("line", [{"sale": n, "amount": 10} for n, _ in sales])


def _reduced(number: int) -> dict[str, Any]:
    return {"total": 10 - float(BY_DISCOUNT[number]), "reduced": float(BY_DISCOUNT[number])}


def test_a_mapped_discount_stands_between_lines_and_total(till: Till) -> None:
    _fill(till, more={n: _reduced(n) for n in BY_DISCOUNT})
    assert till.ask(SUMS, more={"discount": "reduced"}, mapping=LINES).outcome == "passed"


def test_a_mapped_surcharge_stands_between_lines_and_total(till: Till) -> None:
    _fill(till, more={5: {"total": 14.9, "delivery": 4.9}})
    assert till.ask(SUMS, more={"surcharge": "delivery"}, mapping=LINES).outcome == "passed"


def test_a_discount_that_was_not_given_is_told(till: Till) -> None:
    _fill(till, more={5: {"total": 10, "reduced": 3}})
    assert till.ask(SUMS, more={"discount": "reduced"}, mapping=LINES).outcome == "failed"


def test_what_an_unmapped_column_explains_is_a_question_that_names_it(till: Till) -> None:
    _fill(till, more={n: _reduced(n) for n in BY_DISCOUNT})
    ended = till.ask(SUMS, mapping=LINES)
    assert ended.outcome == "not covered"
    assert "3 of 3 are apart by what sale says in reduced" in ended.reason


def test_a_single_odd_amount_is_explained(till: Till) -> None:
    _fill(till, more={5: {"total": 8.63, "reduced": 1.37}})
    assert till.ask(SUMS, mapping=LINES).outcome == "not covered"


def test_a_round_amount_that_is_alike_by_chance_explains_nothing(till: Till) -> None:
    _fill(till, more={5: {"total": 110, "reduced": 100}})
    assert till.ask(SUMS, mapping=LINES).outcome == "failed"


def test_what_no_column_explains_is_told_alone(till: Till) -> None:
    _fill(till, more={**{n: _reduced(n) for n in BY_DISCOUNT}, 60: {"total": 13.37}})
    ended = till.ask(SUMS, mapping=LINES)
    assert ended.outcome == "failed"
    assert ended.finding is not None
    assert ended.finding.count == 1
