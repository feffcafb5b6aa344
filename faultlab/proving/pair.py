"""Two faults at once: neither may hide the other, unless what one breaks is what the other is seen by."""

from __future__ import annotations

import random
from collections.abc import Sequence

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
    suite has seen before is gone with a history that another fault brings along.
    """
    chance = random.Random(seed)
    usable = [fault for fault in faults if fault.noticed_by and not fault.certificate and not fault.seen_before]
    drawn: dict[frozenset[str], tuple[Fault, Fault]] = {}
    for _ in range(count * 50):
        one, other = chance.sample(usable, 2)
        if one.at == other.at:
            drawn.setdefault(frozenset({one.id, other.id}), (one, other))
        if len(drawn) == count:
            break
    return list(drawn.values())
