"""Rounds as tests remember them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypercare.history.runner import Runner
from hypercare.history.store import History
from hypercare.target_file.config import TargetConfig

NINE = datetime(2026, 1, 15, 8, tzinfo=UTC)  # 09:00 in Berlin, a Thursday
ELSEWHERE = Runner("another machine", "somewhere 4711 1")


def config_of(**sections: Any) -> TargetConfig:
    business = {"timezone": "Europe/Berlin", "go_live": "2026-01-08", **sections.pop("business", {})}
    return TargetConfig.model_validate({"target": {"name": "Shop", "id": "shop"}, "business": business, **sections})


def result(item: str = "health.web", outcome: str = "passed", **more: Any) -> dict[str, Any]:
    row = {
        "item": item,
        "check": f"tests/test_it.py::test_{item}",
        "outcome": outcome,
        "level": "L2",
        "sentence": "" if outcome == "passed" else f"{item} is {outcome}",
        "count": None,
        "duration_s": 0.5,
        "ended": "2026-01-15T08:01:00+00:00",
    }
    return {**row, **more}


def remember(
    history: History,
    round_id: str,
    *rows: dict[str, Any],
    as_of: datetime = NINE,
    name: str = "morning",
    status: str | None = "healthy",
    runner: Runner | None = None,
    expected: int | None = None,
    partial: bool = False,
) -> None:
    """A round with these results; unfinished without a status."""
    day = config_of().business.calendar.date_of(as_of)
    history.begin_round(round_id, name, day, as_of, as_of, runner=runner, partial=partial)
    if expected is not None:
        history.expect(round_id, expected)
    history.record(round_id, rows)
    if status is not None:
        history.finish_round(round_id, as_of + timedelta(minutes=1), status)
