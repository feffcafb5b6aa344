"""Is anything sold that agrees with itself and is hardly meant?"""

from __future__ import annotations

import pytest

from hypercare.operations.sales import Sales
from hypercare.operations.switched_off import SwitchedOff
from hypercare.operations.usual_prices import FAR
from hypercare.outcome.expect import expect_none
from hypercare.outcome.level import Level

pytestmark = pytest.mark.item("verify.sales-totals")

RECEIPTS = "Compare the sales below with their receipts, and ask who entered them."


@pytest.mark.item("verify.sales-totals", "sales.amounts")
def test_final_sales_are_of_something(sales: Sales) -> None:
    expect_none(
        sales.unusual.of_nothing(),
        lambda found: (
            f"{found.count} of {found.of} final sales are of nothing: "
            f"they have no line, or none of any quantity; {found.money} in all."
        ),
        next_step="Ask what was sold, and whether the lines were lost; else void the sales below.",
        level=Level.L2,
    )


@pytest.mark.item("verify.sales-totals", "sales.amounts")
def test_nothing_was_given_away(sales: Sales) -> None:
    expect_none(
        sales.unusual.given_away(),
        lambda found: (
            f"{found.count} of {found.of} lines sold since yesterday evening are of sales given away whole, "
            f"which was hardly ever done; {found.money} was their price."
        ),
        next_step="Ask who gave the discount below, and who allowed it.",
        level=Level.L2,
    )


def test_no_product_is_sold_that_is_switched_off(switched_off: SwitchedOff) -> None:
    expect_none(
        switched_off.sold(),
        lambda found: (
            f"{found.count} of {found.of} lines sold since yesterday "
            "evening are of products that were switched off before."
        ),
        next_step="Ask why the products below are still to be had: where they are kept, a list may be stale.",
        level=Level.L2,
    )


@pytest.mark.item("verify.sales-totals", "sales.amounts")
def test_products_are_sold_at_their_usual_price(sales: Sales) -> None:
    expect_none(
        sales.prices.sold_far_from_it(),
        lambda found: (
            f"{found.count} of {found.of} lines sold since yesterday evening are at {FAR} "
            f"times the usual price of their product, or at 1/{FAR} of it; {found.money} apart."
        ),
        next_step=RECEIPTS,
        level=Level.L2,
    )


def test_products_are_listed_at_their_usual_price(sales: Sales) -> None:
    expect_none(
        sales.prices.listed_far_from_it(),
        lambda found: (
            f"{found.count} of {found.of} products are listed at a price far from what they have been sold at."
        ),
        next_step="Ask who changed the price of the products below; the next sale will be made at it.",
        level=Level.L2,
    )


def test_no_new_sale_is_dated_before_go_live(sales: Sales) -> None:
    expect_none(
        sales.backdated.found(),
        lambda found: (
            f"{found.count} sales entered since go-live are dated before it, so no figure counts them; {found.money}."
        ),
        next_step="Look at the clock of the device that entered them, and give the sales below their own day.",
        level=Level.L2,
    )
