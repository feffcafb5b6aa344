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
from faultlab.looking import FOLDERS, PROJECT, Sight, sight_of
from faultlab.mutating.model.grounds import HEALTHY, Grounds
from faultlab.mutating.model.looks import Seen, Step, trace
from faultlab.mutating.model.mutant import MODEL
from faultlab.mutating.model.nursery import bring_up
from hypercare.plan.checklist import read_checklist

Lines = Mapping[str, Collection[int]]
_READERS_OF_RECORDS = frozenset({Sight.RECORDS, Sight.STORED})


@dataclass(frozen=True)
class Footprints:
    """`items` and `faults` give the lines by file; `healthy` what each check says of the healthy system."""

    items: Mapping[str, Lines]
    faults: Mapping[str, Lines]
    healthy: Mapping[str, str]


def stored_faults() -> list[Fault]:
    """The faults that show in the database itself, through no client and at the first look.

    A disk that is full tells nothing of the model, and would have to be taken out again.
    """
    files = (fault for fault in CATALOGUE if not fault.live and fault.where is not Where.DISK)
    stored = (fault for fault in files if sight_of(fault) in _READERS_OF_RECORDS)
    return [fault for fault in stored if not fault.seen_before and not fault.impossible_here()]


def footprints(grounds: Grounds, file: Path, *, at_once: int, told: Callable[[int, int], None]) -> Footprints:
    """Those in the file where it is of the code as it stands, or else found out and written there."""
    version = _version()
    if file.exists():
        kept = json.loads(file.read_text(encoding="utf-8"))
        if kept["version"] == version:
            return Footprints(_sets(kept["items"]), _sets(kept["faults"]), kept["healthy"])
    found = _find_out(grounds, at_once, told)
    file.parent.mkdir(parents=True, exist_ok=True)
    plain = {"version": version, "items": _lists(found.items), "faults": _lists(found.faults), "healthy": found.healthy}
    file.write_text(json.dumps(plain) + "\n", encoding="utf-8")
    return found


def _find_out(grounds: Grounds, at_once: int, told: Callable[[int, int], None]) -> Footprints:
    items = [item.id for item in read_checklist(PROJECT / "checklist.toml").items]
    faults = [fault for fault in stored_faults() if fault.noticed_by]
    steps = [Step(HEALTHY, (item,)) for item in items] + [Step(one.id, tuple(one.noticed_by)) for one in faults]
    by_item: dict[str, Lines] = {}
    by_fault: dict[str, Lines] = {}
    healthy: dict[str, str] = {}
    for done, born in enumerate(bring_up(trace, [(grounds, step) for step in steps], at_once=at_once), start=1):
        told(done, len(steps))
        step = steps[born.number]
        for seen in (one for one in born.said if isinstance(one, Seen)):
            lines = {file: frozenset(numbers) for file, numbers in seen.lines.items()}
            if step.fault == HEALTHY:
                by_item[step.items[0]] = lines
                healthy.update(seen.said)
            else:
                by_fault[step.fault] = lines
    return Footprints(by_item, by_fault, healthy)


def _version() -> str:
    code = hashlib.sha256()
    for folder in (*MODEL, "faultlab/catalogue", *FOLDERS):
        for path in sorted((PROJECT / folder).rglob("*.py")):
            code.update(path.read_bytes())
    return code.hexdigest()[:16]


def _lists(lines: Mapping[str, Lines]) -> dict[str, dict[str, Sequence[int]]]:
    return {name: {file: sorted(numbers) for file, numbers in one.items()} for name, one in lines.items()}


def _sets(kept: Mapping[str, Any]) -> dict[str, Lines]:
    return {name: {file: frozenset(numbers) for file, numbers in one.items()} for name, one in kept.items()}
