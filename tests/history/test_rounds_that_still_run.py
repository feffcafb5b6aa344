"""A round that still runs did not break off, here or on another machine."""

from datetime import UTC, datetime, timedelta

import pytest

from hypercare.history.runner import Runner, is_running, this_runner
from tests.history.remembering import NINE, result

LONGEST_CHECK = timedelta(minutes=3)
HERE = this_runner()
PLACE, NUMBER, STARTED = HERE.process.split(" ")


@pytest.mark.parametrize(
    ("runner", "silent", "broken"),
    [
        (HERE, timedelta(days=1), False),
        (Runner("here", f"{PLACE} {NUMBER} 1"), timedelta(0), True),
        (Runner("here", f"{PLACE} 4194305 {STARTED}"), timedelta(0), True),
        (Runner("another", "elsewhere 1 1"), timedelta(minutes=7), False),
        (Runner("another", "elsewhere 1 1"), timedelta(minutes=9), True),
        (None, timedelta(minutes=7), False),
        (None, timedelta(minutes=9), True),
    ],
    ids=[
        "its process is there",
        "another process has its number now",
        "no process has its number",
        "elsewhere, heard of lately",
        "elsewhere, silent",
        "nobody knows who, lately",
        "nobody knows who, silent",
    ],
)
def test_a_round_breaks_off_when_its_process_is_gone_or_it_is_silent_elsewhere(history, runner, silent, broken):
    begun = datetime.now(UTC) - silent
    history.begin_round("r1", "morning", NINE.date(), NINE, begun, runner=runner)
    assert [one.id for one in history.broken_rounds(LONGEST_CHECK)] == (["r1"] if broken else [])


def test_each_sign_of_life_counts(history):
    history.begin_round("r1", "morning", NINE.date(), NINE, NINE, runner=Runner("another", "elsewhere 1 1"))
    assert history.broken_rounds(LONGEST_CHECK)
    history.beat("r1")
    assert history.broken_rounds(LONGEST_CHECK) == ()


def test_one_that_was_told_is_not_told_again(history):
    history.begin_round("r1", "morning", NINE.date(), NINE, NINE)
    history.record("r1", [result(), result("a.b", check=result()["check"]), result("c.d")])
    history.expect("r1", 5)
    history.begin_round("r2", "midday", NINE.date(), NINE, NINE, runner=HERE)
    (one,) = history.broken_rounds(timedelta(days=-9999))
    assert (one.id, one.ended, one.expected) == ("r1", 2, 5)
    history.finish_round("r2", NINE, "healthy", reported_rounds=["r1"])
    assert history.broken_rounds(timedelta(days=-9999)) == ()


def test_only_its_own_machine_can_say_of_a_process():
    assert is_running(HERE.process) is True
    assert [is_running(words) for words in (None, "", "elsewhere 1 1", f"{PLACE} x 1")] == [None] * 4
