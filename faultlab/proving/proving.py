"""A whole proof: which faults, on which ground, and the matrix that comes of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import demo_erp
from faultlab.fault import Fault
from faultlab.proving.matrix import Matrix, matrix_of
from faultlab.proving.page import page_of, summary_of
from faultlab.proving.pair import pair_of
from faultlab.proving.proof import Proof
from faultlab.proving.proofs_file import ProofsFile
from faultlab.proving.workers import prove_all
from faultlab.suite_run import PROJECT
from hypercare.plan.checklist import read_checklist


@dataclass(frozen=True)
class Request:
    """What is to be proven: single faults, and pairs of them. `earlier` are proofs of before that still count."""

    faults: Sequence[Fault]
    pairs: Sequence[tuple[Fault, Fault]] = ()
    at_once: int = 2
    earlier: Mapping[str, Proof] = field(default_factory=dict)

    @property
    def due(self) -> list[tuple[str, ...]]:
        """The names of what is still to be proven, what comes in by the clients first: that takes longest."""
        singles = sorted(self.faults, key=lambda fault: not fault.live)
        names = [(fault.id,) for fault in singles] + [(one.id, other.id) for one, other in self.pairs]
        return [several for several in names if " + ".join(several) not in self.earlier]


def prove(request: Request, cache: Path, day: date, out: Path, report: Callable[[Proof, int, int], None]) -> Matrix:
    """Prove all of it. `cache` keeps the prepared systems for the next time, `out` each proof at once."""
    proofs = dict(request.earlier)
    with ProofsFile(out, proofs.values()) as proofs_file:
        for proof in prove_all(request.due, prepared_in(cache), at_once=request.at_once, report=report):
            proofs_file.add(proof)
            proofs[proof.fault] = proof
    items = [item.id for item in read_checklist(PROJECT / "checklist.toml").items]
    return matrix_of(request.faults, proofs, [pair_of(*pair) for pair in request.pairs], items, day)


def write(matrix: Matrix, folder: Path) -> Path:
    """matrix.html, matrix.json and matrix.md; the path of the page."""
    folder.mkdir(parents=True, exist_ok=True)
    matrix.write(folder / "matrix.json")
    (folder / "matrix.md").write_text(summary_of(matrix), encoding="utf-8")
    page = folder / "matrix.html"
    page.write_text(page_of(matrix), encoding="utf-8")
    return page


def prepared_in(cache: Path) -> Path:
    """Where the prepared systems lie; of use as long as the embedded system's code stays as it is."""
    return cache / f"faultlab-{_code_version()}"


def _code_version() -> str:
    place = Path(demo_erp.__file__).parent
    code = hashlib.sha256()
    for path in sorted(place.rglob("*.py")):
        code.update(path.read_bytes())
    return code.hexdigest()[:12]
