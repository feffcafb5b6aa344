"""Each fault of sales, workshop, costs and branches is noticed by the right items, at the right level."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from faultlab.catalogue import branches, costs, production, sales
from faultlab.fault import Fault

FAULTS = (*sales.FAULTS, *production.FAULTS, *costs.FAULTS, *branches.FAULTS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_fault_is_noticed(fault: Fault, prove: Callable[[Fault], None]) -> None:
    prove(fault)
