"""Rounds that were due were held, and what they came to was signed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from hypercare.escalation.annotations import DAILY, Annotations
from hypercare.history.store import History
from hypercare.outcome.signals import AwaitingPerson, NotCovered
from hypercare.period_reports.reviews import Reviews
from tests.history.remembering import NINE, config_of, remember, result

HOURS = {"morning": 0, "midday": 3, "evening": 8}


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    opened = History(tmp_path / "history.sqlite", "shop")
    yield opened
    opened.close()


def held(history: History, days_ago: int, *names: str) -> None:
    for name in names:
        at = NINE - timedelta(days=days_ago) + timedelta(hours=HOURS[name])
        remember(history, f"{name}{days_ago}", result(), as_of=at, name=name)


def reviews(history: History, **business: object) -> Reviews:
    return Reviews(config_of(business=business), history, NINE + timedelta(hours=8))


def test_all_rounds_that_were_due_were_held(history: History) -> None:
    for days_ago in (2, 1, 0):
        held(history, days_ago, *HOURS)
    assert (reviews(history).missed_rounds().count, reviews(history).missed_rounds().of) == (0, 6)


def test_a_round_that_was_not_held_is_named(history: History) -> None:
    for days_ago in (3, 2):
        held(history, days_ago, *HOURS)
    held(history, 1, "morning", "evening")
    held(history, 0, *HOURS)
    found = reviews(history).missed_rounds()
    assert (found.count, found.of) == (1, 6)
    assert list(found.sample) == [{"round": "midday", "due": "14 Jan 12:00", "broke off": ""}]


@pytest.mark.parametrize("days", [(), (2,)])
def test_a_round_that_nobody_holds_is_a_question(history: History, days: tuple[int, ...]) -> None:
    held(history, 2, "evening")
    for days_ago in days:
        held(history, days_ago, "midday", "morning")
    held(history, 1, "evening")
    held(history, 0, "evening")
    found = reviews(history)
    assert (found.missed_rounds().count, found.rounds_that_nobody_holds().count) == (0, 4)


def test_a_weekly_round_that_was_held_twice_is_missed(history: History) -> None:
    for days_ago in (15, 8):
        at = NINE - timedelta(days=days_ago)
        remember(history, f"weekly{days_ago}", result(), as_of=at, name="weekly")
    due = config_of(rounds={"due": {"weekly": "0 9 * * 3"}})
    found = Reviews(due, history, NINE)
    assert [row["round"] for row in found.missed_rounds().sample] == ["weekly"]


def test_before_the_first_round_nothing_was_due(history: History) -> None:
    held(history, 0, "evening")
    assert reviews(history).missed_rounds().count == 0


def test_the_report_of_the_last_day_with_rounds_waits_for_a_signature(history: History) -> None:
    held(history, 0, *HOURS)
    with pytest.raises(NotCovered, match="No day before this one"):
        reviews(history).require_last_day_read()
    held(history, 3, *HOURS)
    with pytest.raises(AwaitingPerson, match=r"report of Monday, 12 Jan: .* --day 2026-01-12"):
        reviews(history).require_last_day_read()
    Annotations(history).sign_off(DAILY, date(2026, 1, 12), "", "Mara", NINE)
    reviews(history).require_last_day_read()


def test_the_summary_of_the_last_week_waits_for_a_signature(history: History) -> None:
    with pytest.raises(NotCovered, match="No round was held in week 1"):
        reviews(history).require_last_week_read()
    held(history, 3, "morning")
    with pytest.raises(AwaitingPerson, match=r"summary of week 1: .*--what week-1"):
        reviews(history).require_last_week_read()
    Annotations(history).sign_off("week-1", date(2026, 1, 8), "", "Mara", NINE)
    reviews(history).require_last_week_read()


def test_the_first_week_is_not_summed_up_before_it_is_over(history: History) -> None:
    held(history, 1, "morning")
    with pytest.raises(NotCovered, match="The first week is not over"):
        reviews(history, go_live="2026-01-12").require_last_week_read()
