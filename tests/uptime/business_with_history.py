"""A business with a history of samples in a file of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypercare.history.opening import open_history
from hypercare.history.store import History
from hypercare.target_file.config import TargetConfig
from hypercare.uptime.sample import Sample
from hypercare.uptime.state import State

BERLIN = ZoneInfo("Europe/Berlin")
EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
HOURS = [
    {"branch": "HAR", "days": EVERY_DAY, "opens": "09:00", "closes": "18:00"},
    {"branch": "OLD", "days": EVERY_DAY, "opens": "10:00", "closes": "20:00"},
]


def business(hours: list[dict[str, Any]] | None = None, **sections: Any) -> TargetConfig:
    """Rosewood of Berlin, live since 8 January 2026."""
    return TargetConfig.model_validate(
        {
            "target": {"name": "Rosewood", "id": "rosewood"},
            "business": {"timezone": "Europe/Berlin", "go_live": "2026-01-08", "hours": hours or []},
            **sections,
        }
    )


def history_in(folder: Path, config: TargetConfig) -> History:
    return open_history(config, folder / "reports")


def local(day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """An instant of January 2026 by the clock on the wall."""
    return datetime(2026, 1, day, hour, minute, second, tzinfo=BERLIN).astimezone(UTC)


def series(
    start: datetime, end: datetime, state: State = State.UP, *, every: float = 300, way: str = "web", **more: Any
) -> list[Sample]:
    step = timedelta(seconds=every)
    settings: dict[str, Any] = {"prober": "probe-1", "interval": step, **more}
    number = -((start - end) // step)
    return [Sample(way, at=start + step * count, state=state, **settings) for count in range(number)]
