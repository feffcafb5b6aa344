"""A fault for each item is noticed by the right items, at the right level. `make prove` does so with all of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from faultlab.catalogue import CATALOGUE
from faultlab.fault import Fault
from faultlab.proving.part import part_of

PART = part_of(CATALOGUE)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("fault", PART, ids=lambda fault: fault.id)
def test_fault_is_noticed(fault: Fault, prove: Callable[[Fault], None]) -> None:
    prove(fault)


def test_the_part_has_a_fault_for_every_item_that_stored_faults_have() -> None:
    every = {item for fault in CATALOGUE if not fault.live for item in fault.noticed_by}
    assert {item for fault in PART for item in fault.noticed_by} == every
    assert sum(not fault.noticed_by for fault in PART) >= 5
