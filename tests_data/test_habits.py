"""Is every record as all others of its kind have always been?

What nothing but the past tells may change for a good reason: so these checks ask, and never alarm.
"""

from __future__ import annotations

import pytest

from hypercare.habits import Habits
from hypercare.outcome.expect import ask_about
from hypercare.outcome.signals import AwaitingPerson

pytestmark = pytest.mark.item("data.constraints")


def test_nothing_lacks_what_others_of_its_kind_have(habits: Habits) -> None:
    ask_about(
        habits.lacking(),
        lambda found: f"{found.count} record(s) lack what all others of their kind and state have. Is that meant?",
    )


def test_records_are_dated_as_their_neighbours(habits: Habits) -> None:
    ask_about(
        habits.dated_unlike_their_neighbours(),
        lambda found: (
            f"{found.count} record(s) are dated days away from what belongs to them, "
            "where others always are of one day. Was the clock of a device wrong, or is that meant?"
        ),
    )


def test_records_name_whom_their_neighbours_name(habits: Habits) -> None:
    ask_about(
        habits.naming_others_than_their_neighbours(),
        lambda found: (
            f"{found.count} record(s) name somebody or something else than what belongs to them, "
            "where others always agree. Who wrote them?"
        ),
    )


def test_no_word_is_new(habits: Habits) -> None:
    if words := habits.new_words():
        raise AwaitingPerson(f"No record used these words before: {'; '.join(words)}. Are they meant?")
