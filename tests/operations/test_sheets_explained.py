"""Day sheets that differ since sales lie in a wrong branch come down to those; other gaps stand for themselves."""

from __future__ import annotations

import pytest

from tests.operations.checking import Asked

SHEETS = "sales.manual_records_agree"
BESIDE_THE_MAKER = "branches.records_are_in_the_branch_of_who_made_them"
BESIDE_THE_CUSTOMER = "branches.sales_are_in_the_branch_of_their_customer"
SWAPPED = (
    "UPDATE sale_rows SET branch_ = 2 WHERE number_ = '1-0330-3'",
    "UPDATE sale_rows SET branch_ = 1 WHERE number_ = '2-0330-4'",
)
ONE_MOVED = SWAPPED[:1]


@pytest.mark.parametrize("statements", [SWAPPED, ONE_MOVED], ids=["two swapped", "one moved"])
def test_what_lies_in_a_wrong_branch_is_what_is_wrong_with_the_sheets(
    asked: Asked, statements: tuple[str, ...]
) -> None:
    sheets, told = asked(SHEETS, *statements).finding, asked(BESIDE_THE_MAKER, *statements).finding
    assert sheets is not None and told is not None
    assert sheets.concerns
    assert set(sheets.concerns) <= set(told.concerns)
    assert told.rank > sheets.rank


def test_the_customers_branch_tells_as_well(asked: Asked) -> None:
    of_the_other = ("UPDATE sale_rows SET created_by_ = NULL WHERE number_ IN ('1-0330-3', '2-0330-4')", *SWAPPED)
    sheets, told = asked(SHEETS, *of_the_other).finding, asked(BESIDE_THE_CUSTOMER, *of_the_other).finding
    assert sheets is not None and told is not None
    assert sheets.concerns
    assert set(sheets.concerns) <= set(told.concerns)


@pytest.mark.parametrize(
    "besides",
    [
        "UPDATE manual_record_rows SET amount_ = amount_ + 0.01 WHERE branch_ = 1 AND day_ = '2026-03-30'",
        "UPDATE manual_record_rows SET count_ = count_ + 1 WHERE branch_ = 2 AND day_ = '2026-03-30'",
    ],
    ids=["a cent", "a sale"],
)
def test_a_gap_that_they_do_not_account_for_is_told_by_itself(asked: Asked, besides: str) -> None:
    sheets = asked(SHEETS, *SWAPPED, besides).finding
    assert sheets is not None
    assert not sheets.concerns


def test_a_gap_without_a_sale_in_a_wrong_branch_is_told_by_itself(asked: Asked) -> None:
    sheets = asked(
        SHEETS, "UPDATE manual_record_rows SET amount_ = amount_ + 5 WHERE branch_ = 1 AND day_ = '2026-03-30'"
    )
    assert sheets.finding is not None
    assert not sheets.finding.concerns
