"""A morning round on the embedded system: how long beside its longest track, and when its first result is there."""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.accounting.processes import environment_with
from benchmarks.parts import Options
from benchmarks.parts.desk import PROJECT
from benchmarks.table.row import Row
from hypercare.adapters.demo.process import EmbeddedSystem

NAME = "A whole round"
TRACKS = {
    "browser": ("test_web", "test_users_login.py::test_one_of", "tests_mobile", "in_the_browser", "mobile"),
    "API": ("test_api", "test_users_login"),
    "logs": ("test_logs", "test_errors"),
    "database": ("",),
}
_AT_MOST, _FIRST_WITHIN_S = 1.3, 2.0


@dataclass(frozen=True)
class Held:
    """`tracks` is the time of the checks of each way, in seconds; `first_s` when the first result was printed."""

    wall_s: float
    first_s: float
    tracks: dict[str, float]


def rows(options: Options, versions: list[str]) -> Iterator[Row]:
    system = EmbeddedSystem.start()
    try:
        held = [_round(system) for _ in range(max(2, options.pairs // 2) + 1)][1:]
    finally:
        system.stop()
    longest = [max(one.tracks, key=lambda name: one.tracks[name]) for one in held]
    ratios = [one.wall_s / one.tracks[name] for one, name in zip(held, longest, strict=True)]
    tracks = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in held[-1].tracks.items())
    yield Row(
        "morning round, embedded system, wall",
        "its longest track",
        f"≤ {_AT_MOST} x",
        f"{held[-1].wall_s:.1f} s beside {held[-1].tracks[longest[-1]]:.1f} s ({longest[-1]})",
        statistics.median(ratios),
        f"{min(ratios):.2f} to {max(ratios):.2f} of {len(ratios)} rounds",
        at_most=_AT_MOST,
        note=f"tracks by their checks' own times: {tracks}",
    )
    firsts = [one.first_s for one in held]
    yield Row(
        "its first result",
        "",
        f"within {_FIRST_WITHIN_S:.0f} s",
        f"{statistics.median(firsts):.1f} s",
        statistics.median(firsts),
        f"{min(firsts):.1f} to {max(firsts):.1f}",
        at_most=_FIRST_WITHIN_S,
        unit="s",
    )


def _round(system: EmbeddedSystem) -> Held:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-u", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--round=morning"]
        command += [f"--target={system.target_file}", f"--reports={folder}"]
        begun = time.monotonic()
        process = subprocess.Popen(
            command, cwd=PROJECT, env=environment_with({}), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert process.stdout is not None
        first = 0.0
        while word := process.stdout.read(1):
            if word in b".Fnbm" and not first:
                first = time.monotonic() - begun
                break
        process.stdout.read()
        process.wait()
        wall = time.monotonic() - begun
        summary = json.loads((Path(folder) / "latest" / "summary.json").read_text(encoding="utf-8"))
        shutil.rmtree(Path(folder), ignore_errors=True)
        Path(folder).mkdir(exist_ok=True)
    return Held(wall, first, _tracks(summary))


def _tracks(summary: dict[str, list[dict[str, list[dict[str, str | float]]]]]) -> dict[str, float]:
    times = dict.fromkeys(TRACKS, 0.0)
    seen = {str(check["nodeid"]): float(check["duration_s"]) for item in summary["items"] for check in item["checks"]}
    for check, seconds in seen.items():
        times[next(name for name, words in TRACKS.items() if any(word in check for word in words))] += seconds
    return times
