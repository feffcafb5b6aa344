"""Faults that show only to somebody who comes in by a door of the running system."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from pathlib import Path

import pytest
from prepared_day import PreparedDay

from faultlab.catalogue import CATALOGUE
from faultlab.fault import Fault
from faultlab.injecting import inject, undo
from faultlab.looking import look, sight_of
from faultlab.verdict import judge
from hypercare.adapters.demo.process import EmbeddedSystem

DOORS = ("health.web", "health.mobile", "health.api", "users.login")


@pytest.fixture(scope="module")
def running(day: PreparedDay, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedSystem]:
    """One server for all: each fault is taken out again, and that nothing is left of it is proven elsewhere."""
    with day.served(time(9), tmp_path_factory.mktemp("doors") / "state", "--frozen", "--no-traffic") as system:
        yield system


@pytest.mark.parametrize("fault", [fault for fault in CATALOGUE if fault.live], ids=lambda fault: fault.id)
def test_fault_is_noticed(fault: Fault, running: EmbeddedSystem, tmp_path: Path) -> None:
    inject(fault, running.target_file)
    try:
        results = look(running.target_file, tmp_path, sight=sight_of(fault), items=DOORS)
    finally:
        undo(fault, running.target_file)
    verdict = judge(fault, results)
    assert verdict.right, f"{fault.happens} {verdict}"
