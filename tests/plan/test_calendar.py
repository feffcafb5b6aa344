"""Business time: local days as ranges of instants, right across DST."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypercare.plan.calendar import Calendar, Period, Phase

BERLIN = Calendar(ZoneInfo("Europe/Berlin"), date(2026, 1, 8))


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 1, 15), 24), (date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_a_local_day_is_as_long_as_the_clocks_make_it(day, hours):
    assert BERLIN.day(day).length == timedelta(hours=hours)


def test_a_day_ends_where_the_next_begins():
    assert BERLIN.day(date(2026, 3, 29)).end == BERLIN.day(date(2026, 3, 30)).start


def test_an_instant_late_in_the_evening_utc_belongs_to_the_next_local_day():
    assert BERLIN.date_of(datetime(2026, 1, 14, 23, 30, tzinfo=UTC)) == date(2026, 1, 15)


def test_today_ends_at_the_instant_it_is_asked_for():
    as_of = BERLIN.at(date(2026, 1, 15), time(12))
    assert BERLIN.today(as_of) == Period(BERLIN.at(date(2026, 1, 15), time(0)), as_of)


def test_same_hours_of_an_earlier_day_follow_the_clock_on_the_wall():
    as_of = BERLIN.at(date(2026, 3, 29), time(12))
    earlier = BERLIN.same_hours(as_of, 1)
    assert earlier.end == datetime(2026, 3, 28, 11, tzinfo=UTC)
    assert as_of == datetime(2026, 3, 29, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "number", "phase"),
    [
        (date(2026, 1, 7), 0, Phase.BEFORE),
        (date(2026, 1, 8), 1, Phase.STABILISATION),
        (date(2026, 1, 10), 3, Phase.STABILISATION),
        (date(2026, 1, 11), 4, Phase.VALIDATION),
        (date(2026, 1, 15), 8, Phase.OPTIMISATION),
        (date(2026, 1, 21), 14, Phase.OPTIMISATION),
        (date(2026, 1, 22), 15, Phase.AFTER),
    ],
)
def test_go_live_is_day_one(day, number, phase):
    assert BERLIN.number_of(day) == number
    assert BERLIN.phase_of(day) is phase


@given(
    st.integers(0, 15 * 366 * 24 * 60).map(
        lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    )
)
def test_every_instant_lies_in_the_day_it_belongs_to(instant):
    assert instant in BERLIN.day(BERLIN.date_of(instant))


OVER_MIDNIGHT = Calendar(ZoneInfo("Europe/Berlin"), date(2026, 1, 8), time(4))


@pytest.mark.parametrize(("day", "clock", "of"), [(16, time(3, 59), 15), (16, time(4), 16), (16, time(23), 16)])
def test_what_is_sold_after_midnight_stands_in_the_books_of_the_day_before(day, clock, of):
    instant = OVER_MIDNIGHT.at(date(2026, 1, day), clock)
    assert OVER_MIDNIGHT.business_date(instant) == date(2026, 1, of)
    assert OVER_MIDNIGHT.today(instant).start == OVER_MIDNIGHT.at(date(2026, 1, of), time(4))
    assert OVER_MIDNIGHT.date_of(instant) == date(2026, 1, day)


@pytest.mark.parametrize("clock", [time(1), time(12)])
def test_the_same_hours_of_an_earlier_day_are_as_long(clock):
    now = OVER_MIDNIGHT.at(date(2026, 1, 16), clock)
    assert OVER_MIDNIGHT.same_hours(now, 0) == OVER_MIDNIGHT.today(now)
    assert OVER_MIDNIGHT.same_hours(now, 7).length == OVER_MIDNIGHT.today(now).length


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 28), 23), (date(2026, 10, 24), 25), (date(2026, 1, 15), 24)])
def test_a_business_day_is_as_long_as_the_clocks_make_it(day, hours):
    assert OVER_MIDNIGHT.business_day(day).length == timedelta(hours=hours)
