"""Does every record belong to exactly one live branch, and do the branches add up to the whole?"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from hypercare.adoption.other_branches import done_from_another_branch, helped_out_elsewhere
from hypercare.operations.branches import Branches
from hypercare.outcome.collect_failures import collect_failures
from hypercare.outcome.expect import NumbersInWords, ask_about, expect_none
from hypercare.outcome.level import Level
from hypercare.plan.calendar import Period

if TYPE_CHECKING:
    from hypercare.api.api import Api
    from hypercare.branch_isolation import BranchIsolation

pytestmark = pytest.mark.item("verify.branches")

WHOSE = "Ask who entered the records below, and where; then put them into the right branch."


@pytest.mark.item("verify.branches", "sales.branches")
def test_every_record_has_one_branch(branches: Branches) -> None:
    expect_none(
        branches.records_of_no_branch(),
        lambda found: f"{found.count} of {found.of} records belong to no branch, or to one that is not there.",
        next_step=WHOSE,
    )


def test_nothing_happens_in_a_closed_branch(branches: Branches, today: Period) -> None:
    expect_none(
        branches.records_of_a_closed_branch(today),
        lambda found: f"{found.count} of {found.of} records of today belong to a branch that is closed.",
        next_step="Ask whether the branch was switched off by mistake.",
    )


@pytest.mark.item("verify.branches", "sales.branches")
def test_records_are_in_the_branch_of_who_made_them(branches: Branches) -> None:
    expect_none(
        branches.records_of_another_branch_than_their_maker(),
        lambda found: f"{found.count} of {found.of} records are in another branch than whoever made them.",
        next_step=WHOSE,
    )


def test_people_who_work_in_a_branch_belong_to_it(branches: Branches) -> None:
    expect_none(
        branches.people_of_no_branch(),
        lambda found: (
            f"{found.count} of {found.of} people who enter records belong to no branch, "
            "though everybody else of their role does."
        ),
        next_step="Give the people below their branch back; until then their own work may be hidden from them.",
    )


def test_nothing_is_done_from_another_branch(branches: Branches) -> None:
    with collect_failures() as part:
        for words, violations in done_from_another_branch(branches.model):
            with part:
                expect_none(
                    violations,
                    told_of(words),
                    next_step="Ask the people below whether they were there; if not, somebody works under their name.",
                    level=Level.L2,
                )


def test_whoever_helps_out_in_another_branch_was_there(branches: Branches) -> None:
    ask_about(
        helped_out_elsewhere(branches.model),
        lambda found: (
            f"{found.count} of {found.of} payments, sales or steps of the last week were done by people of another "
            "branch, who never did so before. Did they help out there?"
        ),
    )


@pytest.mark.item("verify.branches", "focus.cross-module")
def test_orders_are_in_the_branch_of_their_sale(branches: Branches) -> None:
    expect_none(
        branches.orders_of_another_branch_than_their_sale(),
        lambda found: f"{found.count} of {found.of} production orders are in another branch than their sale.",
        next_step=WHOSE,
    )


@pytest.mark.item("verify.branches", "focus.cross-module")
def test_postings_are_in_the_branch_of_their_sale(branches: Branches) -> None:
    expect_none(
        branches.postings_of_another_branch_than_their_sale(),
        lambda found: f"{found.count} of {found.of} ledger entries are in another branch than their sale.",
        next_step=WHOSE,
    )


@pytest.mark.item("verify.branches", "sales.branches")
def test_sales_are_in_the_branch_of_their_customer(branches: Branches) -> None:
    expect_none(
        branches.sales_of_another_branch_than_their_customer(),
        lambda found: (
            f"{found.count} of {found.of} sales are in another branch than their customer; "
            f"{found.money} is counted in the wrong place."
        ),
        next_step=WHOSE,
    )


@pytest.mark.item("verify.branches", "sales.branches")
def test_branches_add_up_to_the_whole(branches: Branches) -> None:
    expect_none(
        branches.sums_that_do_not_add_up(),
        lambda found: (
            f"The branches together are not the whole: {found.count} of {found.of} sums differ, by {found.money}."
        ),
        next_step="Look for records without a branch, or in a branch that is closed or not there.",
    )


def test_nobody_is_shown_sales_of_another_branch(branch_isolation: BranchIsolation, api: Api) -> None:
    shown = branch_isolation.sales_shown_to_others(api)
    expect_none(
        shown,
        lambda found: f"People are shown sales of another branch: {found.count} of {found.of} tries went through.",
        next_step="Try it by hand with the accounts below. If that is agreed, set [business] branches_see_each_other.",
    )
    shown.require_all_decided()


def test_no_list_shows_records_of_another_branch(branch_isolation: BranchIsolation, api: Api) -> None:
    shown = branch_isolation.records_shown_to_others(api)
    expect_none(
        shown,
        lambda found: f"Lists show people records of another branch: {found.count} of {found.of} tries went through.",
        next_step="Ask for the lists below by hand with these accounts. What all may see, take out of "
        "[[api.branch_lists]].",
    )
    shown.require_all_decided()


def told_of(words: str) -> Callable[[NumbersInWords], str]:
    return lambda found: (
        f"{found.count} of {found.of} records ({words}) name somebody of another branch, who has no shift there and "
        "never did so before."
    )
