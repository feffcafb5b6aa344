"""Numbers and days as shops write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from hypercare.day_sheets.values import day_of, decimal_mark, number_of


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (["1.234,56 €", "12,50"], ","),
        (["1,234.56", "99"], "."),
        (["12,5"], ","),
        (["1.234", "2.500"], ","),
        (["1.234", "0.50", "7.25"], "."),
        (["1'234.50", "CHF 20.00"], "."),
        (["1 234,50"], ","),
        (["1.234.567"], ","),
        (["12", "", "Total"], "."),
    ],
)
def test_a_column_tells_which_mark_stands_before_the_cents(cells: list[str], mark: str) -> None:
    assert decimal_mark(cells) == mark


def test_three_digits_are_cents_where_the_currency_has_so_many() -> None:
    assert decimal_mark(["1.234", "0.750"], digits=3) == "."


@pytest.mark.parametrize(
    ("cell", "mark", "number"),
    [
        ("1.234,56 €", ",", "1234.56"),
        ("EUR 1,234.56", ".", "1234.56"),
        ("1\u00a0234,50", ",", "1234.50"),
        ("1'234.50", ".", "1234.50"),
        ("-12,50", ",", "-12.50"),
        ("(12.50)", ".", "-12.50"),
        ("12,50-", ",", "-12.50"),
        ("12,-", ",", "12"),
        ("35", ".", "35"),
    ],
)
def test_a_number_is_read_as_it_is_meant(cell: str, mark: str, number: str) -> None:
    assert number_of(cell, mark) == Decimal(number)


@pytest.mark.parametrize("cell", ["", "closed", "-", "€"])
def test_what_shows_no_number_is_none(cell: str) -> None:
    assert number_of(cell) is None


@pytest.mark.parametrize(
    ("cell", "day_first", "day"),
    [
        ("2026-01-31", True, date(2026, 1, 31)),
        ("2026-01-31 00:00:00", True, date(2026, 1, 31)),
        ("31.01.2026", True, date(2026, 1, 31)),
        ("31.1.26", True, date(2026, 1, 31)),
        ("Do 8.1.2026", True, date(2026, 1, 8)),
        ("03/04/2026", True, date(2026, 4, 3)),
        ("03/04/2026", False, date(2026, 3, 4)),
        ("31/01/2026", False, date(2026, 1, 31)),
        ("01/31/2026", True, date(2026, 1, 31)),
        ("20260131", True, date(2026, 1, 31)),
    ],
)
def test_a_day_is_read_however_it_is_written(cell: str, day_first: bool, day: date) -> None:
    assert day_of(cell, day_first=day_first) == day


@pytest.mark.parametrize("cell", ["", "Summe", "32.01.2026", "31.02.2026", "12.50"])
def test_what_shows_no_day_is_none(cell: str) -> None:
    assert day_of(cell) is None
