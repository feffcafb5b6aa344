"""How the rounds of a day stand: which ran, which goes on, which is due, which is still to come."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hypercare.history.rounds_of_day import rounds_of_day
from hypercare.history.runner import this_runner
from hypercare.history.store import History
from hypercare.plan.schedule import Schedule
from tests.history.remembering import ELSEWHERE, NINE, config_of, remember

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def standing(history: History, now: datetime, **schedules: str) -> list[str]:
    config = config_of()
    planned = {name: Schedule.of(at) for name, at in schedules.items()} or config.schedules
    return [f"{one.planned.round} {one.stand}" for one in rounds_of_day(history, config, planned, now)]


@pytest.mark.parametrize(
    ("now", "seen"),
    [
        (NINE - timedelta(minutes=1), ["morning to come", "midday to come", "evening to come"]),
        (NINE, ["morning due", "midday to come", "evening to come"]),
        (NINE + 9 * HOUR, ["morning due", "midday due", "evening due"]),
        (NINE + DAY, ["morning due", "midday to come", "evening to come"]),
    ],
)
def test_a_round_is_due_from_its_hour_on_where_there_is_no_history_yet(
    lite: History, now: datetime, seen: list[str]
) -> None:
    assert standing(lite, now) == seen
    assert not lite.is_there


def test_what_ran_today_is_not_due_again_and_what_ran_yesterday_is(lite: History) -> None:
    remember(lite, "r0", as_of=NINE - DAY, name="midday")
    remember(lite, "r1", as_of=NINE + timedelta(minutes=20))
    assert standing(lite, NINE + 4 * HOUR) == ["morning ran", "midday due", "evening to come"]


def test_what_ran_early_counts(lite: History) -> None:
    remember(lite, "r1", as_of=NINE - HOUR)
    assert standing(lite, NINE)[0] == "morning ran"


@pytest.mark.parametrize(("runner", "stand"), [(ELSEWHERE, "due"), (this_runner(), "goes on")])
def test_a_round_that_broke_off_is_due_and_one_that_runs_is_not(lite: History, runner: object, stand: str) -> None:
    remember(lite, "r1", status=None, runner=runner)
    assert standing(lite, NINE + HOUR)[0] == f"morning {stand}"


def test_each_of_several_rounds_of_one_name_stands_for_itself(lite: History) -> None:
    remember(lite, "r1", as_of=NINE - 3 * HOUR, name="shift")
    assert standing(lite, NINE + 6 * HOUR, shift="0 6,14,22 * * *") == ["shift ran", "shift due", "shift to come"]


def test_a_round_of_some_items_only_leaves_the_whole_one_due(lite: History) -> None:
    remember(lite, "r1", as_of=NINE - HOUR, partial=True)
    assert standing(lite, NINE)[0] == "morning due"


MIDNIGHT = NINE.replace(hour=23)


@pytest.mark.parametrize(
    ("now", "seen"),
    [
        (MIDNIGHT - timedelta(minutes=1), ["late due"]),
        (MIDNIGHT, ["late due", "late to come"]),
        (MIDNIGHT + timedelta(minutes=30), ["late due", "late to come"]),
        (MIDNIGHT + timedelta(minutes=31), ["late to come"]),
    ],
)
def test_what_was_due_in_the_hour_before_midnight_can_still_be_begun(
    lite: History, now: datetime, seen: list[str]
) -> None:
    assert standing(lite, now, late="23:30") == seen


def test_what_began_after_midnight_counts_for_the_day_before_alone(lite: History) -> None:
    remember(lite, "r1", as_of=MIDNIGHT + timedelta(seconds=10), name="late")
    assert standing(lite, MIDNIGHT + timedelta(minutes=20), late="23:30") == ["late to come"]
    assert standing(lite, MIDNIGHT + DAY - timedelta(minutes=1), late="23:30") == ["late due"]
