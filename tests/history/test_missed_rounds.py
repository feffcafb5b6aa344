"""Which rounds were due and did not happen."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypercare.history.missed_rounds import due_rounds
from hypercare.history.runner import this_runner
from hypercare.history.store import History
from hypercare.plan.rounds import DAILY_ROUNDS, Round
from tests.history.remembering import ELSEWHERE, NINE, config_of, remember

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEKDAYS = [{"branch": "N", "days": ["mon", "tue", "wed", "thu", "fri"], "opens": "09:00", "closes": "18:00"}]


def missed(history, since, until, **sections):
    found = history.missed_rounds(config_of(**sections), since, until)
    return [f"{one.round} {one.day:%d}" + (" broke off" if one.begun else "") for one in found]


@pytest.mark.parametrize(
    ("until", "seen"),
    [
        (NINE + 3 * HOUR + timedelta(minutes=29), []),
        (NINE + 3 * HOUR + timedelta(minutes=30), ["midday 15"]),
        (NINE + 8 * HOUR + timedelta(minutes=30), ["midday 15", "evening 15"]),
        (NINE + DAY, ["midday 15", "evening 15"]),
        (NINE + DAY + HOUR, ["midday 15", "evening 15", "morning 16"]),
    ],
)
def test_a_round_is_missed_half_an_hour_after_it_was_due(lite, until, seen):
    remember(lite, "r1")
    assert missed(lite, NINE, until) == seen


def test_a_round_that_ran_late_was_not_missed(lite):
    remember(lite, "r1")
    remember(lite, "r2", as_of=NINE + 6 * HOUR, name="midday")
    assert missed(lite, NINE, NINE + 8 * HOUR) == []


@pytest.mark.parametrize(
    ("runner", "seen"),
    [(ELSEWHERE, ["midday 15 broke off"]), (this_runner(), [])],
    ids=["silent since long", "still running"],
)
def test_a_round_that_broke_off_did_not_happen_and_one_that_runs_does(lite, runner, seen):
    remember(lite, "r1")
    remember(lite, "r2", as_of=NINE + 3 * HOUR, name="midday", status=None, runner=runner)
    assert missed(lite, NINE, NINE + 4 * HOUR) == seen


def test_a_round_that_began_after_midnight_counts_for_the_evening_that_it_was_due(lite):
    begun = NINE.replace(hour=23, minute=10)  # ten past midnight in Berlin
    remember(lite, "r1", as_of=begun - DAY, name="evening")
    remember(lite, "r2", as_of=begun, name="evening")
    late = {"rounds": {"due": {"evening": "23:45"}}}
    assert missed(lite, begun, begun + 1.5 * DAY, **late) == ["evening 16"]


def test_a_round_of_some_items_only_does_not_stand_for_the_whole(lite):
    remember(lite, "r1")
    remember(lite, "r2", as_of=NINE + 3 * HOUR, name="midday", partial=True)
    assert missed(lite, NINE, NINE + 4 * HOUR) == ["midday 15"]


def test_a_round_of_another_target_does_not_count(lite, tmp_path):
    remember(lite, "r1")
    other = History(tmp_path / "history.sqlite", "another")
    remember(other, "r2", as_of=NINE + 3 * HOUR, name="midday")
    other.close()
    assert missed(lite, NINE, NINE + 4 * HOUR) == ["midday 15"]


def test_nobody_waited_before_the_first_round(lite):
    assert missed(lite, NINE - 30 * DAY, NINE) == []
    remember(lite, "r1")
    assert missed(lite, NINE - 30 * DAY, NINE + HOUR) == []


@pytest.mark.parametrize(
    "business",
    [
        {"hours": WEEKDAYS},
        {"closed": [{"day": "2026-01-17"}, {"day": "2026-01-18"}]},
    ],
    ids=["no branch works", "closed"],
)
def test_no_round_is_due_on_days_on_which_nobody_works(lite, business):
    remember(lite, "r1", as_of=NINE + DAY + 8 * HOUR, name="evening")
    assert missed(lite, NINE + DAY + 8 * HOUR, NINE + 4 * DAY + HOUR, business=business) == ["morning 19"]


def test_only_the_rounds_that_are_due_by_the_target_file_are_waited_for(lite):
    remember(lite, "r1")
    assert missed(lite, NINE, NINE + DAY, rounds={"due": {"evening": "19:30"}}) == ["evening 15"]
    assert missed(lite, NINE, NINE + 11 * HOUR, rounds={"due": {"evening": "20:00"}}) == []


@given(st.integers(0, 400), st.integers(1, 20))
def test_every_day_has_each_round_once_also_when_clocks_change(first, days):
    calendar = config_of().business.calendar
    day = date(2026, 1, 8) + timedelta(days=first)
    start, end = calendar.day(day).start, calendar.day(day + timedelta(days=days - 1)).end
    due = list(due_rounds(config_of(), start, end - timedelta(seconds=1)))
    assert [one.round for one in due] == list(DAILY_ROUNDS) * days
    assert all(one.due.astimezone(calendar.zone).time() == DAILY_ROUNDS[Round(one.round)] for one in due)
    assert len({one.day for one in due}) == days


NIGHTS = {"due": {"weekly": "50 23 * * 1-6"}}
TWICE = {"due": {"monthly": "0 6,14 * * *"}}


def test_a_round_is_waited_for_on_the_days_of_its_expression_whatever_the_hours(lite):
    remember(lite, "r1")
    business = {"hours": WEEKDAYS, "closed": [{"day": "2026-01-19"}]}
    assert missed(lite, NINE, NINE + 6 * DAY, rounds=NIGHTS, business=business) == [
        "weekly 15",
        "weekly 16",
        "weekly 17",
        "weekly 20",
    ]


def test_a_round_that_is_due_before_midnight_may_begin_after_it(lite):
    remember(lite, "r1")
    remember(lite, "r2", as_of=NINE + 15 * HOUR + timedelta(minutes=5), name="weekly")
    assert missed(lite, NINE, NINE + 2 * DAY, rounds=NIGHTS) == ["weekly 16"]


def test_a_round_before_midnight_that_an_hourly_call_began_late_is_not_taken_for_the_next_days(lite):
    remember(lite, "r1")
    late = {"due": {"weekly": "5 23 * * *"}}
    remember(lite, "r2", as_of=NINE + 15 * HOUR + timedelta(minutes=1), name="weekly")
    assert missed(lite, NINE, NINE + 2 * DAY, rounds=late) == ["weekly 16"]


@pytest.mark.parametrize(
    ("ran", "seen"),
    [([-3], ["14:00"]), ([5], ["06:00"]), ([-3, 5], []), ([4.75], ["06:00"]), ([4], ["14:00"])],
)
def test_each_of_several_rounds_of_a_day_has_to_happen(lite, ran, seen):
    remember(lite, "r0", as_of=NINE - 4 * HOUR)
    for number, hours in enumerate(ran):
        remember(lite, f"m{number}", as_of=NINE + hours * HOUR, name="monthly")
    config = config_of(rounds=TWICE)
    found = lite.missed_rounds(config, NINE - 4 * HOUR, NINE + 10 * HOUR)
    zone = config.business.calendar.zone
    assert [f"{one.due.astimezone(zone):%H:%M}" for one in found] == seen
