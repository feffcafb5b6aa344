"""The business's own time: set, running, standing still, seen alike by everybody."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from demo_erp import clock as clock_module
from demo_erp.business_time import business_day, day_bounds, local_instant
from demo_erp.clock import Clock
from demo_erp.errors import SetupProblem

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def real(monkeypatch):
    """The machine's time, moved by the test."""

    class Real:
        now = datetime(2031, 5, 1, tzinfo=UTC)

    monkeypatch.setattr(clock_module, "_real_now", lambda: Real.now)
    return Real


@pytest.fixture
def clock(tmp_path, real):
    return Clock(tmp_path / "clock.json")


@pytest.mark.parametrize(("rate", "after_an_hour"), [(1.0, 60), (0.0, 0), (24.0, 24 * 60), (0.5, 30)])
def test_it_goes_on_at_its_rate_from_where_it_was_set(clock, real, rate, after_an_hour):
    clock.set(NOON, rate=rate)
    assert clock.now() == NOON
    real.now += timedelta(hours=1)
    assert clock.now() == NOON + timedelta(minutes=after_an_hour)


def test_another_reader_sees_a_new_setting_at_once(clock):
    other = Clock(clock.path)
    clock.set(NOON, rate=0.0)
    assert other.now() == NOON
    clock.set(NOON + timedelta(days=1), rate=0.0)
    assert other.now() == NOON + timedelta(days=1)


def test_an_instant_in_another_zone_is_the_same_instant(clock):
    clock.set(NOON.astimezone(BERLIN), rate=0.0)
    assert clock.now() == NOON
    assert clock.now().tzinfo is UTC


def test_a_time_without_a_zone_is_refused(clock):
    with pytest.raises(ValueError, match="aware"):
        clock.set(datetime(2026, 1, 15, 12))  # noqa: DTZ001


@pytest.mark.parametrize("text", [None, "", "{}", "[]", '{"set_to": "noon"}'])
def test_a_clock_that_cannot_be_read_says_so(clock, text):
    if text is not None:
        clock.path.write_text(text)
    with pytest.raises(SetupProblem, match="cannot be read"):
        clock.now()


def test_setting_it_leaves_no_draft_behind(clock):
    clock.set(NOON)
    assert [file.name for file in clock.path.parent.iterdir()] == ["clock.json"]


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-01-15T22:59:59+00:00", "2026-01-15"),
        ("2026-01-15T23:00:00+00:00", "2026-01-16"),
        ("2026-07-15T21:59:59+00:00", "2026-07-15"),
        ("2026-07-15T22:00:00+00:00", "2026-07-16"),
    ],
)
def test_a_business_day_ends_at_the_business_own_midnight(instant, day):
    assert business_day(datetime.fromisoformat(instant), BERLIN).isoformat() == day


@pytest.mark.parametrize(("day", "hours"), [("2026-01-15", 24), ("2026-03-29", 23), ("2026-10-25", 25)])
def test_a_day_is_as_long_as_summer_time_makes_it(day, hours):
    start, end = day_bounds(datetime.fromisoformat(day).date(), BERLIN)
    assert end - start == timedelta(hours=hours)
    assert start == local_instant(start.astimezone(BERLIN).date(), datetime.min.time(), BERLIN)


def test_the_api_tells_the_business_time(shop):
    told = shop.visitor().get("/api/v1/clock").json()
    assert told == {"now": "2026-01-09T14:00:00+00:00", "timezone": "Europe/Berlin", "business_day": "2026-01-09"}
