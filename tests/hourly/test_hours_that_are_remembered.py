"""Counts by hour: each round asks from where the last one stood, and knows what is usual as if it had asked for all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from hypercare.hourly import Hourly
from hypercare.outcome.series import Series
from hypercare.plan.calendar import Period
from tests.operations.checking import make_target
from tests.standins.json_memory import JsonMemory

FIRST = date(2026, 3, 2)
Count = Callable[[Period], int]


def true_count(period: Period) -> int:
    """Business of a kind: more in the afternoon, more on Fridays, less on one Monday in three; never at night."""
    local = period.start.astimezone(CALENDAR.zone)
    if not 8 <= local.hour < 20:
        return 0
    whole = period.length / timedelta(hours=1)
    return round(whole * (10 + local.hour + 5 * (local.weekday() == 4) - local.day % 3))


CALENDAR = make_target("sqlite://", {}, datetime(2026, 3, 2, 12, tzinfo=UTC), go_live=FIRST).calendar


def round_at(
    memory: JsonMemory, day: date, at: time, count: Count = true_count, **business: Any
) -> tuple[Series, Sequence[Period]]:
    as_of = datetime.combine(day, at, CALENDAR.zone).astimezone(UTC)
    target = make_target("sqlite://", {}, as_of, go_live=FIRST, business=business)
    hours = Hourly(target, memory).of("sales")
    return hours.series("Sales", {"sales": [count(one) for one in hours.periods]}), hours.periods


def live(memory: JsonMemory, days: int, *rounds: time, **business: Any) -> None:
    for number in range(days):
        for at in rounds:
            round_at(memory, FIRST + timedelta(days=number), at, **business)


def test_the_first_round_knows_today_alone_and_says_so() -> None:
    series, periods = round_at(JsonMemory(), FIRST, time(12, 20))
    assert len(periods) == 13
    assert series.lines["sales"][:13] == [*[0] * 8, 16, 17, 18, 19, 7]
    assert series.lines["sales"][13:] == [None] * 11
    assert series.unfinished
    assert series.usual is None
    assert series.gap == (
        "What is usual on a Monday is not known yet: that takes 3 Mondays or 5 days of the week; "
        "0 and 0 are remembered."
    )


def test_no_round_asks_for_more_than_came_since_the_one_before() -> None:
    memory = JsonMemory()
    live(memory, 3, time(12), time(17, 30))
    evening = CALENDAR.at(FIRST + timedelta(days=2), time(17))
    _, periods = round_at(memory, FIRST + timedelta(days=3), time(9))
    assert (periods[0].start, periods[-1].end) == (evening, CALENDAR.at(FIRST + timedelta(days=3), time(9)))


def test_what_is_usual_is_that_of_whole_days_though_the_last_round_is_in_the_afternoon() -> None:
    memory = JsonMemory()
    live(memory, 28, time(12, 10), time(17))
    series, _ = round_at(memory, FIRST + timedelta(days=28), time(17))
    mondays = [FIRST + timedelta(days=7 * number) for number in range(4)]
    assert series.usual is not None
    assert (series.usual.days, series.usual.alike, series.gap) == (4, "Mondays", "")
    for hour in range(24):
        values = sorted(
            true_count(Period(CALENDAR.at(day, time(hour)), CALENDAR.at(day, time(hour)) + timedelta(hours=1)))
            for day in mondays
        )
        middle = (values[1] + values[2]) / 2
        assert series.usual.middle[hour] == middle
        low, high = series.usual.low[hour], series.usual.high[hour]
        assert low is not None and high is not None
        assert low <= values[0] and values[-1] <= high


def test_while_days_of_the_name_are_few_those_of_the_week_tell() -> None:
    memory = JsonMemory()
    live(memory, 8, time(17))
    series, _ = round_at(memory, FIRST + timedelta(days=8), time(17))
    assert series.usual is not None
    assert (series.usual.alike, series.usual.days) == ("days of the week", 6)


def test_a_day_that_is_not_known_to_its_end_tells_nothing() -> None:
    memory = JsonMemory()
    live(memory, 5, time(12))
    series, periods = round_at(memory, FIRST + timedelta(days=9), time(12))
    assert periods[0].start == CALENDAR.at(FIRST + timedelta(days=9), time.min)
    assert series.gap.endswith("1 and 4 are remembered.")


def test_closed_days_are_not_usual() -> None:
    memory = JsonMemory()
    closed = [{"day": FIRST + timedelta(days=1), "reason": "feast"}]
    live(memory, 6, time(17), closed=closed)
    series, _ = round_at(memory, FIRST + timedelta(days=7), time(17), closed=closed)
    assert series.gap.endswith("1 and 4 are remembered.")


@pytest.mark.parametrize(
    ("day", "hours", "twice"),
    [(date(2026, 3, 29), 23, False), (date(2026, 10, 25), 25, True)],
    ids=["spring", "autumn"],
)
def test_days_on_which_clocks_change_have_their_own_number_of_hours(day: date, hours: int, twice: bool) -> None:
    series, periods = round_at(JsonMemory(), day, time(23, 59, 59))
    assert len(series.points) == len(periods) == hours
    assert len({point[11:16] for point in series.points}) == 24 - (not twice)
    assert len(set(series.points)) == hours


def test_a_day_may_begin_at_four() -> None:
    memory = JsonMemory()
    series, periods = round_at(memory, FIRST, time(2), day_starts="04:00")
    assert periods[0].start == CALENDAR.at(FIRST - timedelta(days=1), time(4))
    assert (series.points[0][11:16], len(series.points)) == ("04:00", 24)


def test_a_round_that_is_held_again_counts_nothing_twice() -> None:
    memory = JsonMemory()
    live(memory, 21, time(12), time(12), time(17), time(17))
    again = JsonMemory()
    live(again, 21, time(17))
    day = FIRST + timedelta(days=21)
    assert round_at(memory, day, time(17))[0] == round_at(again, day, time(17))[0]


def test_a_look_back_does_not_know_what_came_later() -> None:
    memory = JsonMemory()
    live(memory, 28, time(17))
    series, periods = round_at(memory, FIRST + timedelta(days=21), time(12))
    assert periods[0].start == CALENDAR.at(FIRST + timedelta(days=21), time.min)
    assert series.usual is not None
    assert (series.usual.alike, series.usual.days) == ("Mondays", 3)
    assert series.lines["sales"][12] is None


def test_another_time_zone_begins_anew() -> None:
    memory = JsonMemory()
    live(memory, 28, time(17))
    as_of = datetime(2026, 3, 30, 17, tzinfo=UTC)
    target = make_target("sqlite://", {}, as_of, go_live=FIRST, zone="Asia/Kathmandu")
    hours = Hourly(target, memory).of("sales")
    series = hours.series("Sales", {"sales": [1 for _ in hours.periods]})
    assert series.usual is None
    assert {point[16:] for point in series.points} == {":00+05:45"}


def test_what_is_remembered_stays_small(tmp_path: Path) -> None:
    memory = JsonMemory()
    live(memory, 90, time(17))
    assert max(map(len, memory.values.values())) < 64_000
