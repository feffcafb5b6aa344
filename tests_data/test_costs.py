"""Are costs there, plausible, on the right order, and within its budget?"""

from __future__ import annotations

import pytest

from hypercare.costs import Costs
from hypercare.outcome.durations import exact_duration
from hypercare.outcome.expect import expect_none
from hypercare.target_file.config import LimitsSection

pytestmark = pytest.mark.item("verify.costs")

SLIPS = "Compare the costs below with the slips of production and ask who entered them."


def test_costs_are_more_than_nothing(costs: Costs) -> None:
    expect_none(
        costs.where_not_positive(),
        lambda found: f"{found.count} of {found.of} costs are nothing or less than nothing, {found.money} in all.",
        next_step=SLIPS,
    )


def test_costs_are_plausible(costs: Costs, limits: LimitsSection) -> None:
    expect_none(
        costs.where_far_above_the_usual(limits.cost_times_usual),
        lambda found: (
            f"{found.count} of {found.of} costs are more than {limits.cost_times_usual:g} "
            f"times what is usual for their kind, {found.money} in all."
        ),
        next_step=SLIPS,
    )


@pytest.mark.item("verify.costs", "focus.cross-module")
def test_costs_are_on_an_order_that_exists(costs: Costs) -> None:
    expect_none(
        costs.where_on_no_order(),
        lambda found: (
            f"{found.count} of {found.of} costs are on no order, or on one that does not exist; {found.money} in all."
        ),
        next_step=SLIPS,
    )


def test_costs_come_after_their_order(costs: Costs) -> None:
    expect_none(
        costs.where_before_the_order(),
        lambda found: (
            f"{found.count} of {found.of} costs were entered before their order was opened: "
            f"they are on the wrong one; {found.money} in all."
        ),
        next_step=SLIPS,
    )


def test_costs_are_not_on_cancelled_orders(costs: Costs) -> None:
    expect_none(
        costs.where_order_was_cancelled(),
        lambda found: (
            f"{found.count} of {found.of} costs were entered after their order was cancelled; {found.money} in all."
        ),
        next_step=SLIPS,
    )


def test_costs_are_entered_in_the_branch_of_the_order(costs: Costs) -> None:
    expect_none(
        costs.where_in_another_branch(),
        lambda found: (
            f"{found.count} of {found.of} costs were entered from another branch than their order's; "
            f"{found.money} in all."
        ),
        next_step=SLIPS,
    )


def test_costs_name_a_step_of_their_own_order(costs: Costs) -> None:
    expect_none(
        costs.where_step_is_of_another_order(),
        lambda found: f"{found.count} of {found.of} costs name a step of another order; {found.money} in all.",
        next_step=SLIPS,
    )


def test_costs_are_for_work_that_was_begun(costs: Costs) -> None:
    expect_none(
        costs.where_step_was_not_begun(),
        lambda found: f"{found.count} of {found.of} costs are for a step that nobody has begun; {found.money} in all.",
        next_step=SLIPS,
    )


def test_no_cost_is_of_the_future(costs: Costs) -> None:
    expect_none(
        costs.where_dated_in_the_future(),
        lambda found: f"{found.count} of {found.of} costs are dated later than now; {found.money} in all.",
        next_step="Look at the clock of the server and of the device that entered them.",
    )


def test_orders_stay_within_their_budget(costs: Costs) -> None:
    expect_none(
        costs.where_over_budget(),
        lambda found: (
            f"{found.count} of {found.of} production orders have cost more than their budget, by {found.money}."
        ),
        next_step="Look for a cost that is too large or on the wrong order; then talk to production.",
    )


@pytest.mark.item("verify.costs", "production.costs", "production.completion")
def test_orders_done_have_costs(costs: Costs) -> None:
    expect_none(
        costs.orders_done_without_costs(),
        lambda found: f"{found.count} of {found.of} completed production orders have no cost at all.",
        next_step="Ask production for the slips of the orders below.",
    )


def test_no_cost_was_entered_twice(costs: Costs, limits: LimitsSection) -> None:
    within = limits.same_sale_within
    expect_none(
        costs.duplicates.within(within),
        lambda found: (
            f"{found.count} of {found.of} costs are the same as another on their order "
            f"within {exact_duration(within)}; "
            f"{found.money} may have been entered twice."
        ),
        next_step=SLIPS,
    )


def test_no_new_cost_is_dated_before_go_live(costs: Costs) -> None:
    expect_none(
        costs.backdated.found(),
        lambda found: (
            f"{found.count} costs entered since go-live are dated before it, so no figure counts them; {found.money}."
        ),
        next_step="Give the costs below their own day, and look at the clock of the device that entered them.",
    )
