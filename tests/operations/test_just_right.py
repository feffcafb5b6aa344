"""What looks like trouble and is none: each of these was a false alarm, or would have been one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hypercare.outcome.level import Level
from tests.operations import foreign_schema, plain_schema
from tests.operations.checking import Ended, failed, make_target, run
from tests.operations.facts import AS_OF, DAYS, GO_LIVE, TODAY, ZONE, Facts, at, healthy
from tests.operations.faults_of_sales import somebody_entered_a_sale_twice
from tests.operations.faults_of_work import nothing_was_sold_today

LIMITS = {"pace_least_expected": 3}
CANARY = {"branch": "T", "users": ["robot"]}
HOLIDAY = {"day": TODAY, "reason": "Easter"}


def ended_on(folder: Path, facts: Facts, only: str = "", **more: Any) -> dict[str, Ended]:
    url = f"sqlite:///{folder / 'business.sqlite'}"
    plain_schema.fill(url, facts)
    mapping = more.pop("mapping", None) or plain_schema.mapping()
    limits = LIMITS | more.pop("limits", {})
    return run(make_target(url, mapping, AS_OF, go_live=GO_LIVE, limits=limits, canary=CANARY, **more), only)


def changed(change: Callable[[Facts], None]) -> Facts:
    facts = healthy()
    change(facts)
    return facts


# -- sales entered twice -------------------------------------------------------------------------------------


def twin_of(facts: Facts) -> dict[str, Any]:
    somebody_entered_a_sale_twice(facts)
    return facts.rows["sale"][-1]


def void_twin(facts: Facts) -> None:
    twin = twin_of(facts)
    twin["state"], twin["voided_at"] = "void", twin["finalised_at"]


def later_twin(facts: Facts) -> None:
    twin_of(facts)["created_at"] += timedelta(minutes=2)


def twin_of_another_customer(facts: Facts) -> None:
    twin_of(facts)["customer"] = 7


def twin_without_customer(facts: Facts) -> None:
    twin = twin_of(facts)
    original = facts.one("sale", number=twin["number"].removesuffix("-again"))
    twin["customer"] = original["customer"] = None


def twin_with_other_things(facts: Facts) -> None:
    twin = twin_of(facts)
    facts.one("sale_line", sale=twin["id"])["product"] = 2


def twin_with_things_whose_numbers_add_up_alike(facts: Facts) -> None:
    one, other = facts.all("sale_line", sale=twin_of(facts)["id"])
    one["product"], other["product"] = one["product"] - 1, other["product"] + 1


@pytest.mark.parametrize("change", [void_twin, later_twin, twin_of_another_customer, twin_without_customer,
                                    twin_with_other_things, twin_with_things_whose_numbers_add_up_alike])  # fmt: skip
def test_no_sale_was_entered_twice(change: Callable[[Facts], None], tmp_path: Path) -> None:
    ended = ended_on(tmp_path, changed(change), "duplicate")
    assert {name: one.outcome for name, one in ended.items()} == dict.fromkeys(ended, "passed")


def test_ten_minutes_later_is_twice_still(tmp_path: Path) -> None:
    def to_the_minute(facts: Facts) -> None:
        twin_of(facts)["created_at"] += timedelta(minutes=1)

    name = "sales.no_sale_is_a_duplicate"
    assert failed(ended_on(tmp_path, changed(to_the_minute), name)) == {name}


def test_a_sale_entered_twice_is_told_with_its_money(tmp_path: Path) -> None:
    facts = healthy()
    twin = twin_of(facts)
    finding = ended_on(tmp_path, facts, "no_sale_is_a_duplicate")["sales.no_sale_is_a_duplicate"].finding
    assert finding is not None
    assert (finding.count, finding.money, finding.level) == (1, twin["total"], Level.L2)
    assert finding.sample == (
        {
            "sale": "2-0401-9-again",
            "branch": "S",
            "entered": "2026-04-01 16:49",
            "total": str(twin["total"]),
            "same as": "2-0401-9",
            "entered then": "2026-04-01 16:40",
        },
    )


def test_who_buys_all_day_is_not_one_customer(tmp_path: Path) -> None:
    facts = changed(lambda facts: [sale.update(customer=1) for sale in facts.all("sale", branch=2)] and None)
    twin = twin_of(facts)
    twin["customer"] = 1
    assert failed(ended_on(tmp_path, facts, "duplicate")) == set()
    name = "sales.no_sale_is_a_duplicate"
    asked_of_one = ended_on(tmp_path, facts, name, limits={"walk_in_sales_a_day": 30})[name]
    assert "24 of 250 records from before today break this rule too" in asked_of_one.reason


@pytest.mark.parametrize(
    ("without", "reason"),
    [("sale.customer", "sale.customer is not mapped"), ("sale_line", "sale line is not mapped")],
)
def test_without_customers_or_lines_duplicates_are_not_covered(without: str, reason: str, tmp_path: Path) -> None:
    mapping = plain_schema.mapping()
    entity, _, field = without.partition(".")
    if field:
        del mapping[entity]["columns"][field]
    else:
        del mapping[entity]
    ended = ended_on(tmp_path, healthy(), "duplicate", mapping=mapping)
    assert ended["sales.no_sale_is_a_duplicate"].outcome == "not covered"
    assert ended["sales.no_sale_is_a_duplicate"].reason == reason
    assert ended["sales.no_number_is_a_duplicate"].outcome == "passed"


# -- orders completed ----------------------------------------------------------------------------------------


def test_where_orders_are_completed_the_next_morning_nobody_is_alarmed(tmp_path: Path) -> None:
    facts = healthy()
    for order in facts.all("production_order", state="done"):
        morning = order["completed_at"].astimezone(ZONE).date() + timedelta(days=1)
        order["completed_at"] = at(morning, "08:30")
        if morning > TODAY:
            order.update(state="in_progress", completed_at=None)
    assert failed(ended_on(tmp_path, facts, "figures.")) == set()


def test_one_order_too_many_and_one_too_few_do_not_hide_each_other(tmp_path: Path) -> None:
    facts = healthy()
    orders = facts.all("production_order", state="done")
    orders[-8].update(state="in_progress", completed_at=None)
    facts.last("production_order", state="open").update(state="done", completed_at=AS_OF - timedelta(hours=1))
    name = "figures.orders_completed_have_their_steps_done"
    finding = ended_on(tmp_path, facts, name)[name].finding
    assert finding is not None and finding.count == 2
    assert {row["state"] for row in finding.sample} == {"in_progress", "done"}


# -- branches ------------------------------------------------------------------------------------------------


def close_south(facts: Facts) -> None:
    """The branch was closed yesterday evening, and nothing came after."""
    facts.one("branch", code="S")["live"] = False
    today = at(TODAY, "00:00")
    sales = {sale["id"] for sale in facts.all("sale", branch=2) if sale["created_at"] >= today}
    orders = {order["id"] for order in facts.all("production_order") if order["sale"] in sales}
    for entity in ("sale_line", "payment", "ledger_entry", "production_order"):
        facts.rows[entity] = [row for row in facts.rows[entity] if row["sale"] not in sales]
    facts.rows["sale"] = [row for row in facts.rows["sale"] if row["id"] not in sales]
    facts.rows["step"] = [row for row in facts.rows["step"] if row["order"] not in orders]
    for entity, when in (("shift", "starts_at"), ("activity", "at")):
        facts.rows[entity] = [row for row in facts.rows[entity] if row["branch"] != 2 or row[when] < today]


def test_a_branch_that_was_closed_keeps_what_it_sold(tmp_path: Path) -> None:
    ended = ended_on(tmp_path, changed(close_south), "branches.")
    assert failed(ended) == set(), {name: one.finding for name, one in ended.items()}


@pytest.mark.parametrize(("clock", "late"), [("16:59", set()), ("12:00", {"branches.branches_add_up_to_the_whole",
                                              "branches.nothing_happens_in_a_closed_branch"})])  # fmt: skip
def test_a_branch_has_its_records_up_to_the_hour_of_its_closing(clock: str, late: set[str], tmp_path: Path) -> None:
    mapping = plain_schema.mapping()
    closing = at(TODAY, clock).replace(tzinfo=None).isoformat(" ")
    mapping["branch"]["columns"]["closed_at"] = f"'{closing}.000000'"
    facts = changed(lambda facts: facts.one("branch", code="S").update(live=False))
    assert failed(ended_on(tmp_path, facts, "branches.", mapping=mapping)) == late


def test_a_branch_that_never_closed_has_its_records_of_today(tmp_path: Path) -> None:
    mapping = plain_schema.mapping()
    mapping["branch"]["columns"]["closed_at"] = "NULLIF('', '')"
    assert failed(ended_on(tmp_path, healthy(), "branches.", mapping=mapping)) == set()


# -- words that are not mapped -------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize(
    ("field", "words", "uncovered"),
    [
        (
            "activity.action",
            {"step.update": ["step.start", "step.finish"]},
            "figures.sales_created_are_in_the_activity_log",
        ),
        ("ledger_entry.account", {"money": ["money"]}, "sales.totals_are_in_the_ledger"),
        ("ledger_entry.account", {"revenue": ["revenue"]}, "sales.payments_are_in_the_ledger"),
        ("sale.kind", {"stock": ["stock"]}, "stuck.sales_made_to_order_have_their_order"),
    ],
)
def test_a_word_that_is_not_mapped_is_not_covered(
    field: str, words: dict[str, list[str]], uncovered: str, tmp_path: Path
) -> None:
    mapping = plain_schema.mapping()
    entity, _, name = field.partition(".")
    mapping[entity].setdefault("values", {})[name] = words
    ended = ended_on(tmp_path, healthy(), mapping=mapping)
    assert failed(ended) == set()
    assert ended[uncovered].outcome == "not covered"
    assert any(word in ended[uncovered].reason for word in ("sale.create", "revenue", "money", "made_to_order"))


def test_a_state_that_a_target_does_not_have_is_none(tmp_path: Path) -> None:
    mapping = plain_schema.mapping()
    mapping["production_order"]["values"] = {"state": {word: word for word in ("open", "in_progress", "done")}}
    ended = ended_on(tmp_path, healthy(), "production.", mapping=mapping)
    assert {one.outcome for one in ended.values()} == {"passed"}


# -- log-ins -------------------------------------------------------------------------------------------------


def eight_people_mistype(facts: Facts) -> None:
    for number in range(8):
        facts.add("user", username=f"more{number}", role="sales", branch=1, active=True, locked_until=None)
        for succeeded in (False, True):
            facts.add("login_attempt", username=f"more{number}", user=None, succeeded=succeeded,
                      address=f"10.0.1.{number}", at=at(TODAY, "09:00") + timedelta(seconds=number))  # fmt: skip


def test_eight_names_mistyped_in_a_large_business_are_no_attack(tmp_path: Path) -> None:
    name = "users.nobody_tries_one_name_after_another"
    facts = changed(eight_people_mistype)
    assert failed(ended_on(tmp_path, facts, name)) == {name}
    for number in range(80):
        facts.add("user", username=f"staff{number}", role="sales", branch=1, active=True, locked_until=None)
    assert failed(ended_on(tmp_path, facts, name)) == set()


def test_people_who_left_do_not_make_a_business_large(tmp_path: Path) -> None:
    name = "users.nobody_tries_one_name_after_another"
    facts = changed(eight_people_mistype)
    for number in range(80):
        facts.add("user", username=f"left{number}", role="sales", branch=1, active=False, locked_until=None)
    assert failed(ended_on(tmp_path, facts, name)) == {name}


@pytest.mark.parametrize(("well", "alarmed"), [(9, True), (10, False)])
def test_what_many_mistype_at_one_address_is_outweighed_by_what_goes_well(
    well: int, alarmed: bool, tmp_path: Path
) -> None:
    facts = healthy()
    for number in range(10 + well):
        facts.add("login_attempt", username=f"u{number % 6 + 1}", user=None, succeeded=number >= 10,
                  address="10.9.9.9", at=at(TODAY, "09:00") + timedelta(seconds=number))  # fmt: skip
    name = "users.no_address_guesses_passwords"
    assert bool(failed(ended_on(tmp_path, facts, name))) is alarmed


@pytest.mark.parametrize(("fail", "alarmed"), [(2, False), (10, True)])
def test_log_ins_mostly_go_well_until_many_of_them_fail(fail: int, alarmed: bool, tmp_path: Path) -> None:
    facts = healthy()
    for number in range(fail):
        facts.add("login_attempt", username=f"u{number % 6 + 1}", user=None, succeeded=False,
                  address=f"10.9.9.{number}", at=at(TODAY, "09:00") + timedelta(seconds=number))  # fmt: skip
    name = "users.log_ins_mostly_go_well"
    assert bool(failed(ended_on(tmp_path, facts, name))) is alarmed


@pytest.mark.parametrize(("early", "silent"), [(timedelta(minutes=40), False), (timedelta(minutes=50), True)])
def test_who_came_early_to_a_shift_that_began_a_day_ago_was_there(
    early: timedelta, silent: bool, tmp_path: Path
) -> None:
    facts = healthy()
    began = AS_OF - timedelta(hours=23, minutes=50)
    for entity in ("activity", "shift"):
        facts.rows[entity] = [row for row in facts.rows[entity] if row["user"] != 6]
    facts.add("shift", user=6, branch=2, starts_at=began, ends_at=AS_OF)
    facts.add("activity", user=6, branch=2, action="login", entity_id=None, at=began - early)
    name = "users.people_at_work_use_the_system"
    assert bool(failed(ended_on(tmp_path, facts, name))) is silent


def test_who_is_kept_out_needs_support(tmp_path: Path) -> None:
    """One is locked out; one failed five times; one did, too, and then came in."""
    facts = healthy()
    facts.one("user", id=1)["locked_until"] = AS_OF + timedelta(minutes=5)
    for user, comes_in in ((2, False), (4, True)):
        for number in range(6):
            facts.add(
                "login_attempt", username=f"u{user}", user=user, succeeded=comes_in and number == 5,
                address="10.0.1.2", at=at(TODAY, "13:00") + timedelta(seconds=number),
            )  # fmt: skip
    figures = ended_on(tmp_path, facts, "users.log_ins_mostly")["users.log_ins_mostly_go_well"].figures
    assert figures == {"login_failures": 11, "users_needing_support": 2}


# -- closed days ---------------------------------------------------------------------------------------------


@pytest.mark.long
def test_on_a_holiday_nobody_sells(tmp_path: Path) -> None:
    facts = changed(nothing_was_sold_today)
    ended = ended_on(tmp_path, facts, "", business={"closed": [HOLIDAY]})
    assert failed(ended) == set()
    assert ended["pace.sales_have_not_stopped"].reason == "Nobody works today (Easter), so no pace is expected."


def test_on_a_holiday_of_one_branch_the_others_sell(tmp_path: Path) -> None:
    facts = changed(nothing_was_sold_today)
    ended = ended_on(tmp_path, facts, "pace.", business={"closed": [{**HOLIDAY, "branch": "S"}]})
    finding = ended["pace.every_open_branch_sells"].finding
    assert finding is not None and (finding.count, finding.of) == (1, 1)


def test_a_holiday_last_week_is_not_learned_from(tmp_path: Path) -> None:
    """Nothing was completed on it, which says nothing of today."""
    day = DAYS[-4]
    facts = healthy()
    for order in facts.all("production_order", state="done"):
        if at(day, "00:00") <= order["completed_at"] < at(day + timedelta(days=1), "00:00"):
            order["completed_at"] += timedelta(days=1)
        elif order["completed_at"] >= at(TODAY, "00:00"):
            order["completed_at"] -= timedelta(days=1)
    name, limits = "figures.orders_completed_today", {"pace_least_expected": 1}
    assert failed(ended_on(tmp_path, facts, name, limits=limits)) == set()
    closed = {"closed": [{"day": day}]}
    assert failed(ended_on(tmp_path, facts, name, limits=limits, business=closed)) == {name}


# -- issues --------------------------------------------------------------------------------------------------


EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


@pytest.mark.parametrize(
    ("reported", "late_if_open_all_day"),
    [
        ("16:50", set()),
        ("16:30", {"issues.issues_are_answered_in_time"}),
        ("03:00", {"issues.issues_are_answered_in_time", "issues.issues_are_classed"}),
    ],
)
def test_an_answer_is_due_in_opening_hours(reported: str, late_if_open_all_day: set[str], tmp_path: Path) -> None:
    mapping = plain_schema.mapping()
    del mapping["issue"]["columns"]["respond_by"]
    facts = healthy()
    facts.last("issue").update(responded_at=None, reported_at=at(TODAY, reported), category=None)
    for opens, late in (("16:50", set()), ("08:00", late_if_open_all_day)):
        hours = [{"branch": "N", "days": EVERY_DAY, "opens": opens, "closes": "18:30"}]
        assert failed(ended_on(tmp_path, facts, "issues.", mapping=mapping, business={"hours": hours})) == late


# -- the foreign schema --------------------------------------------------------------------------------------


def test_a_void_twin_is_none_in_a_foreign_schema_either(tmp_path: Path) -> None:
    path = tmp_path / "atelier.sqlite"
    for change, expected in ((void_twin, set()), (somebody_entered_a_sale_twice, {"sales.no_sale_is_a_duplicate"})):
        foreign_schema.fill(path, changed(change))
        target = make_target(f"sqlite:///{path}", foreign_schema.MAPPING, AS_OF, go_live=GO_LIVE, canary=CANARY)
        assert failed(run(target, "duplicate")) == expected
