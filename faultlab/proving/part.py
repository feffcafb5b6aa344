"""A part of the catalogue that still has a fault for every item, for when there is no time for all of it."""

from __future__ import annotations

from collections.abc import Sequence

from faultlab.fault import Fault


def part_of(faults: Sequence[Fault], *, quiet: int = 5) -> list[Fault]:
    """Faults that need no server: the first for each item, the first of each place, and some just below a threshold."""
    stored = [fault for fault in faults if not fault.live and not fault.impossible_here()]
    chosen: dict[str, Fault] = {}
    for item in dict.fromkeys(item for fault in stored for item in fault.noticed_by):
        is_chosen = any(item in fault.noticed_by for fault in chosen.values())
        if not is_chosen:
            first = next(fault for fault in stored if item in fault.noticed_by)
            chosen[first.id] = first
    for where in dict.fromkeys(fault.where for fault in stored):
        first = next(fault for fault in stored if fault.where is where)
        chosen.setdefault(first.id, first)
    below = [fault for fault in stored if not fault.noticed_by]
    chosen.update({fault.id: fault for fault in below[:: max(1, len(below) // quiet)]})
    return list(chosen.values())
