"""What can go wrong with branches, people, the pace of the day, jobs and issues."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tests.operations.facts import AS_OF, TODAY, Facts, at
from tests.operations.faults import fault

HOUR = timedelta(hours=1)


@fault(
    "branches.every_record_has_one_branch",
    "branches.branches_add_up_to_the_whole",
    "branches.records_are_in_the_branch_of_who_made_them",
    "branches.postings_are_in_the_branch_of_their_sale",
    "branches.sales_are_in_the_branch_of_their_customer",
    "sales.manual_records_agree",
)
def a_sale_is_in_a_branch_that_is_not_there(facts: Facts) -> None:
    facts.all("sale", state="final", kind="stock")[20]["branch"] = 7


@fault(
    "branches.records_are_in_the_branch_of_who_made_them",
    "branches.postings_are_in_the_branch_of_their_sale",
    "branches.sales_are_in_the_branch_of_their_customer",
    "sales.manual_records_agree",
)
def a_sale_is_in_the_neighbouring_branch(facts: Facts) -> None:
    sale = facts.all("sale", state="final", kind="stock", branch=1)[20]
    sale["branch"] = 2


@fault(
    "branches.records_are_in_the_branch_of_who_made_them",
    "branches.postings_are_in_the_branch_of_their_sale",
    "branches.sales_are_in_the_branch_of_their_customer",
    "sales.manual_records_agree",
)
def a_sale_hides_in_the_branch_that_no_figure_counts(facts: Facts) -> None:
    facts.all("sale", state="final", kind="stock", branch=1)[20]["branch"] = 3


@fault("branches.orders_are_in_the_branch_of_their_sale", "costs.costs_are_entered_in_the_branch_of_the_order")
def an_order_is_in_another_branch_than_its_sale(facts: Facts) -> None:
    facts.one("production_order", branch=1, state="done")["branch"] = 2


@fault("branches.nothing_happens_in_a_closed_branch", "branches.branches_add_up_to_the_whole")
def a_branch_was_switched_off_in_the_middle_of_the_day(facts: Facts) -> None:
    facts.one("branch", code="S")["live"] = False


@fault("figures.sales_in_the_activity_log_are_there")
def a_sale_of_today_vanished(facts: Facts) -> None:
    sale = facts.last("sale", branch=2, state="final")["id"]
    for entity in ("sale_line", "payment", "ledger_entry"):
        facts.remove(entity, sale=sale)
    facts.remove("sale", id=sale)


@fault("figures.sales_created_are_in_the_activity_log")
def a_sale_was_put_in_past_the_application(facts: Facts) -> None:
    facts.remove("activity", action="sale.create", entity_id=facts.last("sale", branch=2, state="final")["id"])


@fault("users.people_at_work_use_the_system")
def somebody_at_work_does_nothing(facts: Facts) -> None:
    facts.rows["activity"] = [
        a for a in facts.rows["activity"] if a["user"] != 3 or a["at"] < at(TODAY, "06:00") - 10 * HOUR
    ]
    for step in facts.all("step", updated_by=3):
        step["updated_at"] = min(step["updated_at"], AS_OF - 30 * HOUR)
    for cost in facts.all("cost", entered_by=3):
        cost["entered_at"] = min(cost["entered_at"], AS_OF - 25 * HOUR)
    facts.rows["cost"] = [c for c in facts.rows["cost"] if c["entered_by"] != 3 or c["entered_at"] < AS_OF - 26 * HOUR]


@fault("users.nobody_is_locked_out")
def somebody_is_locked_out(facts: Facts) -> None:
    facts.one("user", id=2)["locked_until"] = AS_OF + HOUR


@fault("users.nobody_fails_again_and_again")
def somebody_forgot_the_password(facts: Facts) -> None:
    _failures(facts, ["u2"] * 5, lambda number: "10.0.1.2")


@fault("users.nobody_fails_again_and_again", "users.no_address_guesses_passwords", "users.log_ins_mostly_go_well")
def somebody_guesses_a_password(facts: Facts) -> None:
    _failures(facts, ["u2"] * 40, lambda number: "6.6.6.6")


@fault(
    "users.nobody_tries_one_name_after_another",
    "users.nobody_tries_names_that_do_not_exist",
    "users.log_ins_mostly_go_well",
)
def somebody_tries_one_name_after_another_from_everywhere(facts: Facts) -> None:
    _failures(facts, [f"guess{number}" for number in range(12)], lambda number: f"6.6.6.{number}")


def _failures(facts: Facts, names: list[str], address: Callable[[int], str]) -> None:
    for number, name in enumerate(names):
        facts.add(
            "login_attempt", username=name, user=None, succeeded=False, address=address(number),
            at=at(TODAY, "13:00") + timedelta(seconds=number),
        )  # fmt: skip


@fault(
    "figures.sales_created_today",
    "pace.every_open_branch_sells",
    "pace.sales_arrive_at_the_pace_of_such_a_day",
    "pace.sales_have_not_stopped",
)
def nothing_was_sold_today(facts: Facts) -> None:
    _unsell(facts, 1, 2)


@fault("pace.every_open_branch_sells")
def one_branch_sold_nothing_today(facts: Facts) -> None:
    _unsell(facts, 2)


def _unsell(facts: Facts, *branches: int) -> None:
    today = {
        sale["id"]
        for sale in facts.all("sale")
        if sale["created_at"] >= at(TODAY, "00:00") and sale["branch"] in branches and sale["created_by"] < 99
    }
    orders = {order["id"] for order in facts.all("production_order") if order["sale"] in today}
    facts.rows["step"] = [step for step in facts.rows["step"] if step["order"] not in orders]
    facts.rows["production_order"] = [order for order in facts.rows["production_order"] if order["id"] not in orders]
    for entity in ("sale_line", "payment", "ledger_entry"):
        facts.rows[entity] = [row for row in facts.rows[entity] if row["sale"] not in today]
    facts.rows["sale"] = [sale for sale in facts.rows["sale"] if sale["id"] not in today]
    facts.rows["activity"] = [
        row for row in facts.rows["activity"] if not (row["action"].startswith("sale") and row["entity_id"] in today)
    ]


@fault("stuck.no_draft_is_forgotten")
def a_draft_is_forgotten(facts: Facts) -> None:
    facts.one("sale", state="draft")["created_at"] -= 5 * HOUR


@fault("stuck.sales_made_to_order_have_their_order")
def a_sale_made_to_order_has_no_order(facts: Facts) -> None:
    order = facts.last("production_order", state="open")
    facts.remove("step", order=order["id"])
    facts.remove("production_order", id=order["id"])


@fault("stuck.orders_have_steps")
def an_order_has_no_steps(facts: Facts) -> None:
    facts.remove("step", order=facts.last("production_order", state="open")["id"])


@fault("stuck.steps_are_finished_some_day", "stuck.no_order_lies_about")
def work_stands_still(facts: Facts) -> None:
    order = facts.one("production_order", state="done")
    order["state"], order["progress"], order["completed_at"] = "in_progress", 67, None
    last = facts.one("step", order=order["id"], sequence=3)
    last["state"], last["finished_at"] = "started", None
    other = facts.all("production_order", state="done")[0]
    other["state"], other["progress"], other["completed_at"] = "in_progress", 67, None
    facts.one("step", order=other["id"], sequence=3).update(
        state="waiting", started_at=None, finished_at=None, updated_by=None
    )
    facts.remove("cost", step=facts.one("step", order=other["id"], sequence=3)["id"])


@fault("stuck.orders_of_void_sales_are_cancelled", "sales.void_sales_hold_no_money", "sales.void_sales_hold_no_revenue")
def work_goes_on_for_a_void_sale(facts: Facts) -> None:
    sale = facts.one("sale", id=facts.last("production_order", state="open")["sale"])
    sale["state"], sale["voided_at"] = "void", sale["finalised_at"] + HOUR


@fault("stuck.no_job_failed")
def a_job_failed(facts: Facts) -> None:
    facts.rows["job"].append(
        {**facts.last("job"), "id": 100, "kind": "receipt", "state": "failed", "error": "no paper"}
    )


@fault("stuck.no_job_hangs")
def a_job_hangs(facts: Facts) -> None:
    facts.rows["job"].append(
        {**facts.last("job"), "id": 100, "kind": "receipt", "state": "running", "finished_at": None}
    )


@fault("stuck.no_job_is_left_waiting")
def a_job_was_never_begun(facts: Facts) -> None:
    facts.rows["job"].append(
        {**facts.last("job"), "id": 100, "kind": "receipt", "state": "queued", "started_at": None, "finished_at": None}
    )


@fault("stuck.daily_jobs_were_done")
def the_closing_of_last_night_did_not_run(facts: Facts) -> None:
    facts.rows["job"].pop()


@fault("issues.issues_are_classed")
def an_issue_was_not_read(facts: Facts) -> None:
    facts.last("issue")["category"] = None


@fault("issues.issues_are_answered_in_time")
def an_issue_was_not_answered(facts: Facts) -> None:
    issue = facts.last("issue")
    issue["responded_at"], issue["respond_by"] = None, AS_OF - timedelta(minutes=1)


@fault("issues.issues_are_solved_in_time")
def an_issue_was_not_solved(facts: Facts) -> None:
    facts.last("issue")["resolve_by"] = AS_OF - timedelta(minutes=1)


@fault("branches.people_who_work_in_a_branch_belong_to_it")
def a_seller_lost_her_branch(facts: Facts) -> None:
    facts.all("user", role="sales", branch=1)[0]["branch"] = None


@fault("dates.no_record_is_older_than_any_can_be")
def a_sale_is_dated_epoch_zero(facts: Facts) -> None:
    facts.all("sale", state="final", kind="stock")[20]["created_at"] = datetime(1970, 1, 1, tzinfo=UTC)
