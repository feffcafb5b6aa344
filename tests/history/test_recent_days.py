"""The two weeks before a day, as the history has them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from hypercare.history.recent_days import RecentFigures, joined, recent_days, recent_figures
from hypercare.history.store import History
from tests.history.remembering import config_of, remember

CALENDAR = config_of().business.calendar
DAY = date(2026, 1, 29)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    opened = History(tmp_path / "history.sqlite", "shop")
    yield opened
    opened.close()


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def lived(history: History) -> None:
    """Since go-live, day 8, a round in the morning and one in the evening, none on Sundays."""
    for number in range(22):
        day = date(2026, 1, 8) + timedelta(days=number)
        if day.weekday() == 6:
            continue
        worse = "issues" if number % 3 else "healthy"
        remember(history, f"m{number}", as_of=at(day, 8), name="morning", status=worse)
        history.record_figures(f"m{number}", {"login_failures": 1})
        remember(history, f"e{number}", as_of=at(day, 16), name="evening", status="healthy")
        amount = Decimal(f"{number}.50")
        told = {
            "sales_created": 10 * number,
            "sales_amount": amount,
            "login_failures": 9,
            "errors_by_kind": {"known": 2},
        }
        history.record_figures(f"e{number}", told)


def test_fourteen_days_each_with_the_worst_of_its_rounds(history: History) -> None:
    lived(history)
    days = recent_days(history, CALENDAR, DAY)
    assert [one.day for one in days] == [DAY - timedelta(days=number) for number in range(13, -1, -1)]
    assert days[-1].number == 22
    for one in days:
        number = one.number - 1
        expected = "" if one.day.weekday() == 6 else "issues" if number % 3 else "healthy"
        assert (one.status, one.rounds) == (expected, 0 if one.day.weekday() == 6 else 2)


def test_days_before_go_live_are_left_out(history: History) -> None:
    assert [one.number for one in recent_days(history, CALENDAR, date(2026, 1, 10))] == [1, 2, 3]
    assert [one.number for one in recent_days(history, CALENDAR, date(2026, 1, 5))] == [-2]


def test_figures_are_those_that_rounds_of_the_same_name_told(history: History) -> None:
    lived(history)
    names = {"sales_created": 1, "login_failures": 1, "errors_by_kind": {}, "never_told": 1, "sales_amount": "1"}
    evening = recent_figures(history, CALENDAR, DAY, "evening", names)
    morning = recent_figures(history, CALENDAR, DAY, "morning", names)
    assert evening.days == [DAY - timedelta(days=number) for number in range(14, 0, -1)]
    told = dict(zip(evening.days, evening.values["sales_created"], strict=True))
    assert told[date(2026, 1, 15)] == 70
    assert told[date(2026, 1, 18)] is None
    assert evening.values["sales_amount"][0] == "7.50"
    assert evening.values["errors_by_kind"][0] == {"known": 2}
    assert set(evening.values["login_failures"]) == {9, None}
    assert set(morning.values["login_failures"]) == {1, None}
    assert "never_told" not in evening.values


def test_of_a_round_that_was_held_twice_the_last_tells(history: History) -> None:
    lived(history)
    remember(history, "again", as_of=at(date(2026, 1, 28), 17), name="evening")
    history.record_figures("again", {"sales_created": 5})
    found = recent_figures(history, CALENDAR, DAY, "evening", {"sales_created": 1})
    assert found.values["sales_created"][-1] == 5


def test_what_no_figure_can_be_is_not_known(history: History) -> None:
    remember(history, "odd", as_of=at(date(2026, 1, 28), 16), name="evening")
    many = {f"branch {number}": 1 for number in range(9)}
    history.record_figures("odd", {"a": "no number", "b": many, "c": {"x": 1.5}, "d": "{broken", "e": "NaN"})
    names = dict.fromkeys("abcde", 1)
    assert recent_figures(history, CALENDAR, DAY, "evening", names).values == {}


def test_the_rounds_of_a_day_bring_their_figures_together() -> None:
    days = [date(2026, 1, 14)]
    morning = RecentFigures(days=days, values={"a": [1], "b": [2]})
    evening = RecentFigures(days=days, values={"b": [3]})
    assert joined([morning, RecentFigures(), evening]) == RecentFigures(days=days, values={"a": [1], "b": [3]})


def test_a_history_that_is_not_there_knows_nothing(tmp_path: Path) -> None:
    history = History(tmp_path / "none.sqlite", "shop")
    assert {one.status for one in recent_days(history, CALENDAR, DAY)} == {""}
    assert recent_figures(history, CALENDAR, DAY, "evening", {"a": 1}).values == {}
