"""Two faults at once: neither may hide the other, unless what one breaks is what the other is seen by."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from heapq import nsmallest
from itertools import combinations

from faultlab.fault import Fault
from hypercare.outcome.level import Level


def pair_of(one: Fault, other: Fault) -> Fault:
    """What must be noticed when both are there."""
    due: dict[str, Level] = dict(one.noticed_by)
    for item, level in other.noticed_by.items():
        due[item] = max(level, due.get(item, level))
    return Fault(
        id=f"{one.id} + {other.id}",
        happens=f"{one.happens} And: {other.happens}",
        where=one.where,
        put_in=one.put_in,
        noticed_by=due,
        may_notice=one.may_notice | other.may_notice,
        at=max(one.at, other.at),
    )


def draw_pairs(faults: Sequence[Fault], count: int, seed: int) -> list[tuple[Fault, Fault]]:
    """So many different pairs, the same for each seed; of faults that somebody must notice at the same hour.

    Those that need more than to be put in are left out: a gateway before another hides its certificate, and what a
    suite has seen before is gone with a history that another fault brings along. Each pair has its own lot, so that a
    catalogue that grows keeps nearly all of the pairs that were drawn from it before.
    """
    usable = [fault for fault in faults if fault.noticed_by and not fault.certificate and not fault.seen_before]
    together = ((one, other) for one, other in combinations(usable, 2) if one.at == other.at)
    return nsmallest(count, together, key=lambda pair: _lot(seed, *pair))


def _lot(seed: int, one: Fault, other: Fault) -> str:
    names = " ".join(sorted((one.id, other.id)))
    return sha256(f"{seed} {names}".encode()).hexdigest()
