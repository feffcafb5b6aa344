"""A morning round on the embedded system: how long beside its longest track, and when its first result is there."""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.accounting.memory import Peak, peak_of
from benchmarks.accounting.priority import before_other_work
from benchmarks.accounting.processes import environment_with
from benchmarks.parts import Options
from benchmarks.parts.desk import PROJECT
from benchmarks.table.row import Row
from hypercare.adapters.demo.process import EmbeddedSystem

NAME = "A whole round"
# By a part of the names of their checks; what people do is in the browser for nearly all of its time.
TRACKS = {
    "browser": ("test_web", "test_users_login", "tests_mobile"),
    "API": ("test_api",),
    "logs": ("test_logs", "test_errors", "test_what_people_save_is_taken"),
    "database": ("",),
}
_AT_MOST, _FIRST_WITHIN_S, _MOST_MB = 1.3, 2.0, 200
_OUTCOMES = b".F~bnM?"


@dataclass(frozen=True)
class Held:
    """`tracks` is the time of the checks of each way, in seconds; `published_s` when the report was there, and `wall_s`
    when the process had ended."""

    wall_s: float
    published_s: float
    tracks: dict[str, float]
    peak: Peak

    @property
    def longest(self) -> str:
        return max(self.tracks, key=lambda name: self.tracks[name])

    @property
    def ratio(self) -> float:
        return self.published_s / self.tracks[self.longest]


@dataclass(frozen=True)
class FirstResult:
    """`shown_s` is when it was printed, `cpu_s` what the round's process had spent by then."""

    shown_s: float
    cpu_s: float


def rows(options: Options, versions: list[str]) -> Iterator[Row]:
    system = EmbeddedSystem.start()
    try:
        held = [_round(system.target_file) for _ in range(max(2, options.pairs // 2) + 1)][1:]
        one_by_one = _round(_one_after_the_other(system.target_file))
        with before_other_work() as goes_first:
            firsts = [_first_result(system.target_file) for _ in range(max(3, options.pairs))]
    finally:
        system.stop()
    yield _beside_its_longest_track(held)
    yield _shown_first(firsts, "before" if goes_first else "beside")
    yield _memory(held)
    published = statistics.median(one.published_s for one in held)
    yield Row(
        "the same round with at_once = 1",
        "side by side",
        "",
        f"{one_by_one.published_s:.1f} s beside {published:.1f} s",
        one_by_one.published_s / published,
        "1 round",
    )


def _shown_first(firsts: list[FirstResult], other_work: str) -> Row:
    seconds = [one.shown_s for one in firsts]
    return Row(
        "its first result",
        "",
        f"within {_FIRST_WITHIN_S:.0f} s",
        f"{statistics.median(seconds):.1f} s",
        statistics.median(seconds),
        f"{min(seconds):.1f} to {max(seconds):.1f} of {len(seconds)} rounds",
        at_most=_FIRST_WITHIN_S,
        unit="s",
        note=f"{other_work} other work of the machine; {statistics.median(one.cpu_s for one in firsts):.2f} s of"
        " processor time of the round's process",
    )


def _memory(held: list[Held]) -> Row:
    peaks = [one.peak.mb for one in held]
    return Row(
        "memory of the morning round, browser apart",
        "",
        f"< {_MOST_MB} MB",
        f"{statistics.median(peaks):.0f} MB",
        statistics.median(peaks),
        f"{min(peaks):.0f} to {max(peaks):.0f} of {len(peaks)} rounds",
        at_most=_MOST_MB,
        unit="MB",
        note=f"the most that its {held[-1].peak.processes} processes held at one time, what they share counted once",
    )


def _beside_its_longest_track(held: list[Held]) -> Row:
    ratios, last = [one.ratio for one in held], held[-1]
    tracks = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in last.tracks.items())
    return Row(
        "morning round, embedded system, until its report is published",
        "its longest track",
        f"≤ {_AT_MOST} x",
        f"{last.published_s:.1f} s beside {last.tracks[last.longest]:.1f} s ({last.longest})",
        statistics.median(ratios),
        f"{min(ratios):.2f} to {max(ratios):.2f} of {len(ratios)} rounds",
        at_most=_AT_MOST,
        note=f"tracks by their checks' own times: {tracks}; Allure's pages and the printed one were added "
        f"{last.wall_s - last.published_s:.1f} s later",
    )


def _one_after_the_other(target_file: Path) -> Path:
    slow = target_file.with_name("one-after-the-other.toml")
    slow.write_text(f"{target_file.read_text(encoding='utf-8')}\n[rounds]\nat_once = 1\n", encoding="utf-8")
    return slow


def _round(target_file: Path) -> Held:
    with tempfile.TemporaryDirectory() as folder:
        begun = time.monotonic()
        process = _start(target_file, folder)
        assert process.stdout is not None
        published = 0.0
        with peak_of(process.pid) as peak:
            for line in process.stdout:
                if line.startswith(b"Report: "):
                    published = time.monotonic() - begun
            process.wait()
        wall = time.monotonic() - begun
        summary = json.loads((Path(folder) / "latest" / "summary.json").read_text(encoding="utf-8"))
    return Held(wall, published, _tracks(summary), peak)


def _first_result(target_file: Path) -> FirstResult:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        begun = time.monotonic()
        process = _start(target_file, folder)
        assert process.stdout is not None
        while (letter := process.stdout.read(1)) and letter not in _OUTCOMES:
            pass
        first = FirstResult(time.monotonic() - begun, _spent_by_now(process.pid))
        process.send_signal(signal.SIGINT)
        process.communicate()
    return first


def _start(target_file: Path, folder: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-u", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--round=morning"]
    command += [f"--target={target_file}", f"--reports={folder}"]
    return subprocess.Popen(
        command, cwd=PROJECT, env=environment_with({}), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


def _spent_by_now(pid: int) -> float:
    """User and system time of one process, without those that it started."""
    _, _, fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")
    user, system = fields.split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _tracks(summary: dict[str, list[dict[str, list[dict[str, str | float]]]]]) -> dict[str, float]:
    times = dict.fromkeys(TRACKS, 0.0)
    seen = {str(check["nodeid"]): float(check["duration_s"]) for item in summary["items"] for check in item["checks"]}
    for check, seconds in seen.items():
        times[next(name for name, words in TRACKS.items() if any(word in check for word in words))] += seconds
    return times
