"""Weakening every check in turn, and looking for a fault that then goes unnoticed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faultlab.mutating.site import Site
from faultlab.proving.proof import Proof

_LIMIT_S = 420.0
_MOST_CHECKS = 12
_WHY_NOTHING_GOES_UNNOTICED = (
    (
        "integrity.not_enforced",
        "Nobody outside SQLite sees that a rule is switched off; PostgreSQL and MariaDB are tried in tests/integrity.",
    ),
    (
        "completed > 0 or usual",
        "The embedded business completes too few orders a day to be judged by; it is tried in tests/operations.",
    ),
    ("require_all", "It only says what was not covered; a fault cannot show that."),
    ("require_durations", "It only says what was not covered; a fault cannot show that."),
    ("require_history", "It only says that there is too little to judge by; a fault cannot show that."),
    ("require_log_in_tried", "It only says what was not covered; a fault cannot show that."),
)


@dataclass(frozen=True)
class Fate:
    """What became of a weakened check. `killed_by` is the fault that goes unnoticed without the statement.

    `doubled` is a fault of which this statement tells, and another of the same item tells in its place: the item still
    fails, in other words. `tried` are the faults that the check noticed all the same; `explained` is why none can be
    expected to go unnoticed.
    """

    site: Site
    killed_by: str = ""
    doubled: str = ""
    tried: tuple[str, ...] = ()
    explained: str = ""
    trouble: str = ""

    @property
    def survives(self) -> bool:
        return not (self.killed_by or self.doubled or self.explained)

    def as_dict(self) -> dict[str, Any]:
        return {**vars(self.site), **_outcome_of(self)}


def _outcome_of(fate: Fate) -> dict[str, Any]:
    outcome = {name: getattr(fate, name) for name in ("killed_by", "doubled", "explained", "trouble")}
    return {**outcome, "tried": list(fate.tried)}


@dataclass(frozen=True, order=True)
class NoticedFault:
    """A fault that a check noticed. `is_wide` says that much of the suite did, so that it says little of one check.

    `sentences` are the sentences of the items, without their figures.
    """

    is_wide: bool
    took_s: float
    fault: str
    sentences: tuple[str, ...]


def faults_by_check(matrix: Mapping[str, Any]) -> dict[str, list[NoticedFault]]:
    """The faults that each check noticed, the quickest to prove first, wide ones last; of what matrix.json holds."""
    noticed: dict[str, list[NoticedFault]] = {}
    for fault in matrix["faults"]:
        sightings, took_s = fault["proof"]["sightings"], fault["proof"]["took_s"]
        is_wide = sum(len(sighting["checks"]) for sighting in sightings.values()) > _MOST_CHECKS
        for item, sighting in sightings.items():
            if sighting["outcome"] == "failed" and item in fault["noticed_by"]:
                for check in sighting["checks"]:
                    sentences = tuple(_bare(one["sentence"]) for one in sightings.values() if check in one["checks"])
                    noticed.setdefault(check, []).append(NoticedFault(is_wide, took_s, fault["id"], sentences))
    return {check: sorted(found) for check, found in noticed.items()}


def _bare(sentence: str) -> str:
    """Figures differ from one look to the next."""
    return re.sub(r"\d+", "", sentence)


def weaken_all(
    sites: Sequence[Site],
    matrix: Mapping[str, Any],
    prepared: Path,
    *,
    at_once: int,
    report: Callable[[Fate, int, int], None],
) -> Iterator[Fate]:
    """A fate for each site, in the order in which they are known."""
    noticed = faults_by_check(matrix)
    with ThreadPoolExecutor(at_once) as crew:
        jobs = [crew.submit(_weaken, site, noticed.get(site.check, []), prepared) for site in sites]
        for done, job in enumerate(as_completed(jobs), start=1):
            fate = job.result()
            report(fate, done, len(jobs))
            yield fate


def _weaken(site: Site, faults: Sequence[NoticedFault], prepared: Path) -> Fate:
    tried: list[str] = []
    doubled = ""
    for noticed in faults:
        proof = _prove_with(site, noticed.fault, prepared)
        if proof.trouble:
            return Fate(site, tried=tuple(tried), trouble=f"{noticed.fault}: {proof.trouble}")
        if not proof.right:
            return Fate(site, killed_by=noticed.fault, tried=tuple(tried))
        if not (noticed.is_wide or doubled or _still_says(site, noticed, proof)):
            doubled = noticed.fault
        tried.append(noticed.fault)
    return Fate(site, doubled=doubled, tried=tuple(tried), explained=why_it_survives(site))


def _still_says(site: Site, fault: NoticedFault, proof: Proof) -> bool:
    """Whether the check says of the fault what it said with all its statements."""
    sentences = {_bare(sighting.sentence) for sighting in proof.sightings.values() if site.check in sighting.checks}
    return bool(sentences & set(fault.sentences))


def _prove_with(site: Site, fault: str, prepared: Path) -> Proof:
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


def why_it_survives(site: Site) -> str:
    """Why a statement can be taken out without any fault going unnoticed; empty when there is no reason."""
    return next((reason for word, reason in _WHY_NOTHING_GOES_UNNOTICED if word in site.words), "")
