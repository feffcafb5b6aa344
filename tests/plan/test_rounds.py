"""When rounds happen, and what "since the last round" means."""

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from hypercare.plan.calendar import Calendar
from hypercare.plan.rounds import round_before

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
