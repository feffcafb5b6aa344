"""Weakening every check in turn, and looking for a fault that then goes unnoticed."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faultlab.mutating.explained import why_it_survives
from faultlab.mutating.site import Site
from faultlab.proving.proof import Proof

_LIMIT_S = 420.0


@dataclass(frozen=True)
class Fate:
    """What became of a weakened check. `killed_by` is the fault that it did not notice any more.

    `tried` are the faults that other statements of the check noticed all the same; `explained` is why none can be
    expected to go unnoticed.
    """

    site: Site
    killed_by: str = ""
    tried: tuple[str, ...] = ()
    explained: str = ""
    trouble: str = ""

    @property
    def survives(self) -> bool:
        return not self.killed_by and not self.explained

    def as_dict(self) -> dict[str, Any]:
        return {**vars(self.site), "killed_by": self.killed_by, "tried": list(self.tried), "explained": self.explained}


def faults_by_check(matrix: Mapping[str, Any]) -> dict[str, list[str]]:
    """The faults that each check noticed, the quickest to prove first; of what matrix.json holds."""
    noticed: dict[str, list[tuple[float, str]]] = {}
    for fault in matrix["faults"]:
        for item, seen in fault["proof"]["sightings"].items():
            if seen["outcome"] == "failed" and item in fault["noticed_by"]:
                for check in seen["checks"]:
                    noticed.setdefault(check, []).append((fault["proof"]["took_s"], fault["id"]))
    return {check: [name for _, name in sorted(found)] for check, found in noticed.items()}


def weaken_all(
    sites: Sequence[Site],
    matrix: Mapping[str, Any],
    prepared: Path,
    *,
    at_once: int,
    told: Callable[[Fate, int, int], None],
) -> Iterator[Fate]:
    """A fate for each site, in the order in which they are known."""
    noticed = faults_by_check(matrix)
    with ThreadPoolExecutor(at_once) as crew:
        jobs = [crew.submit(_weaken, site, noticed.get(site.check, []), prepared) for site in sites]
        for done, job in enumerate(as_completed(jobs), start=1):
            fate = job.result()
            told(fate, done, len(jobs))
            yield fate


def _weaken(site: Site, faults: Sequence[str], prepared: Path) -> Fate:
    tried: list[str] = []
    for fault in faults:
        proof = _look(site, fault, prepared)
        if proof.trouble:
            return Fate(site, tried=tuple(tried), trouble=f"{fault}: {proof.trouble}")
        if not proof.right:
            return Fate(site, killed_by=fault, tried=tuple(tried))
        tried.append(fault)
    return Fate(site, tried=tuple(tried), explained=why_it_survives(site))


def _look(site: Site, fault: str, prepared: Path) -> Proof:
    with tempfile.TemporaryDirectory(prefix="hypercare-weak-") as folder:
        out = Path(folder) / "proof.json"
        command = [sys.executable, "-m", "faultlab.mutating.one", str(prepared), str(out), site.id, fault]
        quiet = subprocess.DEVNULL
        try:
            subprocess.run(command, stdin=quiet, stdout=quiet, stderr=quiet, timeout=_LIMIT_S, check=False)
        except subprocess.TimeoutExpired:
            return Proof(fault, "", trouble=f"no end within {_LIMIT_S:.0f} seconds")
        if not out.exists():
            return Proof(fault, "", trouble="the look ended without an answer")
        return Proof.from_dict(json.loads(out.read_text(encoding="utf-8")))
