"""Downtime against its objective, and the second week beside the first."""

from datetime import date, datetime, time, timedelta

import pytest

from hypercare.history.store import History
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from hypercare.stability.availability import Availability
from hypercare.target_file.sections.uptime import UptimeSection
from hypercare.uptime.sample import Sample
from hypercare.uptime.state import State
from hypercare.uptime_history.samples import add_samples
from tests.standins.frozen_target import NOON, frozen_target

EVERY = timedelta(minutes=5)
EVENING = NOON + timedelta(hours=5)
GO_LIVE = date(2026, 1, 8)


@pytest.fixture
def history(tmp_path):
    opened = History(tmp_path / "history.sqlite", "tried")
    yield opened
    opened.close()


def availability(folder, history, *, now=EVENING, goal=98.0):
    target = frozen_target(folder, now=now, uptime=UptimeSection(goal=goal))
    return target, Availability(target, lambda: history)


def probe(history, start: datetime, end: datetime, *down: tuple[datetime, int]) -> None:
    moments = [start + EVERY * number for number in range((end - start) // EVERY)]
    is_down = [any(at <= moment < at + timedelta(minutes=length) for at, length in down) for moment in moments]
    states = [State.DOWN if one else State.UP for one in is_down]
    add_samples(history, [Sample("api", "p", at, one, EVERY) for at, one in zip(moments, states, strict=True)])


@pytest.mark.parametrize(("minutes", "goal", "within"), [(5, 98.0, True), (10, 98.0, False), (30, 90.0, True)])
def test_downtime_is_judged_by_the_share_of_service_that_its_objective_leaves(tmp_path, history, minutes, goal, within):
    target, asked = availability(tmp_path, history, goal=goal)
    start = target.calendar.at(date(2026, 1, 15), time.min)
    probe(history, start, EVENING, (NOON, minutes))
    found = asked.downtime(Period(start, EVENING))
    assert (found.minutes, found.down <= found.allowed) == (minutes, within)
    assert found.service == timedelta(hours=8)  # open from 9 to 18, judged at 17


def test_what_nobody_observed_may_have_been_downtime(tmp_path, history):
    target, asked = availability(tmp_path, history)
    start = target.calendar.at(date(2026, 1, 15), time.min)
    probe(history, start, NOON)
    with pytest.raises(NotCovered, match="nobody observed"):
        asked.downtime(Period(start, EVENING)).require_observed()


def test_where_nobody_ever_looked_nothing_is_known(tmp_path, history):
    _, asked = availability(tmp_path, history)
    with pytest.raises(NotCovered):
        asked.downtime(Period(NOON, EVENING))


@pytest.mark.parametrize(("minutes", "less"), [(5, False), (60, True)])
def test_the_second_week_is_less_up_by_more_than_a_point_and_below_the_objective(tmp_path, history, minutes, less):
    target, asked = availability(tmp_path, history)
    probe(history, target.calendar.at(GO_LIVE, time.min), EVENING, (NOON, minutes))
    weeks = asked.uptime_by_week()
    assert (weeks.first, asked.is_less_up(weeks)) == (100.0, less)


def test_a_first_week_that_nobody_observed_is_no_measure(tmp_path, history):
    _, asked = availability(tmp_path, history)
    probe(history, NOON, EVENING)
    with pytest.raises(NotCovered, match="first week"):
        asked.uptime_by_week()


@pytest.mark.parametrize(
    ("first_week", "today", "more"),
    [([3, 5, 2, 4, 4, 1, 3], 16, False), ([3, 5, 2, 4, 4, 1, 3], 17, True), ([0, 0, 40], 45, False)],
)
def test_errors_are_more_when_no_day_of_the_first_week_had_nearly_as_many(tmp_path, history, first_week, today, more):
    target, asked = availability(tmp_path, history)
    for number, errors in enumerate(first_week):
        evening = target.calendar.at(GO_LIVE + timedelta(days=number), time(17))
        history.begin_round(f"e{number}", "evening", GO_LIVE + timedelta(days=number), evening, evening)
        history.record_figures(f"e{number}", {"errors": errors})
    assert asked.has_more_errors(asked.errors_by_week(today)) is more


def test_the_first_week_has_to_be_over(tmp_path, history):
    _, asked = availability(tmp_path, history, now=EVENING - timedelta(days=2))
    probe(history, NOON - timedelta(days=4), NOON - timedelta(days=3))
    with pytest.raises(NotCovered, match="day 6"):
        asked.errors_by_week(3)
