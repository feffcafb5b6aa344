"""Faults that show only to somebody who comes in by a client of the running Tryton."""

from __future__ import annotations

from pathlib import Path

import pytest

from faultlab.suite_run import Scope, run_checks
from faultlab.verdict import compare, told_by
from targets.tryton.prepared import Prepared
from tests.tryton.tryton_engines import each_on
from tests.tryton.tryton_faults_live import CLIENTS, LIVE, LiveFault


@pytest.mark.parametrize(
    ("prepared_on", "fault"),
    each_on((engine, fault) for fault in LIVE for engine in fault.engines),
    indirect=["prepared_on"],
)
def test_fault_is_noticed(fault: LiveFault, prepared_on: Prepared, copied, tmp_path: Path) -> None:
    with copied(prepared_on, backed_up=False) as system:
        fault.put_in(system)
        if fault.starts:
            system.start()
        results = run_checks(system.target_file, tmp_path, scope=Scope.EVERYTHING, items=CLIENTS)
    verdict = compare(fault.noticed_by, fault.may_notice, results)
    assert verdict.right, f"{fault.id}: {verdict}\n{told_by(results)}"
