"""Is the progress that production shows the progress it made?"""

from __future__ import annotations

import pytest

from hypercare.operations.production import Production
from hypercare.outcome.expect import expect_none

pytestmark = pytest.mark.item("verify.production-progress")

FLOOR = "Go to production with the orders below and see how far they are."
CLOCKS = "Compare with what the floor says, then look at the clocks of the server and of the devices."


def test_progress_shown_is_progress_made(production: Production) -> None:
    expect_none(
        production.orders_whose_progress_differs_from_their_steps(),
        lambda found: f"{found.count} of {found.of} production orders show another progress than their steps.",
        next_step=FLOOR,
    )


@pytest.mark.item("verify.production-progress", "production.completion")
def test_orders_done_have_every_step_done(production: Production) -> None:
    expect_none(
        production.orders_done_with_a_step_open(),
        lambda found: f"{found.count} of {found.of} production orders count as done although a step is open.",
        next_step=FLOOR,
    )


@pytest.mark.item("verify.production-progress", "production.completion")
def test_orders_with_every_step_done_are_done(production: Production) -> None:
    expect_none(
        production.orders_open_with_every_step_done(),
        lambda found: f"{found.count} of {found.of} production orders are not done although every step is.",
        next_step=FLOOR,
    )


def test_orders_not_begun_have_no_step_begun(production: Production) -> None:
    expect_none(
        production.orders_not_begun_with_a_step_begun(),
        lambda found: f"{found.count} of {found.of} production orders count as not begun although a step was.",
        next_step=FLOOR,
    )


def test_orders_in_progress_have_a_step_begun(production: Production) -> None:
    expect_none(
        production.orders_begun_with_no_step_begun(),
        lambda found: f"{found.count} of {found.of} production orders count as in progress although no step was begun.",
        next_step=FLOOR,
    )


@pytest.mark.item("verify.production-progress", "production.completion")
def test_orders_are_completed_at_a_possible_time(production: Production) -> None:
    expect_none(
        production.orders_completed_at_a_wrong_time(),
        lambda found: (
            f"{found.count} of {found.of} production orders were completed before their last step, "
            "before they were opened, in the future or at no time."
        ),
        next_step=CLOCKS,
    )


@pytest.mark.item("verify.production-progress", "production.completion")
def test_steps_go_in_their_order(production: Production) -> None:
    expect_none(
        production.steps_out_of_order(),
        lambda found: (
            f"{found.count} of {found.of} production steps were begun before the step ahead of them was done."
        ),
        next_step=FLOOR,
    )


def test_steps_are_finished_after_they_began(production: Production) -> None:
    expect_none(
        production.steps_finished_before_they_began(),
        lambda found: f"{found.count} of {found.of} production steps were finished before they began.",
        next_step=CLOCKS,
    )


def test_steps_begin_after_their_order(production: Production) -> None:
    expect_none(
        production.steps_begun_before_their_order(),
        lambda found: f"{found.count} of {found.of} production steps began before their order was opened.",
        next_step=CLOCKS,
    )


def test_no_step_is_of_the_future(production: Production) -> None:
    expect_none(
        production.steps_dated_in_the_future(),
        lambda found: f"{found.count} of {found.of} production steps were begun or finished later than now.",
        next_step=CLOCKS,
    )


def test_dates_and_state_of_a_step_agree(production: Production) -> None:
    expect_none(
        production.steps_whose_dates_deny_their_state(),
        lambda found: (
            f"{found.count} of {found.of} production steps say one thing by their state and another by their dates."
        ),
        next_step=FLOOR,
    )


def test_nothing_moves_on_cancelled_orders(production: Production) -> None:
    expect_none(
        production.steps_moved_after_cancellation(),
        lambda found: f"{found.count} of {found.of} production steps moved after their order was cancelled.",
        next_step="Stop the work on the orders below, or take the cancellation back.",
    )


def test_states_of_orders_are_known(production: Production) -> None:
    expect_none(
        production.orders_in_a_strange_state(),
        lambda found: (
            f"{found.count} of {found.of} production orders are in an unknown state, so no figure counts them."
        ),
        next_step="Find out what the state means and map it, or mend the orders below.",
    )


def test_states_of_steps_are_known(production: Production) -> None:
    expect_none(
        production.steps_in_a_strange_state(),
        lambda found: (
            f"{found.count} of {found.of} production steps are in an unknown state, so no figure counts them."
        ),
        next_step="Find out what the state means and map it, or mend the steps below.",
    )
