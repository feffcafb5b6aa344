"""Does any door lead into another branch: whoever asks, for whatever record, by whichever way in?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypercare.outcome.expect import expect_none

if TYPE_CHECKING:
    from hypercare.api.api import Api
    from hypercare.branch_isolation import BranchIsolation
    from hypercare.database.database import Database
    from hypercare.mobile.phone import Phone
    from hypercare.trials.synthetic import Synthetic
    from hypercare.web.web import Web

pytestmark = pytest.mark.item("focus.branch-isolation")

BY_HAND = (
    "Try the door below by hand with this account. Close it, or say who may: [branch_isolation] roles and entities."
)


def test_nobody_reads_in_another_branch_by_the_api(branch_isolation: BranchIsolation, api: Api) -> None:
    doors = branch_isolation.doors_that_read(api)
    expect_none(
        doors,
        lambda found: (
            f"The API shows another branch's records: {doors.named}. {found.count} of {found.of} doors opened."
        ),
        next_step=BY_HAND,
    )


def test_nobody_writes_in_another_branch_by_the_api(
    branch_isolation: BranchIsolation, api: Api, synthetic: Synthetic
) -> None:
    doors = branch_isolation.doors_that_write(api, synthetic)
    expect_none(
        doors,
        lambda found: (
            f"The API lets people change another branch's records: {doors.named}. "
            f"{found.count} of {found.of} doors opened."
        ),
        next_step=BY_HAND,
    )


def test_no_page_shows_another_branch(branch_isolation: BranchIsolation, web: Web, api: Api) -> None:
    doors = branch_isolation.doors_of_pages(web, api)
    expect_none(
        doors,
        lambda found: (
            f"The web app shows another branch's sales: {doors.named}. {found.count} of {found.of} doors opened."
        ),
        next_step=BY_HAND,
    )


def test_no_phone_shows_another_branch(branch_isolation: BranchIsolation, phone: Phone, api: Api) -> None:
    doors = branch_isolation.doors_of_pages(phone, api)
    expect_none(
        doors,
        lambda found: (
            f"The phone shows another branch's sales: {doors.named}. {found.count} of {found.of} doors opened."
        ),
        next_step=BY_HAND,
    )


def test_no_user_of_the_database_sees_another_branch(branch_isolation: BranchIsolation, database: Database) -> None:
    doors = branch_isolation.doors_of_database(database)
    expect_none(
        doors,
        lambda found: (
            f"A user of the database sees more than its branch: {doors.named}. "
            f"{found.count} of {found.of} doors opened."
        ),
        next_step="Narrow what this user sees (row-level security, views), or take it out of the target file.",
    )
