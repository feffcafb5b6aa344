"""Does every record make sense in itself, and does the activity log say the same of it?"""

from __future__ import annotations

import pytest

from hypercare.operations.activity import ActivityLog
from hypercare.operations.dates import Dates
from hypercare.operations.witness import COSTS, SALES, STEPS
from hypercare.outcome.expect import expect_none
from hypercare.outcome.level import Level

WITNESS = "Ask the people below; if neither did it, find out what writes past the application."


@pytest.mark.item("data.constraints")
def test_no_record_ends_before_it_begins(dates: Dates) -> None:
    expect_none(
        dates.running_backwards(),
        "{count} of {of} records ended before they began, or were answered before they were asked.",
        next_step="Look at the clocks of the server and of the devices, then at what wrote the records below.",
        level=Level.L2,
    )


@pytest.mark.item("data.constraints")
def test_no_record_is_dated_ahead(dates: Dates) -> None:
    expect_none(
        dates.ahead(),
        "{count} record(s) are dated later than now, though they tell of what has happened.",
        next_step="Look at the clocks of the server and of the devices that entered them.",
        level=Level.L2,
    )


@pytest.mark.item("data.constraints")
def test_nothing_in_use_lacks_its_name(dates: Dates) -> None:
    expect_none(
        dates.without_a_name(),
        "{count} of {of} branches, people and products in use have no name, though the others of their kind do.",
        next_step="Give the records below their names; nobody will find them without.",
        level=Level.L2,
    )


@pytest.mark.item("data.constraints")
def test_no_two_in_use_bear_one_name(dates: Dates) -> None:
    expect_none(
        dates.of_one_name(),
        "{count} of {of} branches, people and products in use bear the code, name or number of another.",
        next_step="Find out which of the two is meant, and rename or switch off the other.",
        level=Level.L2,
    )


@pytest.mark.item("summary.sales-created")
def test_the_log_tells_the_same_of_sales(activity: ActivityLog) -> None:
    expect_none(
        activity.told_otherwise(SALES),
        "Of {count} sales the activity log says that somebody else entered them, or on another day.",
        next_step=WITNESS,
    )


@pytest.mark.item("summary.costs-entered")
def test_the_log_tells_the_same_of_costs(activity: ActivityLog) -> None:
    expect_none(
        activity.told_otherwise(COSTS),
        "Of {count} costs the activity log says that somebody else entered them, or on another day.",
        next_step=WITNESS,
    )


@pytest.mark.item("summary.steps-updated")
def test_the_log_tells_the_same_of_steps(activity: ActivityLog) -> None:
    expect_none(
        activity.told_otherwise(STEPS),
        "Of {count} production steps the activity log says that they were begun or finished on another day.",
        next_step=WITNESS,
    )
