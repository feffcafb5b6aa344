"""Numbers that people take for the same are told; numbers that are meant to differ by a sign are not."""

from __future__ import annotations

import pytest

from hypercare.sales_and_production.nearly_equal_numbers import are_told_apart, as_people_take_it
from tests.operations import conftest
from tests.operations.checking import Asked

business = conftest.business
asked = conftest.asked

CHECK = "sales.no_number_is_nearly_anothers"
TODAY = "created_at_ >= '2026-04-01'"
LAST = "(SELECT id_ FROM sale_rows WHERE number_ = '1-0401-9')"
ITS_NUMBER = "'1-0401-0'"


@pytest.mark.parametrize("number", [f"{ITS_NUMBER} || ' '", f"replace({ITS_NUMBER}, '-', '–')", f"'0' || {ITS_NUMBER}"])
def test_a_number_that_differs_by_what_nobody_sees_is_found(asked: Asked, number: str) -> None:
    finding = asked(CHECK, f"UPDATE sale_rows SET number_ = {number} WHERE id_ = {LAST}").finding
    assert finding is not None
    assert finding.count == 1


def test_numbers_in_order_hold(asked: Asked) -> None:
    assert asked(CHECK).outcome == "passed"


@pytest.mark.parametrize(
    "numbers",
    [
        pytest.param({"1-0401-9": "12-3", "1-0401-8": "1-23"}, id="the sales of two tills"),
        pytest.param({"1-0401-9": "0012", "2-0401-8": "12", "1-0401-7": "31", "2-0401-7": "31"}, id="branch by branch"),
    ],
)
def test_numbers_that_people_tell_apart_hold(asked: Asked, numbers: dict[str, str]) -> None:
    renumbered = [f"UPDATE sale_rows SET number_ = '{new}' WHERE number_ = '{old}'" for old, new in numbers.items()]
    assert asked(CHECK, *renumbered).outcome == "passed"


def test_numbers_that_are_told_apart_by_a_sign_are_meant(asked: Asked) -> None:
    signs = "substr('----------', 1, id_ % 9 + 1) || id_ / 9"
    assert asked(CHECK, f"UPDATE sale_rows SET number_ = {signs} WHERE {TODAY}").outcome == "passed"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("HAR-2026-000531", "har–2026–531 ", True),
        ("A.1", "A-1", True),
        ("A-10", "A-1", False),
        ("A-1-0", "A-10", True),
        ("12-3", "1-23", False),
        ("2026-012", "2026-12", True),
        ("100", "10", False),
        ("R 05", "R 5", True),
        ("٠٠٥", "005", False),
    ],
)
def test_what_people_take_for_the_same(one: str, other: str, same: bool) -> None:
    assert (as_people_take_it(one) == as_people_take_it(other) and not are_told_apart(one, other)) is same
