"""Is every record as all others of its kind have always been?"""

from __future__ import annotations

import pytest

from hypercare.operations.habits import Habits
from hypercare.outcome.expect import expect_none
from hypercare.outcome.level import Level
from hypercare.outcome.signals import AwaitingPerson

pytestmark = pytest.mark.item("data.constraints")

ON_PURPOSE = " If it is meant to be so from now on, name the rule in [mapping.agreed] given_up."


def test_nothing_lacks_what_others_of_its_kind_have(habits: Habits) -> None:
    expect_none(
        habits.lacking(),
        "{count} record(s) lack what all others of their kind and state have.",
        next_step="Look up the records below, and who wrote or changed them last." + ON_PURPOSE,
        level=Level.L1,
    )


def test_records_are_dated_as_their_neighbours(habits: Habits) -> None:
    expect_none(
        habits.dated_unlike_their_neighbours(),
        "{count} record(s) are dated days away from what belongs to them, where others always are of one day.",
        next_step="Look at the clock of the device, then at what wrote the records below." + ON_PURPOSE,
        level=Level.L1,
    )


def test_records_name_whom_their_neighbours_name(habits: Habits) -> None:
    expect_none(
        habits.told_otherwise_by_their_neighbours(),
        "{count} record(s) name somebody or something else than what belongs to them, where others always agree.",
        next_step="Ask the people below; if none of them did it, find out what writes past the application."
        + ON_PURPOSE,
        level=Level.L1,
    )


def test_no_word_is_new(habits: Habits) -> None:
    if words := habits.new_words():
        raise AwaitingPerson(f"No record used these words before: {'; '.join(words)}. Are they meant?")
