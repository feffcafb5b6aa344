"""One check at the desk as a whole process, beside bare pytest that does the same requests or statements."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from benchmarks.accounting.processes import spent_by
from benchmarks.parts import Options
from benchmarks.recording.requests import VARIABLE as REQUESTS
from benchmarks.recording.statements import VARIABLE as STATEMENTS
from benchmarks.table.row import Row, paired
from hypercare.adapters.demo.process import EmbeddedSystem

NAME = "One check at the desk"
PROJECT = Path(__file__).resolve().parents[2]
RECORDING = PROJECT / "benchmarks" / "recording"
PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
BARE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
CHECKS = (
    (
        "one API check",
        "tests_health/test_api.py",
        "requests",
        REQUESTS,
    ),
    (
        "one data check (SQLite)",
        "tests_data/test_sales.py::test_totals_are_the_sum_of_the_lines",
        "statements",
        STATEMENTS,
    ),
)
_AT_MOST = 1.3


def rows(options: Options, versions: list[str]) -> Iterator[Row]:
    versions += [f"httpx {version('httpx')}", f"SQLAlchemy {version('sqlalchemy')}"]
    system = EmbeddedSystem.start()
    try:
        for words, check, kind, variable in CHECKS:
            yield _beside_bare(words, check, kind, variable, system, options)
    finally:
        system.stop()


def _beside_bare(words: str, check: str, kind: str, variable: str, system: EmbeddedSystem, options: Options) -> Row:
    """Record what the check asks, then let both ask it in turn."""
    ours = [*PYTEST, check, f"--target={system.target_file}"]
    with tempfile.TemporaryDirectory() as folder:
        recorded = Path(folder) / f"{kind}.pickle"
        environment = {variable: str(recorded), "PYTHONPATH": str(PROJECT)}
        spent_by([*ours, "-p", f"benchmarks.recording.{kind}"], cwd=PROJECT, environment=environment)
        replay = bare_pytest(Path(folder), f"replay_{kind}.py")
        told = spent_by(replay, environment={**BARE, **environment})
        pairs = paired(
            lambda: spent_by(ours, cwd=PROJECT).cpu_s,
            lambda: spent_by(replay, environment={**BARE, **environment}).cpu_s,
            options.pairs,
        )
        asked = json.loads((Path(folder) / f"{kind}.json").read_text(encoding="utf-8"))["asked"]
    beside = {"requests": "bare pytest + httpx", "statements": "bare pytest + SQLAlchemy"}[kind]
    return Row(
        f"{words}, whole process",
        f"{beside}, the same {asked} {kind}",
        f"≤ {_AT_MOST} x",
        pairs.figures(),
        pairs.ratio,
        pairs.spread,
        at_most=_AT_MOST,
        note="" if "1 passed" in told.output else "the replay did not pass",
    )


def bare_pytest(folder: Path, script: str) -> list[str | Path]:
    """A copy of the script, far from this project's conftest.py, run without any plug-in that is installed."""
    copied = shutil.copy(RECORDING / script, folder / f"test_{script}")
    return [*PYTEST, "-c", os.devnull, f"--rootdir={folder}", copied]
