"""Faults that show only to somebody who comes in by a client of the running system."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from faultlab.catalogue import CATALOGUE, fault_named
from faultlab.fault import Fault
from faultlab.injecting import inject, undo
from faultlab.proving.prepared_day import PreparedDay
from faultlab.suite_run import Scope, run_checks
from faultlab.verdict import judge
from hypercare.adapters.demo.process import EmbeddedSystem
from hypercare.outcome.level import Level

CLIENTS = ("health.web", "health.mobile", "health.api", "users.login")


@pytest.fixture(scope="module")
def running(day: PreparedDay, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedSystem]:
    """One server for all: each fault is taken out again, and that nothing is left of it is proven elsewhere."""
    with day.served(time(9), tmp_path_factory.mktemp("clients") / "state", "--frozen", "--no-traffic") as system:
        yield system


# Those of gateways each ask for a server of their own, so `make prove` tries them all and this only some.
FROM_OUTSIDE = [fault for fault in CATALOGUE if fault.live and fault.spoil is None]
FROM_OUTSIDE += [fault_named(name) for name in ("api-list-is-empty", "api-takes-any-password", "api-fields-added")]


@pytest.mark.long
@pytest.mark.parametrize("fault", FROM_OUTSIDE, ids=lambda fault: fault.id)
def test_fault_is_noticed_by_the_api(fault: Fault, running: EmbeddedSystem, tmp_path: Path) -> None:
    assert_noticed(fault, running, tmp_path, Scope.NO_BROWSER)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_that_nobody_can_log_in_is_noticed_everywhere(running: EmbeddedSystem, tmp_path: Path) -> None:
    fault = fault_named("nobody-can-log-in")
    due = {**fault.noticed_by, "health.mobile": Level.L3}
    # Not the web app's pages: it is tried as each account in turn, which takes its time.
    assert_noticed(
        replace(fault, noticed_by=due), running, tmp_path, Scope.EVERYTHING, ("health.mobile", "users.login")
    )


def assert_noticed(
    fault: Fault, system: EmbeddedSystem, reports: Path, scope: Scope, items: Sequence[str] = CLIENTS
) -> None:
    inject(fault, system.target_file)
    try:
        results = run_checks(system.target_file, reports, scope=scope, items=items)
    finally:
        undo(fault, system.target_file)
    verdict = judge(fault, results)
    assert verdict.right, f"{fault.happens} {verdict}"
