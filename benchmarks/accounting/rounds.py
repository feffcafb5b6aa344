"""A round as a process of its own, and what it cost."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.accounting.statements import VARIABLE, account_in

PROJECT = Path(__file__).resolve().parents[2]
DATA = "data"


@dataclass(frozen=True)
class Statement:
    """All times of one statement: what the server spent in all, how often, and which check asked it first."""

    statement: str
    server_s: float
    times: int
    check: str


@dataclass(frozen=True)
class Cost:
    status: int
    statements: int
    server_s: float
    client_s: float
    wall_s: float
    peak_mb: float
    last_line: str
    output: str
    slowest: tuple[Statement, ...]


def cost_of_round(
    target: Path, round_name: str, reports: Path, *, items: Sequence[str] = (), project: Path = PROJECT
) -> Cost:
    """Hold a round of `project`, or look at all data checks without one where its name is `data`."""
    asked = ["tests_data"] if round_name == DATA else [f"--round={round_name}"]
    asked = ["--item", *items] if items else asked
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pytest", "-p", "benchmarks.accounting.statements", "-p", "no:cacheprovider"]
        command += ["-q", f"--target={target.absolute()}", f"--reports={reports.absolute()}", *asked]
        environment = {
            **os.environ,
            VARIABLE: folder,
            "PYTHONPATH": os.pathsep.join(map(str, (project, PROJECT))),
        }
        begun = time.monotonic()
        done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
        wall = time.monotonic() - begun
        found = account_in(Path(folder))
    if found is None:
        raise RuntimeError(f"the round did not end in order:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    slowest = tuple(Statement(**one) for one in found.pop("slowest"))
    said = [line for line in done.stdout.splitlines() if " in " in line and "passed" in line]
    return Cost(
        done.returncode, wall_s=wall, last_line=(said or [""])[-1], output=done.stdout, slowest=slowest, **found
    )
