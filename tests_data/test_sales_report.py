"""Are the sales of today as such days are: in number and amount, of each branch, by each way of payment?"""

from __future__ import annotations

import pytest

from hypercare.fixtures import Figure
from hypercare.operations.sales import Sales
from hypercare.outcome.expect import ask_about, expect_none
from hypercare.outcome.level import Level
from hypercare.plan.calendar import Period
from hypercare.sales_and_production.finalised_activity import final_sales_that_nobody_made_final
from hypercare.sales_and_production.generous import giving_everybody_a_discount
from hypercare.sales_and_production.missing_in_branch import missing_in_one_branch
from hypercare.sales_and_production.sale_breakdown import SaleBreakdown
from hypercare.sales_and_production.unusual_amounts import UnusualAmounts
from hypercare.sales_and_production.unusual_quantities import UnusualQuantities
from hypercare.sales_and_production.usual_sales import UsualSales
from hypercare.target_file.config import LimitsSection

RECEIPTS = "Compare the sales below with their receipts, and ask who entered them."


@pytest.mark.item("sales.figures")
def test_every_way_of_payment_is_used(sales: Sales, today: Period, limits: LimitsSection, figure: Figure) -> None:
    figure("payments_by_method", SaleBreakdown(sales.model).paid_by_method(today))
    expect_none(
        UsualSales(sales.model, sales.seals, limits.pace_lowest).ways_of_payment_without_any(),
        lambda found: (
            f"By {found.count} of {found.of} ways of payment nothing was paid today, though people always pay so."
        ),
        next_step="Ask at the counter whether the terminal works, and whether people enter how they were paid.",
    )


@pytest.mark.item("sales.branches")
def test_no_branch_lacks_what_it_has_every_day(sales: Sales) -> None:
    ask_about(
        missing_in_one_branch(sales.model),
        lambda found: (
            f"{found.count} thing(s) that a branch has every day are missing there, though the rest came in as ever. "
            "Is that meant?"
        ),
    )


@pytest.mark.item("sales.amounts")
def test_nobody_gives_a_discount_to_everybody(sales: Sales) -> None:
    ask_about(
        giving_everybody_a_discount(sales.model),
        lambda found: (
            f"{found.count} of {found.of} people or branches gave a discount on nearly everything today, which nobody "
            "else does. Was that agreed?"
        ),
    )


@pytest.mark.item("sales.branches")
def test_each_branch_sells_as_on_such_days(sales: Sales, limits: LimitsSection) -> None:
    expect_none(
        UsualSales(sales.model, sales.seals, limits.pace_lowest).branches_unlike_themselves(),
        lambda found: f"{found.count} of {found.of} branches have made far fewer sales than usual today, or far more.",
        next_step="Ask the branches below whether these sales are theirs, and whether any are on paper.",
        level=Level.L2,
    )


@pytest.mark.item("sales.match-activity")
def test_sales_made_final_are_in_the_activity_log(sales: Sales) -> None:
    expect_none(
        final_sales_that_nobody_made_final(sales.model),
        lambda found: (
            f"{found.count} of {found.of} sales that became final in the last three days were made final by nobody "
            "whom the activity log knows of."
        ),
        next_step="Ask who changed the sales below past the application.",
    )


@pytest.mark.item("sales.amounts")
def test_no_sale_comes_to_less_than_nothing(sales: Sales) -> None:
    expect_none(
        UnusualAmounts(sales.model, sales.seals).below_nothing(),
        lambda found: (
            f"{found.count} of {found.of} new final sales come to less than nothing, unlike all before but for one at "
            f"most; {found.money} in all."
        ),
        next_step=RECEIPTS,
    )


@pytest.mark.item("sales.amounts")
def test_no_sale_comes_to_nothing(sales: Sales) -> None:
    expect_none(
        UnusualAmounts(sales.model, sales.seals).for_nothing(),
        lambda found: (
            f"{found.count} of {found.of} new final sales come to nothing, which no more than one ever did before."
        ),
        next_step="Ask who made the sales below whether they were exchanged or given away, or lack a price.",
        level=Level.L1,
    )


@pytest.mark.item("sales.amounts")
def test_no_discount_is_far_beyond_all_others(sales: Sales) -> None:
    expect_none(
        UnusualAmounts(sales.model, sales.seals).discounted_as_none_before(),
        lambda found: (
            f"{found.count} of {found.of} lines of new sales have a discount far beyond any that was given before."
        ),
        next_step="Ask who gave the discounts below, and who allowed them.",
    )


@pytest.mark.item("sales.amounts")
def test_no_quantity_is_far_beyond_all_others(sales: Sales) -> None:
    expect_none(
        UnusualQuantities(sales.model, sales.seals).beyond_any_before(),
        lambda found: (
            f"{found.count} of {found.of} lines of new sales are of ten times the largest quantity ever sold, or more."
        ),
        next_step=RECEIPTS,
    )


@pytest.mark.item("sales.amounts")
def test_the_sale_in_the_middle_is_as_on_other_days(sales: Sales) -> None:
    expect_none(
        UnusualAmounts(sales.model, sales.seals).day_unlike_others(),
        lambda found: (
            f"Half of the {found.of} sales of today come to three times what is usual or more, or to a third or less."
        ),
        next_step="Compare prices, tax and currency of today with those of yesterday: a list or a rate may be wrong.",
    )
