"""Is anything stuck on its way: a draft, an order, a step, a job?"""

from __future__ import annotations

import pytest

from hypercare.escalation.troubles import OF_ITEM
from hypercare.operations.jobs import Jobs
from hypercare.operations.production import Production
from hypercare.operations.sales import Sales
from hypercare.outcome.durations import exact_duration
from hypercare.outcome.expect import expect_none
from hypercare.sales_and_production.usual_waits import UsualWaits
from hypercare.stability.late_jobs import jobs_begun_late
from hypercare.target_file.config import LimitsSection

pytestmark = pytest.mark.item("ops.workflows")

# Looked at by the evening round too, for another item: what is stuck is one incident all the same.
ONE_TROUBLE = f"{OF_ITEM}ops.workflows"
WORKER = "Look at the job worker's log, mend the cause, then run the jobs below again."


def test_no_draft_is_forgotten(sales: Sales, limits: LimitsSection) -> None:
    expect_none(
        sales.drafts().where_older_than(limits.draft_age),
        lambda found: (
            f"{found.count} of {found.of} drafts are older than {exact_duration(limits.draft_age)}; "
            f"{found.money} may not have been sold."
        ),
        next_step="Ask who entered the drafts below whether the customer bought.",
    )


@pytest.mark.item("ops.workflows", "production.match-sales")
def test_sales_made_to_order_have_their_order(sales: Sales, limits: LimitsSection) -> None:
    expect_none(
        sales.finalised().where_production_order_is_missing(limits.order_without_steps),
        lambda found: (
            f"{found.count} of {found.of} final sales of something made to order have no production order, "
            "so nobody works on them; "
            f"{found.money} was paid."
        ),
        next_step="Open the orders by hand, and find out why they were not opened by themselves.",
        cause=ONE_TROUBLE,
    )


def test_orders_have_steps(production: Production, limits: LimitsSection) -> None:
    expect_none(
        production.orders_without_steps(limits.order_without_steps),
        lambda found: f"{found.count} of {found.of} production orders have no step, so nobody can work on them.",
        next_step="Give the orders below their steps, and find out why they have none.",
    )


@pytest.mark.item("ops.workflows", "production.match-sales")
def test_orders_of_void_sales_are_cancelled(production: Production) -> None:
    expect_none(
        production.orders_of_void_sales(),
        lambda found: f"{found.count} of {found.of} production orders go on although their sale is void.",
        next_step="Stop the work on the orders below.",
        cause=ONE_TROUBLE,
    )


@pytest.mark.item("ops.workflows", "production.timely")
def test_steps_are_finished_some_day(production: Production, limits: LimitsSection) -> None:
    longest = UsualWaits(production.model).in_hand(limits.step_age)
    expect_none(
        production.steps_never_finished(longest),
        lambda found: (
            f"{found.count} of {found.of} production steps have been in hand for more than {exact_duration(longest)}."
        ),
        next_step="Ask production whether they are done and were not ticked off, or what holds them up.",
        cause=ONE_TROUBLE,
    )


@pytest.mark.item("ops.workflows", "production.timely")
def test_no_order_lies_about(production: Production, limits: LimitsSection) -> None:
    longest = UsualWaits(production.model).rest(limits.step_age)
    expect_none(
        production.orders_at_rest(longest),
        lambda found: (
            f"{found.count} of {found.of} production orders have not moved for more than {exact_duration(longest)}."
        ),
        next_step="Ask production what the orders below wait for.",
        cause=ONE_TROUBLE,
    )


def test_no_job_failed(jobs: Jobs) -> None:
    expect_none(
        jobs.failed(jobs.last_day),
        lambda found: f"{found.count} of {found.of} background jobs of the last day failed.",
        next_step=WORKER,
    )


def test_no_job_hangs(jobs: Jobs, limits: LimitsSection) -> None:
    expect_none(
        jobs.running_longer_than(limits.job_running),
        lambda found: (
            f"{found.count} of {found.of} running jobs have been at it for more than "
            f"{exact_duration(limits.job_running)}."
        ),
        next_step=WORKER,
    )


def test_no_job_is_left_waiting(jobs: Jobs, limits: LimitsSection) -> None:
    expect_none(
        jobs.not_begun_after(limits.job_waiting),
        lambda found: (
            f"{found.count} of {found.of} waiting jobs were due more than {exact_duration(limits.job_waiting)} ago."
        ),
        next_step=WORKER,
    )


def test_jobs_begin_when_they_are_due(jobs: Jobs) -> None:
    expect_none(
        jobs_begun_late(jobs.model),
        lambda found: (
            f"{found.count} of {found.of} kinds of job began far later, ten times today or more, than they ever did."
        ),
        next_step=WORKER,
    )


def test_waiting_jobs_do_not_pile_up(jobs: Jobs) -> None:
    expect_none(
        jobs.waiting_grown(),
        lambda found: f"{found.count} background jobs wait, several times as many as ever before at this hour.",
        next_step=WORKER,
    )


def test_drafts_do_not_pile_up(sales: Sales) -> None:
    expect_none(
        sales.drafts_grown(),
        lambda found: (
            f"{found.count} drafts lie about, several times as many as ever before at this hour: "
            "sales may not go through."
        ),
        next_step="Ask the branches whether a sale can be finalised, and try one.",
    )


def test_daily_jobs_were_done(jobs: Jobs) -> None:
    expect_none(
        jobs.expected_but_missing(),
        lambda found: (
            f"{found.count} of {found.of} kinds of job that run each day did not run when they were last due."
        ),
        next_step="Look at the scheduler, then run the jobs below by hand.",
    )


def test_states_of_jobs_are_known(jobs: Jobs) -> None:
    expect_none(
        jobs.in_a_strange_state(),
        lambda found: f"{found.count} of {found.of} background jobs are in an unknown state.",
        next_step="Find out what the state means and map it, or mend the jobs below.",
    )
