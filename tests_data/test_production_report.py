"""Does production agree with what was sold, is it in time, and is what is done complete and costed?"""

from __future__ import annotations

import pytest

from hypercare.operations.production import Production
from hypercare.outcome.expect import ask_about, expect_none
from hypercare.sales_and_production.lacking_steps import orders_under_way_lacking_a_step
from hypercare.sales_and_production.late_production import LateProduction
from hypercare.sales_and_production.order_promises import OrderPromises
from hypercare.sales_and_production.orders_beside_sales import OrdersBesideSales
from hypercare.sales_and_production.work_done import WorkDone

OF_WHICH_SALE = "Ask who opened the orders below which sale they are for."


@pytest.mark.item("production.match-sales")
def test_orders_are_for_a_sale(production: Production) -> None:
    expect_none(
        OrdersBesideSales(production.model).of_no_sale(),
        lambda found: f"{found.count} of {found.of} production orders are for no sale, so nobody pays for them.",
        next_step=OF_WHICH_SALE,
    )


@pytest.mark.item("production.match-sales")
def test_orders_are_for_a_sale_that_is_final(production: Production) -> None:
    expect_none(
        OrdersBesideSales(production.model).of_a_draft(),
        lambda found: f"{found.count} of {found.of} production orders are worked on although their sale is a draft.",
        next_step="Make the sales final, or stop the work on the orders below.",
    )


@pytest.mark.item("production.match-sales")
def test_orders_are_for_what_is_made_to_order(production: Production) -> None:
    expect_none(
        OrdersBesideSales(production.model).of_what_is_not_made_to_order(),
        lambda found: f"{found.count} of {found.of} production orders are for a sale of nothing that is made to order.",
        next_step=OF_WHICH_SALE,
    )


@pytest.mark.item("production.timely")
def test_orders_are_done_by_their_day(production: Production) -> None:
    expect_none(
        LateProduction(production.model).past_their_day(),
        lambda found: f"{found.count} of {found.of} production orders should have been done before today.",
        next_step="Tell the customers of the orders below, and ask production when they will be done.",
    )


@pytest.mark.item("production.timely")
def test_no_order_is_due_before_it_was_opened(production: Production) -> None:
    expect_none(
        OrderPromises(production.model).due_before_opened(),
        lambda found: f"{found.count} of {found.of} production orders are due on a day before they were opened.",
        next_step="Ask who opened the orders below which day was meant, lest nobody hears of it when they are late.",
    )


@pytest.mark.item("production.timely")
def test_no_order_is_due_far_later_than_others(production: Production) -> None:
    ask_about(
        OrderPromises(production.model).due_far_away(),
        lambda found: (
            f"{found.count} of {found.of} production orders are due months later than all others. Is that day meant?"
        ),
    )


@pytest.mark.item("production.completion", "ops.workflows")
def test_no_order_under_way_lacks_a_step_that_all_others_have(production: Production) -> None:
    ask_about(
        orders_under_way_lacking_a_step(production.model),
        lambda found: (
            f"{found.count} of {found.of} production orders under way lack a step that all others have. Is that meant?"
        ),
    )


@pytest.mark.item("verify.costs")
def test_budgets_are_within_what_orders_are_sold_for(production: Production) -> None:
    expect_none(
        OrderPromises(production.model).budgeted_beyond_their_sale(),
        lambda found: (
            f"{found.count} of {found.of} production orders may cost more than twice what they are sold for, "
            "so nobody will notice when they cost too much."
        ),
        next_step="Ask who set the budgets below; a point may be in the wrong place.",
    )


@pytest.mark.item("production.timely")
def test_no_step_is_in_hand_far_longer_than_such_steps_take(production: Production) -> None:
    expect_none(
        LateProduction(production.model).in_hand_too_long(),
        lambda found: (
            f"{found.count} of {found.of} production steps in hand have taken three times as long as any such step did."
        ),
        next_step="Ask production whether the steps below are done and were not ticked off, or what they wait for.",
    )


@pytest.mark.item("production.costs")
def test_steps_done_have_their_costs(production: Production) -> None:
    expect_none(
        WorkDone(production.model).steps_without_costs(),
        lambda found: (
            f"{found.count} of {found.of} production steps were done without any cost, which such steps have."
        ),
        next_step="Ask production for the slips of the steps below.",
    )


@pytest.mark.item("production.completion")
def test_completed_orders_have_every_step(production: Production) -> None:
    expect_none(
        WorkDone(production.model).orders_that_lack_a_step(),
        lambda found: f"{found.count} of {found.of} orders completed lately lack a step that all others have had.",
        next_step="Ask production whether the step was left out, or was never entered.",
    )


@pytest.mark.item("focus.cross-module")
def test_orders_cost_less_than_they_were_sold_for(production: Production) -> None:
    expect_none(
        OrdersBesideSales(production.model).dearer_than_their_sale(),
        lambda found: (
            f"{found.count} of {found.of} completed orders have cost more than they were sold for, by {found.money}."
        ),
        next_step="Compare the costs of the orders below with their slips, and their sales with the receipts.",
    )
