"""Does every record make sense in itself?"""

from __future__ import annotations

import pytest

from hypercare.operations.dates import Dates
from hypercare.outcome.expect import ask_about, expect_none
from hypercare.outcome.level import Level


@pytest.mark.item("data.constraints")
def test_no_record_ends_before_it_begins(dates: Dates) -> None:
    expect_none(
        dates.running_backwards(),
        lambda found: (
            f"{found.count} of {found.of} records ended before they began, or were answered before they were asked."
        ),
        next_step="Look at the clocks of the server and of the devices, then at what wrote the records below.",
        level=Level.L2,
    )


@pytest.mark.item("data.constraints")
def test_no_record_is_dated_ahead(dates: Dates) -> None:
    expect_none(
        dates.ahead(),
        lambda found: f"{found.count} record(s) are dated later than now, though they tell of what has happened.",
        next_step="Look at the clocks of the server and of the devices that entered them.",
        level=Level.L2,
    )


@pytest.mark.item("data.constraints")
def test_nothing_in_use_lacks_its_name(dates: Dates) -> None:
    expect_none(
        dates.without_a_name(),
        lambda found: (
            f"{found.count} of {found.of} branches, "
            "people and products in use have no name, though the others of their kind do."
        ),
        next_step="Give the records below their names; nobody will find them without.",
        level=Level.L2,
    )


@pytest.mark.item("data.constraints")
def test_no_two_in_use_bear_one_name(dates: Dates) -> None:
    expect_none(
        dates.of_one_name(),
        lambda found: (
            f"{found.count} of {found.of} branches, "
            "people and products in use bear the code, name or number of another."
        ),
        next_step="Find out which of the two is meant, and rename or switch off the other.",
        level=Level.L2,
    )


@pytest.mark.item("data.constraints")
def test_names_in_use_differ_by_more_than_capitals(dates: Dates) -> None:
    ask_about(
        dates.of_nearly_one_name(),
        lambda found: (
            f"{found.count} of {found.of} branches, people and products in use are called as another but for capitals "
            "and blanks. Are they two?"
        ),
    )
