"""Proving many faults, several at a time, each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from faultlab.proving.prepared_day import HOURS, PreparedDay
from faultlab.proving.proof import Proof

_LIMIT_S = 600.0  # for each fault of the proof


def prove_all(
    faults: Sequence[Sequence[str]], prepared: Path, *, at_once: int, report: Callable[[Proof, int, int], None]
) -> Iterator[Proof]:
    """A proof for each fault, or pair of faults, in the order in which they are done.

    `prepared` is the folder of the prepared day, which is made when it is not there; `report` hears of each proof, how
    many are done and how many there are.
    """
    day = PreparedDay(prepared)
    for hour in HOURS:
        day.prepare(hour)
    with tempfile.TemporaryDirectory(prefix="hypercare-proofs-") as folder, ThreadPoolExecutor(at_once) as crew:
        jobs = [
            crew.submit(_prove, names, prepared, Path(folder) / f"{place}.json") for place, names in enumerate(faults)
        ]
        for done, job in enumerate(as_completed(jobs), start=1):
            proof = job.result()
            report(proof, done, len(jobs))
            yield proof


def _prove(names: Sequence[str], prepared: Path, out: Path) -> Proof:
    name, limit = " + ".join(names), _LIMIT_S * len(names)
    command = [sys.executable, "-m", "faultlab.proving.one", str(prepared), str(out), *names]
    quiet = subprocess.DEVNULL
    try:
        ended = subprocess.run(command, stdin=quiet, stdout=quiet, stderr=subprocess.PIPE, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return Proof(name, "", trouble=f"no end within {limit:.0f} seconds")
    if not out.exists():
        last = ended.stderr.decode("utf-8", "replace").strip().splitlines()
        return Proof(name, "", trouble=last[-1] if last else f"ended with status {ended.returncode}")
    return Proof.from_dict(json.loads(out.read_text(encoding="utf-8")))
