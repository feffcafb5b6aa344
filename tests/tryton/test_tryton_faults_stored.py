"""Faults in the database, the log and the backups of a Tryton: noticed by the right items, at the right level."""

from __future__ import annotations

from pathlib import Path

import pytest
from tryton_faults import RECORDS, TrytonFault
from tryton_faults_of_files import FILES

from faultlab.looking import PROJECT, Sight, look
from faultlab.verdict import compare
from hypercare.plan.checklist import read_checklist
from targets.tryton.prepared import Prepared

# A restore for each fault of a record would take most of the time, and has faults of its own.
BUT_BACKUPS = tuple(
    item.id for item in read_checklist(PROJECT / "checklist.toml").items if not item.id.startswith("backup.")
)


@pytest.mark.parametrize("fault", (*RECORDS, *FILES), ids=lambda fault: fault.id)
def test_fault_is_noticed(fault: TrytonFault, sqlite: Prepared, copied, tmp_path: Path) -> None:
    with copied(sqlite) as system:
        fault.put_in(system)
        items = BUT_BACKUPS if fault.sight is Sight.RECORDS else ()
        results = look(system.target_file, tmp_path, sight=fault.sight, items=items)
    verdict = compare(fault.noticed_by, fault.may_notice, results)
    assert verdict.right, f"{fault.id}: {verdict}"
