"""When rounds happen, and what "since the last round" means."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from hypercare.plan.calendar import Calendar
from hypercare.plan.rounds import round_before
from hypercare.plan.schedule import Schedule

CALENDAR = Calendar(ZoneInfo("Europe/Berlin"), date(2026, 1, 8))
TODAY, YESTERDAY = date(2026, 1, 15), date(2026, 1, 14)


@pytest.mark.parametrize(
    ("now", "last"),
    [
        (time(9, 0), (YESTERDAY, time(17))),
        (time(9, 20), (YESTERDAY, time(17))),
        (time(12, 0), (TODAY, time(9))),
        (time(12, 45), (TODAY, time(9))),
        (time(13, 30), (TODAY, time(12))),
        (time(17, 5), (TODAY, time(12))),
        (time(22, 0), (TODAY, time(17))),
        (time(3, 0), (YESTERDAY, time(17))),
    ],
)
def test_a_round_that_runs_a_little_late_looks_back_to_the_one_before_it(now, last):
    assert round_before(CALENDAR, CALENDAR.at(TODAY, now)) == CALENDAR.at(*last)


@pytest.mark.parametrize(
    ("now", "last"),
    [
        (time(6, 5), (YESTERDAY, time(22))),
        (time(14, 0), (TODAY, time(6))),
        (time(22, 30), (TODAY, time(14))),
        (time(23, 30), (TODAY, time(22))),
    ],
)
def test_the_hours_of_rounds_may_be_ones_own(now, last):
    hours = [Schedule(clock=time(hour)) for hour in (6, 14, 22)]
    assert round_before(CALENDAR, CALENDAR.at(TODAY, now), hours) == CALENDAR.at(*last)


def test_no_round_is_due_on_days_on_which_nobody_works():
    sunday, monday = date(2026, 1, 18), date(2026, 1, 19)
    last = round_before(
        CALENDAR,
        CALENDAR.at(monday, time(9)),
        due_on=lambda calendar, one, day: one.on(day, calendar) if day != sunday else (),
    )
    assert last == CALENDAR.at(date(2026, 1, 17), time(17))


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 12), (date(2026, 10, 25), 14)])
def test_on_the_days_on_which_clocks_change_nothing_goes_unseen(day, hours):
    start = round_before(CALENDAR, CALENDAR.at(day, time(9)), [Schedule(clock=time(hour)) for hour in (9, 20)])
    assert CALENDAR.at(day, time(9)) - start == timedelta(hours=hours)
