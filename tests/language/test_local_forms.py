"""Numbers, amounts and dates as a language writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypercare.language.local_forms import LocalForms

GERMAN = LocalForms("de")


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("1,234.50 EUR", "1.234,50 EUR"),
        ("1.250 KWD", "1,250 KWD"),
        ("-0.05", "-0,05"),
        ("12", "12"),
        ("99.9 %", "99,9 %"),
        ("1,234 ms", "1.234 ms"),
        ("2 h 5 min", "2 h 5 min"),
        ("Tuesday 1 December 2026", "Dienstag, 1. Dezember 2026"),
        ("3 Dec 14:05", "3. Dez. 14:05"),
        ("Thu 15 Jan", "Do, 15. Jan."),
        ("29 February", "29. Februar"),
        ("March", "März"),
        ("Mon", "Mo"),
    ],
)
def test_what_english_wrote_reads_as_german_writes_it(english: str, german: str) -> None:
    assert GERMAN.of(english) == german


@pytest.mark.parametrize("text", ["3.11.7", "192.168.0.1", "GAR-2026-000814", "31 February", "1,23", "May be", ""])
def test_what_only_looks_like_a_number_or_a_date_stays(text: str) -> None:
    assert GERMAN.of(text) in (None, text)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_no_amount_loses_a_cent(amount: object) -> None:
    written = GERMAN.of(f"{amount:,} EUR")
    assert written is not None
    assert written.replace(".", "").replace(",", ".") == f"{amount} EUR"
