"""What the checks of performance tell of the access log: figures of the day, and which requests timed out."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from hypercare.logs import Logs
from hypercare.outcome.signals import CheckFailed, NotCovered
from hypercare.target_file.config import ApiSection
from hypercare.target_file.sections.logs import LogSource
from hypercare.target_file.target import Target
from tests.standins.frozen_target import ago, frozen_target

CHECKS = Path(__file__).parents[2] / "tests_health" / "test_performance.py"


@pytest.fixture(scope="module")
def checks() -> ModuleType:
    spec = importlib.util.spec_from_file_location("checks_of_performance", CHECKS)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def target_with(folder: Path, *took_ms: int) -> Target:
    lines = [
        {"at": ago(minutes=50 - number).isoformat(), "method": "GET", "route": "/x", "status": 200, "duration_ms": ms}
        for number, ms in enumerate(took_ms)
    ]
    path = folder / "access.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    source = LogSource(name="access", path=path, holds="access")
    return frozen_target(folder, logs=(source,), api=ApiSection(url="http://localhost/"))


def test_response_times_are_figures_even_where_they_are_too_few_to_judge(checks: ModuleType, tmp_path: Path) -> None:
    target, figures = target_with(tmp_path, 10, 20, 900), {}
    with pytest.raises(NotCovered):
        checks.test_people_get_their_answers_in_time(
            Logs(target), target.since_last_round, target.config.limits, figures.__setitem__
        )
    assert figures == {"api_calls": 3, "response_median_ms": 20, "response_p95_ms": 900}


def test_a_long_download_is_no_timeout(checks: ModuleType, tmp_path: Path) -> None:
    target = target_with(tmp_path, 12_000)
    checks.test_nothing_timed_out_since_the_last_round(
        Logs(target), target.since_last_round, target.config.limits, target
    )
    target = target_with(tmp_path, 12_000, 30_000)
    with pytest.raises(CheckFailed):
        checks.test_nothing_timed_out_since_the_last_round(
            Logs(target), target.since_last_round, target.config.limits, target
        )
