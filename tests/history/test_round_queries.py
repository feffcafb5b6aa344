"""What the history answers: rounds, one item over time, items that are not steady."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypercare.history.round_queries import _unsteady, past_of_item, past_rounds, unsteady_items
from hypercare.history.runner import this_runner
from hypercare.outcome.outcome import Outcome
from tests.history.remembering import ELSEWHERE, NINE, remember, result

DAY = timedelta(days=1)
LONGEST_CHECK = timedelta(minutes=3)


def test_rounds_say_how_they_ended_the_newest_first(history):
    remember(history, "r1", result(), result("health.api", "failed"), status="issues", expected=2)
    remember(history, "r2", result(), as_of=NINE + DAY, status=None, runner=ELSEWHERE)
    remember(history, "r3", as_of=NINE + 2 * DAY, status=None, runner=this_runner())
    found = past_rounds(history, NINE, LONGEST_CHECK)
    assert [(one.id, one.state, one.ended, one.expected, one.failed) for one in found] == [
        ("r3", "running", 0, None, 0),
        ("r2", "broke off", 1, None, 0),
        ("r1", "finished", 2, 2, 1),
    ]
    assert past_rounds(history, NINE + timedelta(days=3), LONGEST_CHECK) == []


def test_an_item_over_time_is_its_weightiest_check_of_each_round(history):
    remember(history, "r1", result(check="a", level="L1"), result(check="b", outcome="failed", level="L3"))
    remember(history, "r2", result(), as_of=NINE + DAY)
    found = past_of_item(history, "health.web", NINE)
    assert [(one.outcome.value, one.level, one.duration_s) for one in found] == [
        ("passed", "L2", 0.5),
        ("failed", "L3", 1.0),
    ]
    assert found[1].sentence == "health.web is failed"


@pytest.mark.parametrize(
    ("ends", "seen"),
    [
        ("..........", None),
        ("FFFFFFFFFF", None),
        (".....FF...", None),
        ("~.........", (1, 0)),
        ("...F......", (0, 1)),
        (".F.F.~....", (1, 2)),
        ("F...", None),  # nobody knows how it was before
        ("..F", None),  # nor how it will be
        (".Fb.", None),
    ],
)
def test_unsteady_is_what_failed_for_one_round_or_held_only_when_tried_again(lite, ends, seen):
    outcomes = {".": "passed", "F": "failed", "~": "flaky", "b": "blocked"}
    for number, end in enumerate(ends):
        remember(lite, f"r{number}", result(outcome=outcomes[end]), as_of=NINE + number * DAY)
    found = [(one.flaky, one.blips) for one in unsteady_items(lite, NINE)]
    assert found == ([] if seen is None else [seen])


@given(st.lists(st.sampled_from(list(Outcome)), max_size=30))
def test_no_more_rounds_are_unsteady_than_there_were(outcomes):
    found = _unsteady("a.b", [(NINE.isoformat(), outcome) for outcome in outcomes])
    assert found is None or 0 < found.share <= 1


def test_the_least_steady_item_stands_first(lite):
    for number in range(4):
        rows = [result("a.steady"), result("b.shaky", "flaky"), result("c.once", "flaky" if number == 2 else "passed")]
        remember(lite, f"r{number}", *rows, as_of=NINE + number * DAY)
    assert [(one.item, one.share) for one in unsteady_items(lite, NINE)] == [("b.shaky", 1.0), ("c.once", 0.25)]
