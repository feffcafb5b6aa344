"""Each fault of the system under the business is noticed by the right items, at the right level."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from faultlab.catalogue import backups, integrity, issues, jobs, logs, standstill, users
from faultlab.fault import Fault

AREAS = (integrity, users, jobs, issues, standstill, logs, backups)
FAULTS = tuple(fault for area in AREAS for fault in area.FAULTS if not fault.live)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_fault_is_noticed(fault: Fault, prove: Callable[[Fault], None]) -> None:
    prove(fault)
