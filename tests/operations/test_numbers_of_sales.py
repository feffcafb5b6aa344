"""Two sales of one number are told where a number is meant to tell them apart, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.operations.till import AS_OF, Till, sales_a_day, stamp

CHECK = "sales.no_number_is_a_duplicate"
Numbering = Callable[[int, int, Any], dict[str, Any]]


@pytest.fixture
def till(tmp_path: Path) -> Till:
    return Till(tmp_path)


def _fill(till: Till, numbering: Numbering, each_day: int = 8) -> None:
    rows = []
    for number, (day, at) in enumerate(sales_a_day(each_day)):
        rows.append({"at": stamp(at), "final": stamp(at), "shop": number % 2 + 1, **numbering(number, day, at)})
    till.add("sale", rows)


def _twice(till: Till, number: object, **more: Any) -> None:
    at = AS_OF - timedelta(hours=2)
    till.add("sale", [{"number": number, "at": stamp(at), "final": stamp(at), "shop": 1, **more}])


WAYS: dict[str, tuple[Numbering, dict[str, str]]] = {
    "one row of numbers": (lambda n, day, at: {"number": f"R-{n}"}, {}),
    "whole numbers": (lambda n, day, at: {"number": n}, {}),
    "a row for each branch": (lambda n, day, at: {"number": n // 2}, {"branch": "shop"}),
    "anew each day": (lambda n, day, at: {"number": n % 8 + 1}, {}),
    "anew each day in each branch": (lambda n, day, at: {"number": n % 8 // 2 + 1}, {"branch": "shop"}),
    "anew each month": (lambda n, day, at: {"number": f"{at.day}/{n % 8}"}, {}),
    "a row for each kind": (lambda n, day, at: {"number": n // 2, "kind": "AB"[n % 2]}, {"kind": "kind"}),
    "a row for each customer": (lambda n, day, at: {"number": n // 50, "client": n % 50}, {"customer": "client"}),
    "case tells apart": (lambda n, day, at: {"number": f"{'kK'[n % 2]}{n // 2}"}, {}),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_healthy_row_of_numbers_is_quiet_however_it_is_kept(way: str, till: Till) -> None:
    numbering, more = WAYS[way]
    _fill(till, numbering)
    assert till.ask(CHECK, more).outcome == "passed"


@pytest.mark.parametrize(
    ("way", "number", "more"),
    [
        ("one row of numbers", "R-3", {"client": 77}),
        ("one row of numbers", "r-3 ", {}),
        ("whole numbers", 3, {}),
        ("a row for each branch", 3, {"client": 77}),
        ("a row for each kind", 3, {"kind": "A"}),
        ("anew each day", 2, {}),
        ("case tells apart", "k3", {}),
    ],
)
def test_a_number_given_twice_is_told_on_each_of_them(
    way: str, number: object, more: dict[str, Any], till: Till
) -> None:
    numbering, mapped = WAYS[way]
    _fill(till, numbering)
    _twice(till, number, **more)
    ended = till.ask(CHECK, mapped)
    assert ended.finding is not None
    assert ended.finding.count == 1


def test_a_customer_that_is_mapped_besides_hides_no_number(till: Till) -> None:
    rows = [{"number": "AABBBC"[n], "client": n, "at": stamp(AS_OF - timedelta(hours=n + 1))} for n in range(6)]
    till.add("sale", [{**row, "final": row["at"]} for row in rows])
    counts = [till.ask(CHECK, more).finding.count for more in ({}, {"customer": "client"})]  # type: ignore[union-attr]
    assert counts == [3, 3]


def test_one_number_in_two_branches_says_nothing_though_the_customer_is_one(till: Till) -> None:
    till.add(
        "sale",
        [{"number": "17", "shop": shop, "client": 1, "at": stamp(AS_OF - timedelta(hours=shop))} for shop in (1, 2)],
    )
    assert till.ask(CHECK, {"branch": "shop", "customer": "client"}).outcome == "passed"


def test_numbers_that_begin_anew_with_the_year_are_quiet_on_its_first_day(till: Till) -> None:
    till.add("sale", [{"number": n, "at": f"2025-12-{15 + n % 16} 10:00:00"} for n in range(40)])
    till.add("sale", [{"number": n, "at": "2026-01-01 09:00:00"} for n in range(4)])
    assert till.ask(CHECK, go_live=date(2025, 12, 1)).outcome == "passed"


def test_numbers_that_repeat_all_the_time_are_a_question_and_no_alarm(till: Till) -> None:
    _fill(till, lambda n, day, at: {"number": "walk-in" if n % 3 else n})
    ended = till.ask(CHECK)
    assert ended.outcome == "not covered"
    assert "before today have the number of another" in ended.reason


@pytest.mark.parametrize(
    ("business", "many"),
    [
        ({}, 0),
        ({"numbers_ignore": ["case", "leading-zeros"]}, 1),
        ({"numbers_unique_per": ["customer"]}, 0),
    ],
)
def test_the_file_says_how_numbers_are_compared(business: dict[str, Any], many: int, till: Till) -> None:
    _fill(till, lambda n, day, at: {"number": f"{n}", "client": n})
    _twice(till, "0012", client=500)
    ended = till.ask(CHECK, {"customer": "client"}, business=business)
    assert (ended.finding.count if ended.finding else 0) == many


def test_a_number_given_twice_tells_nothing_where_the_file_says_it_is_the_customers(till: Till) -> None:
    _fill(till, lambda n, day, at: {"number": f"{n}", "client": n})
    _twice(till, "12", client=500)
    assert till.ask(CHECK, {"customer": "client"}).outcome == "failed"
    assert till.ask(CHECK, {"customer": "client"}, business={"numbers_unique_per": ["customer"]}).outcome == "passed"
