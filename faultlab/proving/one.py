"""`python -m faultlab.proving.one PREPARED OUT FAULT [FAULT]`: prove one fault, or two at once."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from faultlab.catalogue import fault_named
from faultlab.fault import Fault
from faultlab.injecting import inject, undo
from faultlab.problem import LabProblem
from faultlab.proving.pair import pair_of
from faultlab.proving.prepared_day import PreparedDay, fingerprint
from faultlab.proving.proof import Proof, proof_of
from faultlab.suite_run import Scope, run_checks, scope_of, wider
from hypercare.outcome.signals import Signal
from hypercare.target_file.loading import load_target
from hypercare.target_file.target import clock_of

_ROUNDS_BEFORE = (timedelta(hours=8), timedelta(hours=5))


def prove(
    fault: Fault,
    others: Sequence[Fault],
    day: PreparedDay,
    workshop: Path,
    *,
    items: Sequence[str] = (),
    plugins: Sequence[object] = (),
) -> Proof:
    """Put the faults into a fresh copy of the prepared day, look, take them out again.

    `fault` says what is to be noticed; for a pair it is the pair, and `others` are its two. Only `items` are looked
    at, if any are named.
    """
    parts = others or (fault,)
    scope = wider(scope_of(one) for one in parts)
    began = time.monotonic()
    try:
        with _system(fault, any(one.live for one in parts), day, workshop) as target_file:
            for setting in (one.setting for one in parts):
                if setting is not None:
                    inject(setting, target_file)
            _run_before(fault, parts, target_file, workshop / "reports", scope)
            before = fingerprint(target_file.parent)
            with ExitStack() as put_in:
                for one in parts:
                    inject(one, target_file)
                    put_in.callback(undo, one, target_file)
                started = datetime.now(UTC)
                results = run_checks(target_file, workshop / "reports", scope=scope, items=items, plugins=plugins)
            proof = proof_of(fault, results, scope.value, started, time.monotonic() - began, is_pair=bool(others))
            if not any(one.live for one in parts) and fingerprint(target_file.parent) != before:
                raise LabProblem("taking it out did not bring back what was there before")
            return proof
    except (LabProblem, Signal, RuntimeError, OSError) as error:
        return Proof(fault.id, scope.value, took_s=time.monotonic() - began, trouble=f"{error}")


def _run_before(fault: Fault, parts: Sequence[Fault], target_file: Path, reports: Path, scope: Scope) -> None:
    """What rounds of this day saw before the fault; what came earlier lies between the first and the second."""
    earlier = {one.id: one.earlier for one in parts if one.earlier is not None}
    if earlier:
        now, items = clock_of(load_target(target_file)), tuple(fault.noticed_by)
        first, second = ((now - length).isoformat(timespec="seconds") for length in _ROUNDS_BEFORE)
        run_checks(target_file, reports, scope=scope, items=items, as_of=first)
        for name, put_in in earlier.items():
            inject(replace(fault, id=f"{name}-earlier", put_in=put_in), target_file)
        run_checks(target_file, reports, scope=scope, items=items, as_of=second)
    if any(one.seen_before for one in parts):
        run_checks(target_file, reports, scope=scope, items=tuple(fault.noticed_by))


@contextmanager
def _system(fault: Fault, live: bool, day: PreparedDay, workshop: Path) -> Iterator[Path]:
    """The target file of a copy that nobody else uses."""
    state = workshop / "state"
    if not live:
        yield day.copy(fault.at, state)
        return
    with day.served(fault.at, state, "--frozen", "--no-traffic") as system:
        yield system.target_file


def main() -> int:
    prepared, out, *names = sys.argv[1:]
    faults = [fault_named(name) for name in names]
    fault, others = (faults[0], ()) if len(faults) == 1 else (pair_of(*faults), tuple(faults))
    workshop = Path(tempfile.mkdtemp(prefix="hypercare-prove-"))
    try:
        day = PreparedDay(Path(prepared))
        proof = prove(fault, others, day, workshop / "first")
        if others and not proof.right:
            # What one of them takes away the other may need to be put in; and what is brought back over the other
            # undoes it, instead of hiding it. Then it goes first; what truly hides the other does so in any order.
            proof = prove(fault, others[::-1], day, workshop / "again")
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    Path(out).write_text(json.dumps(proof.as_dict()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
