"""An incident that nobody answers is noticed; one that somebody has taken up is not."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest

from faultlab.proving.prepared_day import PreparedDay
from faultlab.suite_run import Scope, run_checks
from faultlab.verdict import noticed
from hypercare.escalation.incidents import Incidents
from hypercare.escalation.troubles import Trouble
from hypercare.history.opening import open_history
from hypercare.outcome.level import Level
from hypercare.target_file.loading import load_target
from hypercare.target_file.target import clock_of


@pytest.mark.parametrize(
    ("level", "age", "answered", "due"),
    [
        (Level.L3, timedelta(minutes=6), False, {"issues.addressed": Level.L3}),
        (Level.L3, timedelta(minutes=4), False, {}),
        (Level.L2, timedelta(minutes=61), False, {"issues.addressed": Level.L2}),
        (Level.L2, timedelta(minutes=59), False, {}),
        (Level.L2, timedelta(hours=5), True, {}),
    ],
)
def test_incident(
    day: PreparedDay, state: Path, tmp_path: Path, level: Level, age: timedelta, answered: bool, due: dict[str, Level]
) -> None:
    target_file = day.copy(time(12), state)
    reports = tmp_path / "reports"
    reports.mkdir()
    _open_incident(target_file, reports, level, age, answered)
    results = run_checks(target_file, reports, scope=Scope.STORED, items=["issues.addressed"])
    assert noticed(results) == due


def _open_incident(target_file: Path, reports: Path, level: Level, age: timedelta, answered: bool) -> None:
    config = load_target(target_file)
    history = open_history(config, reports)
    incidents = Incidents(history, config)
    opened = clock_of(config) - age
    trouble = Trouble("a test's", level, "Something is wrong.", ("health.web",))
    (incident,), _, _ = incidents.note_round([trouble], [], opened)
    if answered:
        incidents.acknowledge(incident.id, "somebody", "", opened + timedelta(minutes=1))
    history.close()
