"""Which items of the plan a target file covers, as the checks themselves say."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from hypercare.outcome.intake import in_words, looked_at_nothing, together
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.part import REMEDY_KEY
from hypercare.outcome.signals import MonitorFault
from hypercare.own_log import without_verbosity

PLUGIN = "hypercare.doctor.coverage_plugin"
# Named, for a folder that is no project of ours has the checks all the same.
_SUITE = "hypercare.pytest_plugin"
_LIMIT_S = 1500


@dataclass(frozen=True)
class Gap:
    """A check that would look at nothing, why, and what would change that."""

    check: str
    reason: str
    remedy: str


@dataclass(frozen=True)
class ItemCover:
    """`checks` is how many answer for the item; `gaps` are those of them that would look at nothing.

    `faults` are the words of checks that could not even be judged, since the monitor itself is at fault. `looked_at`
    is what the others took in, in words; `on_nothing` are those of them that found nothing to take in.
    """

    id: str
    words: str
    section: str
    checks: int
    gaps: tuple[Gap, ...]
    faults: tuple[str, ...] = ()
    looked_at: str = ""
    on_nothing: tuple[str, ...] = ()

    @property
    def covered(self) -> Literal["yes", "partly", "no"]:
        missing = len(self.gaps) + len(self.faults)
        if missing + len(self.on_nothing) >= self.checks:
            return "no"
        return "partly" if missing else "yes"

    def as_dict(self) -> dict[str, Any]:
        gaps = [{"check": gap.check, "reason": gap.reason, REMEDY_KEY: gap.remedy} for gap in self.gaps]
        return {
            "id": self.id,
            "words": self.words,
            "covered": self.covered,
            "checks": self.checks,
            "gaps": gaps,
            "faults": list(self.faults),
            "looked_at": self.looked_at,
            "on_nothing": list(self.on_nothing),
        }


def coverage_of(target_file: Path, project: Path) -> list[ItemCover]:
    """Let every check go as far as it can without writing into the target; in the order of the plan.

    Raises:
        MonitorFault: the checks could not be run at all.
    """
    with tempfile.TemporaryDirectory(prefix="hypercare-doctor-") as folder:
        notes = Path(folder) / "notes.json"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "no:cacheprovider",
            "-p",
            _SUITE,
            "-p",
            PLUGIN,
            "-q",
            "--no-header",
        ]
        options = [f"--target={target_file}", f"--reports={folder}/reports", f"--doctor-notes={notes}", "--no-retry"]
        try:
            done = subprocess.run(
                [*command, *options, "-p", "no:terminalreporter"],
                cwd=project,
                env=without_verbosity(),
                timeout=_LIMIT_S,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
            )
        except subprocess.TimeoutExpired:
            raise MonitorFault(
                f"the checks did not end within {_LIMIT_S // 60} minutes",
                remedy="Run with --ways-only and see what is slow.",
            ) from None
        if not notes.is_file():
            output_lines = (done.stderr or done.stdout).strip().splitlines()
            raise MonitorFault(f"the checks could not be run: {output_lines[-1] if output_lines else done.returncode}")
        return covers(json.loads(notes.read_text()))


def covers(notes: Mapping[str, Any]) -> list[ItemCover]:
    """What the checks noted, by item."""
    answering: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for check in notes["checks"]:
        for item in check["items"]:
            answering[item].append(check)
    return [_cover(item, answering[item["id"]]) for item in notes["items"]]


def _cover(item: Mapping[str, Any], checks: Sequence[Mapping[str, Any]]) -> ItemCover:
    gaps = tuple(
        Gap(check["nodeid"], check["sentence"], check["remedy"])
        for check in checks
        if check["outcome"] == Outcome.NOT_COVERED.value
    )
    faults = tuple(check["sentence"] for check in checks if check["outcome"] == Outcome.MONITOR_FAULT.value)
    passed = [check for check in checks if check["outcome"] == Outcome.PASSED.value]
    on_nothing = tuple(check["nodeid"] for check in passed if looked_at_nothing(check["looked_at"]))
    looked_at = in_words(together(one for check in checks for one in check["looked_at"]))
    if not checks:
        gaps = (Gap("", "no check answers for it", "Write one; see the docs."),)
    return ItemCover(item["id"], item["words"], item["section"], len(checks), gaps, faults, looked_at, on_nothing)
