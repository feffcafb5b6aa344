"""What a round looks back on: nothing falls between two rounds, at whatever hours they run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hypercare.history.store import History
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target

DAY = datetime(2026, 1, 15, tzinfo=UTC)
OWN_HOURS = {"due": {"morning": "06:00", "midday": "14:00", "evening": "22:00"}}


def target_at(hour: int, folder: Path, rounds: dict[str, object] | None = None, **more: object) -> Target:
    config = TargetConfig.model_validate(
        {
            "target": {"name": "Shop"},
            "business": {"timezone": "UTC", "go_live": "2026-01-08"},
            "rounds": rounds or OWN_HOURS,
        }
    )
    return Target(config, folder, DAY + timedelta(hours=hour), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("hour", "back"), [(6, 8), (14, 8), (22, 8), (23, 9)])
def test_without_a_history_it_goes_by_the_hours_of_the_target_file(tmp_path: Path, hour: int, back: int) -> None:
    assert target_at(hour, tmp_path).since_last_round.length == timedelta(hours=back)


def test_a_round_that_was_missed_widens_what_the_next_one_looks_at(tmp_path: Path) -> None:
    last = DAY - timedelta(days=2)
    assert target_at(14, tmp_path, previous_round=last).since_last_round.start == last


@pytest.mark.parametrize(
    ("alike", "start"),
    [
        (DAY - timedelta(hours=2), DAY - timedelta(hours=2)),
        (DAY + timedelta(hours=1), DAY),
        (None, DAY),
    ],
)
def test_a_review_begins_where_the_last_one_ended_and_with_the_day_at_the_latest(
    tmp_path: Path, alike: datetime | None, start: datetime
) -> None:
    assert target_at(22, tmp_path, previous_alike=alike).unreviewed.start == start


def test_a_round_of_some_items_does_not_count_as_the_last_one(tmp_path: Path) -> None:
    history = History(tmp_path / "history.sqlite", "shop")
    for number, (name, partial) in enumerate([("evening", False), ("morning", False), ("midday", True)]):
        at = DAY + timedelta(hours=number)
        history.begin_round(name, name, DAY.date(), at, at, partial=partial)
        history.finish_round(name, at, "healthy")
    assert history.last_finished_round(DAY + timedelta(hours=9)) == DAY + timedelta(hours=1)
    assert history.last_finished_round(DAY + timedelta(hours=9), "evening") == DAY
    history.close()
