"""What the rounds of a day took of the database's time is remembered from one to the next, and ends with the day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from hypercare.history.memory import Memory
from hypercare.history.problem import HistoryProblem
from hypercare.suite.share_of_day import remember_taken, share_of_day, taken_today
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target
from tests.operations.round_memory import Remembering

MORNING = datetime(2026, 1, 15, 9, tzinfo=UTC)
EVENING, NEXT_DAY = MORNING + timedelta(hours=8), MORNING + timedelta(days=1)


def config(**database: object) -> TargetConfig:
    return TargetConfig.model_validate(
        {
            "target": {"name": "tried"},
            "business": {"timezone": "UTC", "go_live": date(2026, 1, 8)},
            "database": {"url": "sqlite:///unused.sqlite", **database},
        }
    )


def target(at: datetime, **database: object) -> Target:
    return Target(config(**database), Path("unused"), at)


@pytest.fixture
def memory() -> Memory:
    return Remembering()


@pytest.fixture(autouse=True)
def _a_clock_that_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Target, "now", lambda target: target.as_of)


def test_the_next_round_of_the_day_goes_on_where_the_one_before_ended(memory: Memory) -> None:
    assert remember_taken(target(MORNING), memory, 500.0) == 500.0
    evening = share_of_day(target(EVENING), memory)
    assert evening is not None
    assert (evening.allowed_s, evening.earlier_s, evening.is_used_up) == (864.0, 500.0, False)
    evening.spend(400.0)
    assert evening.is_used_up
    assert remember_taken(target(EVENING), memory, 400.0) == 900.0


def test_a_new_day_has_a_new_share(memory: Memory) -> None:
    remember_taken(target(MORNING), memory, 900.0)
    share = share_of_day(target(NEXT_DAY), memory)
    assert share is not None and not share.is_used_up


def test_without_a_database_there_is_nothing_to_take() -> None:
    without = TargetConfig.model_validate(
        {"target": {"name": "tried"}, "business": {"timezone": "UTC", "go_live": date(2026, 1, 8)}}
    )
    assert share_of_day(Target(without, Path("unused"), MORNING), Memory()) is None


def test_the_target_file_says_how_much_it_is(memory: Memory) -> None:
    share = share_of_day(target(MORNING, day_share=0.001), memory)
    assert share is not None and share.allowed_s == pytest.approx(86.4)


def test_without_a_history_each_round_counts_for_itself() -> None:
    class Broken(Memory):
        def recall(self, name: str) -> None:
            raise HistoryProblem("it cannot be opened")

    assert taken_today(target(MORNING), Broken()) == 0.0
