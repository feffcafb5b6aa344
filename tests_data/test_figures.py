"""The figures of the day: read, plausible, and the same by a second witness."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

import pytest

from hypercare.costs import Costs
from hypercare.fixtures import Figure
from hypercare.hourly import Hourly
from hypercare.operations.activity import ActivityLog
from hypercare.operations.pace import usual_by_now
from hypercare.operations.production import Production
from hypercare.operations.sales import Sales
from hypercare.outcome.currency import money_in_words
from hypercare.outcome.expect import expect, expect_none
from hypercare.outcome.series import TellSeries
from hypercare.plan.calendar import Period
from hypercare.sales_and_production.sale_breakdown import SaleBreakdown
from hypercare.target_file.config import LimitsSection

SEEN = "Ask who deleted or imported records past the application."
AT_WORK = "Ask the branches whether they work in the system today."


@pytest.mark.item("summary.sales-created", "sales.figures")
def test_sales_created_today(
    sales: Sales, today: Period, limits: LimitsSection, hourly: Hourly, figure: Figure, series: TellSeries
) -> None:
    created = sales.created(today).count
    figure("sales_created", created)
    hours = hourly.of("sales entered")
    found = SaleBreakdown(sales.model).by_state_and_hour(hours.periods)
    figure("sales_by_state", found.by_state(since=today.start))
    if found.tells_hours:
        series("sales_by_hour", hours.series("Sales entered", {"sales": found.by_hour()}))
    if created == 0:
        expect_little_is_usual(sales.pace().expected, limits, "No sale was entered today")


@pytest.mark.item("summary.sales-created", "sales.figures")
def test_sales_finalised_today(sales: Sales, today: Period, limits: LimitsSection, figure: Figure) -> None:
    finalised = sales.finalised(today)
    by_branch = finalised.by_branch()
    amount = sum((one for _, one in by_branch.values()), Decimal(0))
    many = sum(many for many, _ in by_branch.values())
    figure("sales_finalised", many)
    figure("sales_amount", amount)
    figure("sales_amount_by_branch", by_word({branch: one for branch, (_, one) in by_branch.items()}, sales))
    if sales.model.has("sale", "voided_at"):
        figure("sales_voided", sales.voided(today).count)
    # A day on which more is taken back than sold is a day like others, unless it took back what was never sold.
    if amount < 0 and many >= limits.pace_least_expected and sales.come_to_more_by_now():
        expect_none(
            sales.refunds_beyond_any_sale(today),
            f"The sales finalised today come to less than nothing: {money_in_words(amount, sales.model.currency)}.",
            next_step="Look for a refund or a correction that is far too large.",
        )


@pytest.mark.item("summary.sales-created", "sales.match-activity")
def test_sales_created_are_in_the_activity_log(activity: ActivityLog) -> None:
    expect_none(
        activity.records_without_trace("sale", "sale.create", activity.unseen),
        lambda found: (
            f"{found.count} of {found.of} sales entered since yesterday evening are unknown to the activity log."
        ),
        next_step=SEEN,
    )


@pytest.mark.item("summary.sales-created", "sales.match-activity")
def test_sales_in_the_activity_log_are_there(activity: ActivityLog) -> None:
    expect_none(
        activity.traces_without_record("sale", "sale.create", activity.unseen, unless="sale.delete"),
        lambda found: (
            f"{found.count} of {found.of} sales that people entered since yesterday evening are gone, "
            "and nobody deleted them."
        ),
        next_step=SEEN,
    )


@pytest.mark.item("summary.steps-updated", "production.figures")
def test_steps_updated_today(production: Production, today: Period, limits: LimitsSection, figure: Figure) -> None:
    updated = production.steps_updated(today)
    figure("steps_updated", updated)
    if production.model.has("step", "finished_at"):
        figure("steps_completed", production.steps_completed(today))
    if updated == 0:
        expect_little_is_usual(production.pace().expected, limits, "No production step was updated today")


@pytest.mark.item("summary.steps-updated", "focus.production-updates")
def test_steps_updated_are_in_the_activity_log(activity: ActivityLog) -> None:
    expect_none(
        activity.records_without_trace("step", "step.update", activity.unseen),
        lambda found: (
            f"{found.count} of {found.of} production steps updated "
            "since yesterday evening are unknown to the activity log."
        ),
        next_step=SEEN,
    )


@pytest.mark.item("summary.orders-completed", "production.figures")
def test_orders_completed_today(production: Production, today: Period, limits: LimitsSection, figure: Figure) -> None:
    completed = production.orders_completed(today)
    figure("orders_completed", completed)
    figure("orders_created", production.orders_created(today))
    if completed == 0:
        expect_little_is_usual(
            usual_by_now(production.model, production.orders_completed),
            limits,
            "No production order was completed today",
        )


@pytest.mark.item("summary.orders-completed", "production.completion")
def test_orders_completed_have_their_steps_done(production: Production, today: Period, limits: LimitsSection) -> None:
    expect_none(
        production.completion.denied_by_steps(today, limits.order_completion),
        lambda found: (
            f"{found.count} of {found.of} production orders count as "
            "completed on another day than their steps say, or not at all."
        ),
        next_step="Compare the orders below with their steps: one was completed, or left open, by mistake.",
    )


@pytest.mark.item("summary.costs-entered", "production.figures")
def test_costs_entered_today(costs: Costs, today: Period, limits: LimitsSection, figure: Figure) -> None:
    many, amount = costs.entered(today)
    figure("costs_entered", many)
    figure("costs_amount", amount)
    if amount < 0 and many >= limits.pace_least_expected:
        expect_none(
            costs.corrections_beyond_any_cost(today),
            f"The costs entered today come to less than nothing: {money_in_words(amount, costs.model.currency)}.",
            next_step="Look for a correction that is far too large.",
        )
    if many == 0:
        expect_little_is_usual(
            usual_by_now(costs.model, lambda period: costs.entered(period)[0]), limits, "No cost was entered today"
        )


@pytest.mark.item("summary.costs-entered")
def test_costs_entered_are_in_the_activity_log(activity: ActivityLog) -> None:
    expect_none(
        activity.records_without_trace("cost", "cost.enter", activity.unseen),
        lambda found: (
            f"{found.count} of {found.of} costs entered since yesterday evening are unknown to the activity log."
        ),
        next_step=SEEN,
    )


@pytest.mark.item("summary.costs-entered")
def test_costs_in_the_activity_log_are_there(activity: ActivityLog) -> None:
    expect_none(
        activity.traces_without_record("cost", "cost.enter", activity.unseen),
        lambda found: f"{found.count} of {found.of} costs that people entered since yesterday evening are gone.",
        next_step=SEEN,
    )


@pytest.mark.item("summary.costs-entered", "production.costs")
def test_every_producing_branch_enters_its_costs(costs: Costs) -> None:
    expect_none(
        costs.branches_that_enter_none(),
        lambda found: (
            f"{found.count} of {found.of} branches have entered no cost today, where they always did by this hour."
        ),
        next_step="Ask production in the branches below for the slips of today.",
    )


def expect_little_is_usual(usual: float, limits: LimitsSection, nothing: str) -> None:
    """Where nothing was done today: what is usual by now is asked only then, since it takes the days before."""
    expect(
        usual < limits.pace_least_expected,
        f"{nothing}, where {usual:.0f} are usual by this hour.",
        count=0,
        next_step=AT_WORK,
    )


def by_word(amounts: Mapping[object, Decimal], sales: Sales) -> Mapping[str, Decimal]:
    """Branches that people call the same come together, so that the parts are the whole."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for branch, amount in amounts.items():
        found[sales.model.branch_word(branch)] += amount
    return dict(found)
