"""A round on a foreign system, as the schedule runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from pathlib import Path

from faultlab.suite_run import PROJECT
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.plan.rounds import Round

HOURS = {Round.MORNING: time(9), Round.MIDDAY: time(12), Round.EVENING: time(17)}
FINE = frozenset({Outcome.PASSED, Outcome.NOT_COVERED, Outcome.AWAITING})
_LIMIT = 1800  # seconds


@dataclass(frozen=True)
class RoundResult:
    """What a round came to: its exit status, what it said last, and how each check ended."""

    status: int
    output: str
    results: Sequence[CheckResult]

    @property
    def alarming(self) -> list[str]:
        return [f"{one.nodeid}: {one.outcome}: {one.sentence}" for one in self.results if one.outcome not in FINE]

    @property
    def passed(self) -> set[str]:
        return {item for one in self.results if one.outcome is Outcome.PASSED for item in one.items}


def run_round(chosen: Round, target_file: Path, reports: Path) -> RoundResult:
    """The round now, by the system's own clock; rounds that share a folder of reports share their history."""
    command = [sys.executable, "-m", "pytest", "--round", chosen.value, "--target", str(target_file)]
    command += ["--reports", str(reports), "-p", "no:cacheprovider", "-q"]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=_LIMIT, check=False)
    lines = (reports / "latest" / "results.jsonl").read_text(encoding="utf-8").splitlines()
    results = [CheckResult.from_dict(json.loads(line)) for line in lines]
    return RoundResult(ended.returncode, (ended.stdout + ended.stderr)[-1500:], results)
