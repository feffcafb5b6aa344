"""Which lines of the model each item and each fault is judged by: found out once, kept beside the matrix."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faultlab.catalogue import CATALOGUE
from faultlab.fault import Fault, Where
from faultlab.mutating.model.mutant import MODEL
from faultlab.mutating.model.prepared_systems import HEALTHY, PreparedSystems
from faultlab.mutating.model.process_pool import run_in_processes
from faultlab.mutating.model.steps import Step, StepResult, trace
from faultlab.suite_run import FOLDERS, PROJECT, Scope, scope_of
from hypercare.plan.checklist import read_checklist

Lines = Mapping[str, Collection[int]]
_READERS_OF_RECORDS = frozenset({Scope.RECORDS, Scope.STORED})


@dataclass(frozen=True)
class LineCoverage:
    """`items` and `faults` give the lines by file; `healthy` what each check says of the healthy system."""

    items: Mapping[str, Lines]
    faults: Mapping[str, Lines]
    healthy: Mapping[str, str]


def stored_faults() -> list[Fault]:
    """The faults that show in the database itself, through no client and at the first look.

    A disk that is full tells nothing of the model, and would have to be taken out again.
    """
    files = (fault for fault in CATALOGUE if not fault.live and fault.where is not Where.DISK)
    stored = (fault for fault in files if scope_of(fault) in _READERS_OF_RECORDS)
    return [fault for fault in stored if not fault.seen_before and not fault.impossible_here()]


def line_coverage(
    systems: PreparedSystems, file: Path, *, at_once: int, report: Callable[[int, int], None]
) -> LineCoverage:
    """Those in the file where it is of the code as it stands, or else found out and written there."""
    version = _version()
    if file.exists():
        stored = json.loads(file.read_text(encoding="utf-8"))
        if stored["version"] == version:
            return LineCoverage(_sets(stored["items"]), _sets(stored["faults"]), stored["healthy"])
    found = _measured(systems, at_once, report)
    file.parent.mkdir(parents=True, exist_ok=True)
    plain = {"version": version, "items": _lists(found.items), "faults": _lists(found.faults), "healthy": found.healthy}
    file.write_text(json.dumps(plain) + "\n", encoding="utf-8")
    return found


def _measured(systems: PreparedSystems, at_once: int, report: Callable[[int, int], None]) -> LineCoverage:
    items = [item.id for item in read_checklist(PROJECT / "checklist.toml").items]
    faults = [fault for fault in stored_faults() if fault.noticed_by]
    steps = [Step(HEALTHY, (item,)) for item in items] + [Step(one.id, tuple(one.noticed_by)) for one in faults]
    by_item: dict[str, Lines] = {}
    by_fault: dict[str, Lines] = {}
    healthy: dict[str, str] = {}
    for done, result in enumerate(
        run_in_processes(trace, [(systems, step) for step in steps], at_once=at_once), start=1
    ):
        report(done, len(steps))
        step = steps[result.number]
        for traced in (one for one in result.messages if isinstance(one, StepResult)):
            lines = {file: frozenset(numbers) for file, numbers in traced.lines.items()}
            if step.fault == HEALTHY:
                by_item[step.items[0]] = lines
                healthy.update(traced.outcomes)
            else:
                by_fault[step.fault] = lines
    return LineCoverage(by_item, by_fault, healthy)


def _version() -> str:
    code = hashlib.sha256()
    for folder in (*MODEL, "faultlab/adoption", "faultlab/catalogue", *FOLDERS):
        for path in sorted((PROJECT / folder).rglob("*.py")):
            code.update(path.read_bytes())
    return code.hexdigest()[:16]


def _lists(lines: Mapping[str, Lines]) -> dict[str, dict[str, Sequence[int]]]:
    return {name: {file: sorted(numbers) for file, numbers in one.items()} for name, one in lines.items()}


def _sets(stored: Mapping[str, Any]) -> dict[str, Lines]:
    return {name: {file: frozenset(numbers) for file, numbers in one.items()} for name, one in stored.items()}
