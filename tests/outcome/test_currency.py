"""Money is said with the decimals of its own currency."""

from __future__ import annotations

from decimal import Decimal

import pytest

from hypercare.outcome.currency import money_in_words
from hypercare.outcome.expect import worded
from hypercare.outcome.found import Found
from hypercare.target_file.sections.business import BusinessSection


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("1234.5", "EUR", "1,234.50 EUR"),
        ("1235", "JPY", "1,235 JPY"),
        ("0", "JPY", "0 JPY"),
        ("1.25", "KWD", "1.250 KWD"),
        ("-3", "bhd", "-3.000 bhd"),
        ("0.1", "CLF", "0.1000 CLF"),
        ("12.345", "EUR", "12.345 EUR"),
        ("7", "", "7.00"),
        ("7", "XYZ", "7.00 XYZ"),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency_and_loses_none(amount: str, currency: str, words: str) -> None:
    assert money_in_words(Decimal(amount), currency) == words


def test_a_finding_says_its_money_so() -> None:
    found = Found(count=1, of=2, money=Decimal(1200), currency="KRW")
    assert worded(lambda told: f"{told.count} of {told.of}, {told.money}", found) == "1 of 2, 1,200 KRW"


@pytest.mark.parametrize(
    ("given", "digits"),
    [({}, 2), ({"currency": "JPY"}, 0), ({"currency": "KWD"}, 3), ({"currency": "JPY", "minor_units": 2}, 2)],
)
def test_the_smallest_unit_is_the_currencys_unless_the_file_says_another(given: dict[str, object], digits: int) -> None:
    business = BusinessSection.model_validate({"timezone": "UTC", "go_live": "2026-01-01", **given})
    assert business.minor_units == digits
