"""Are the first sales that each branch and each person made right in every detail?"""

from __future__ import annotations

import pytest

from hypercare.fixtures import Figure
from hypercare.operations.sales import Sales
from hypercare.outcome.expect import expect_none
from hypercare.sales_and_production.first_sales import FirstSales


@pytest.mark.item("focus.first-sales")
def test_first_sales_are_right_in_every_detail(
    sales: Sales, branches_in_focus: frozenset[str] | None, figure: Figure
) -> None:
    first_sales = FirstSales(sales.model, branches_in_focus)
    figure("first_sales_looked_at", first_sales.many)
    expect_none(
        first_sales.wrong_in_a_detail(),
        lambda found: (
            f"{found.count} of {found.of} sales that were the first of a branch or a person are wrong in a detail."
        ),
        next_step="Sit down with whoever made the sales below, and go through one of them together.",
    )
