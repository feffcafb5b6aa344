"""Faults in the database, the log and the backups of a Tryton: noticed by the right items, at the right level."""

from __future__ import annotations

from pathlib import Path

import pytest
from faults import STORED, TrytonFault

from faultlab.looking import look
from faultlab.verdict import compare
from targets.tryton.prepared import Prepared


@pytest.mark.parametrize("fault", STORED, ids=lambda fault: fault.id)
def test_fault_is_noticed(fault: TrytonFault, sqlite: Prepared, copied, tmp_path: Path) -> None:
    with copied(sqlite) as system:
        fault.put_in(system)
        results = look(system.target_file, tmp_path, sight=fault.sight)
    verdict = compare(fault.noticed_by, fault.may_notice, results)
    assert verdict.right, f"{fault.id}: {verdict}"
