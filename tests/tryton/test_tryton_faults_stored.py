"""Faults in the database, the log and the backups of a Tryton: noticed by the right items, at the right level."""

from __future__ import annotations

from pathlib import Path

import pytest

from faultlab.suite_run import PROJECT, Scope, run_checks
from faultlab.verdict import compare, told_by
from hypercare.plan.checklist import read_checklist
from targets.tryton.prepared import Prepared
from tests.tryton.tryton_engines import each_on
from tests.tryton.tryton_faults import RECORDS, TrytonFault
from tests.tryton.tryton_faults_of_files import FILES

# A restore for each fault of a record would take most of the time, and has faults of its own.
BUT_BACKUPS = tuple(
    item.id for item in read_checklist(PROJECT / "checklist.toml").items if not item.id.startswith("backup.")
)
FAULTS = [(engine, fault) for fault in (*RECORDS, *FILES) for engine in fault.engines]


@pytest.mark.parametrize(("prepared_on", "fault"), each_on(FAULTS), indirect=["prepared_on"])
def test_fault_is_noticed(fault: TrytonFault, prepared_on: Prepared, copied, tmp_path: Path) -> None:
    with copied(prepared_on, backed_up=fault.scope is not Scope.RECORDS) as system:
        fault.put_in(system)
        items = BUT_BACKUPS if fault.scope is Scope.RECORDS else ()
        results = run_checks(system.target_file, tmp_path, scope=fault.scope, items=items)
    verdict = compare(fault.noticed_by, fault.may_notice, results)
    assert verdict.right, f"{fault.id}: {verdict}\n{told_by(results)}"


@pytest.mark.parametrize("prepared_on", each_on([("sqlite",), ("postgresql",)]), indirect=True)
def test_nothing_is_noticed_where_there_is_no_fault(prepared_on: Prepared, copied, tmp_path: Path) -> None:
    with copied(prepared_on) as system:
        results = run_checks(system.target_file, tmp_path, scope=Scope.STORED)
    verdict = compare({}, frozenset(), results)
    assert verdict.right, f"{verdict}\n{told_by(results)}"
