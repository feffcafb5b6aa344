"""What can go wrong with production orders, their steps and their costs."""

from __future__ import annotations

from datetime import timedelta

from tests.operations.facts import AS_OF, Facts
from tests.operations.faults import fault

HOUR = timedelta(hours=1)


@fault("production.progress_shown_is_progress_made")
def an_order_shows_more_progress_than_was_made(facts: Facts) -> None:
    facts.last("production_order", state="done")["progress"] = 67


@fault(
    "production.orders_done_have_every_step_done",
    "production.progress_shown_is_progress_made",
    "figures.orders_completed_have_their_steps_done",
)
def an_order_is_done_with_a_step_in_hand(facts: Facts) -> None:
    order = facts.last("production_order", state="done")
    step = facts.one("step", order=order["id"], sequence=3)
    step["state"], step["finished_at"] = "started", None


@fault("production.orders_with_every_step_done_are_done")
def an_order_is_not_done_with_every_step_done_today(facts: Facts) -> None:
    order = facts.last("production_order", state="done")
    order["state"], order["completed_at"] = "in_progress", None


@fault("production.orders_with_every_step_done_are_done", "figures.orders_completed_have_their_steps_done")
def an_order_is_not_done_days_after_its_last_step(facts: Facts) -> None:
    order = facts.all("production_order", state="done")[-6]
    order["state"], order["completed_at"] = "in_progress", None


@fault("figures.orders_completed_have_their_steps_done")
def an_order_of_yesterday_counts_as_completed_today(facts: Facts) -> None:
    facts.all("production_order", state="done")[-3]["completed_at"] = AS_OF - HOUR


@fault("production.orders_not_begun_have_no_step_begun")
def an_order_is_not_begun_but_its_step_is(facts: Facts) -> None:
    facts.last("production_order", state="in_progress")["state"] = "open"


@fault("production.orders_in_progress_have_a_step_begun")
def an_order_is_in_progress_without_any(facts: Facts) -> None:
    facts.last("production_order", state="open")["state"] = "in_progress"


@fault("production.orders_are_completed_at_a_possible_time")
def an_order_was_completed_before_its_last_step(facts: Facts) -> None:
    facts.last("production_order", state="done")["completed_at"] -= timedelta(minutes=10)


@fault("production.steps_are_finished_after_they_began")
def a_step_was_finished_before_it_began(facts: Facts) -> None:
    step = facts.last("step", state="done", sequence=1)
    step["started_at"], step["finished_at"] = step["finished_at"], step["started_at"]


@fault("production.steps_go_in_their_order")
def a_step_began_before_the_one_ahead_was_done(facts: Facts) -> None:
    step = facts.last("step", state="done", sequence=2)
    ahead = facts.one("step", order=step["order"], sequence=1)
    step["started_at"] = ahead["finished_at"] - timedelta(minutes=1)


@fault(
    "production.no_step_is_of_the_future",
    "production.orders_are_completed_at_a_possible_time",
    "figures.orders_completed_have_their_steps_done",
)
def a_step_was_finished_in_the_next_century(facts: Facts) -> None:
    facts.last("step", state="done", sequence=3)["finished_at"] += timedelta(days=36500)


@fault("production.steps_begin_after_their_order")
def a_step_began_before_its_order(facts: Facts) -> None:
    step = facts.last("step", state="done", sequence=1)
    step["started_at"] -= timedelta(days=3)


@fault("production.dates_and_state_of_a_step_agree")
def a_waiting_step_was_begun(facts: Facts) -> None:
    facts.last("step", state="waiting", sequence=3)["started_at"] = AS_OF - timedelta(minutes=3)


@fault(
    "production.states_of_steps_are_known",
    "production.progress_shown_is_progress_made",
    "figures.orders_completed_have_their_steps_done",
    "production.orders_done_have_every_step_done",
)
def a_step_is_in_a_state_that_nobody_knows(facts: Facts) -> None:
    facts.last("step", state="done", sequence=3)["state"] = "napping"


@fault("costs.costs_are_more_than_nothing")
def a_cost_is_less_than_nothing(facts: Facts) -> None:
    facts.last("cost")["amount"] *= -1


@fault("costs.costs_are_plausible", "costs.orders_stay_within_their_budget")
def a_cost_is_ten_times_too_large(facts: Facts) -> None:
    step = facts.last("step", state="done", sequence=2)
    facts.one("cost", step=step["id"])["amount"] *= 10


@fault("costs.orders_stay_within_their_budget")
def a_budget_is_below_nothing(facts: Facts) -> None:
    facts.last("production_order", state="open")["budget"] *= -1


@fault("costs.orders_stay_within_their_budget")
def an_order_costs_more_than_its_budget(facts: Facts) -> None:
    order = facts.last("production_order", state="done")
    for cost in facts.all("cost", order=order["id"]):
        cost["amount"] *= 3


@fault("costs.costs_are_on_an_order_that_exists")
def a_cost_is_on_an_order_that_is_not_there(facts: Facts) -> None:
    cost = facts.one("cost", step=facts.last("step", state="done", sequence=3)["id"])
    cost["order"], cost["step"] = 4711, None


@fault("costs.costs_are_entered_in_the_branch_of_the_order", "costs.costs_name_a_step_of_their_own_order")
def a_cost_is_on_an_order_of_the_other_branch(facts: Facts) -> None:
    cost = facts.one("cost", step=facts.last("step", state="done", sequence=3)["id"])
    mine = facts.one("production_order", id=cost["order"])
    cost["order"] = facts.all("production_order", branch=3 - mine["branch"])[2]["id"]


@fault("costs.costs_come_after_their_order")
def a_cost_was_entered_before_its_order(facts: Facts) -> None:
    cost = facts.last("cost")
    cost["entered_at"] -= timedelta(days=4)


@fault("costs.orders_done_have_costs", "figures.costs_in_the_activity_log_are_there")
def a_completed_order_has_no_costs(facts: Facts) -> None:
    facts.remove("cost", order=facts.last("production_order", state="done")["id"])


@fault("costs.costs_are_not_on_cancelled_orders")
def a_cost_was_entered_after_the_order_was_cancelled(facts: Facts) -> None:
    order = facts.one("production_order")
    step = facts.one("step", order=order["id"], sequence=3)
    order["state"], order["cancelled_at"] = "cancelled", step["finished_at"]
    facts.one("cost", step=step["id"])["entered_at"] = step["finished_at"] + HOUR
