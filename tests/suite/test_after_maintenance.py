"""What went wrong while somebody worked on the system is nobody's finding afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypercare.logs import Logs
from hypercare.plan.calendar import Period
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


def target_with(folder, *worked_on: Period) -> Target:
    log = {"name": "app", "path": folder / "app.log", "format": "text"}
    config = TargetConfig.model_validate(
        {"target": {"name": "Shop"}, "business": {"timezone": "UTC", "go_live": "2026-01-08"}, "logs": [log]}
    )
    return Target(config, folder, NOON, worked_on=worked_on)


def test_errors_of_that_time_are_not_counted(tmp_path):
    lines = [f"2026-01-15 {hour:02}:00:00 ERROR the database does not answer, try {hour}" for hour in range(8, 12)]
    (tmp_path / "app.log").write_text("\n".join(lines) + "\n")
    since = Period(NOON - timedelta(hours=6), NOON)
    assert Logs(target_with(tmp_path)).errors(since).count == 4
    worked_on = Period(NOON - timedelta(hours=3), NOON - timedelta(hours=1))
    assert Logs(target_with(tmp_path, worked_on)).errors(since).count == 2
