"""Every fault that the lab knows, by area."""

from __future__ import annotations

from difflib import get_close_matches

from faultlab.catalogue import (
    api,
    backups,
    branches,
    costs,
    database,
    figures,
    integrity,
    issues,
    jobs,
    logs,
    mobile_app,
    network,
    production,
    sales,
    standstill,
    users,
    web_app,
)
from faultlab.fault import Fault

CATALOGUE: tuple[Fault, ...] = (
    *sales.FAULTS,
    *production.FAULTS,
    *costs.FAULTS,
    *branches.FAULTS,
    *figures.FAULTS,
    *database.FAULTS,
    *integrity.FAULTS,
    *users.FAULTS,
    *jobs.FAULTS,
    *issues.FAULTS,
    *standstill.FAULTS,
    *logs.FAULTS,
    *backups.FAULTS,
    *api.FAULTS,
    *web_app.FAULTS,
    *mobile_app.FAULTS,
    *network.FAULTS,
)


class UnknownFault(Exception):
    """No fault has this id; the message is one line and names the nearest."""


def fault_named(name: str) -> Fault:
    """Raises UnknownFault."""
    for fault in CATALOGUE:
        if fault.id == name:
            return fault
    near = get_close_matches(name, [fault.id for fault in CATALOGUE], n=1, cutoff=0.4)
    raise UnknownFault(f"no fault is called {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
