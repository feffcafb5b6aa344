"""Does the system say what the branches wrote down by hand?"""

from __future__ import annotations

import pytest

from hypercare.operations.sales import Sales
from hypercare.outcome.expect import expect_none
from hypercare.sales_and_production.handed_in_sheets import HandedInSheets


@pytest.mark.item("focus.manual-records")
def test_sheets_handed_in_agree_with_the_sales(sales: Sales) -> None:
    expect_none(
        HandedInSheets(sales.model).unlike_the_sales(),
        lambda found: (
            f"{found.count} of {found.of} day sheets that branches handed in as files differ from the sales of the "
            f"system, by {found.money}."
        ),
        next_step="Go through the days below with their branch, receipt by receipt.",
    )


@pytest.mark.item("focus.production-updates")
def test_sheets_of_the_floor_agree_with_the_production(sales: Sales) -> None:
    expect_none(
        HandedInSheets(sales.model).unlike_the_production(),
        lambda found: f"{found.count} of {found.of} sheets of the production floor tell of other work than the system.",
        next_step="Go through the days below with production: was a step done and not ticked off?",
    )
