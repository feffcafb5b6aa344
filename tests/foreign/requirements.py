"""What is asked of each foreign system: a live week that is quiet, nothing touched, each fault noticed."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path

from faultlab.suite_run import PROJECT, Scope, run_checks
from faultlab.verdict import compare, told_by
from hypercare.plan.checklist import read_checklist
from hypercare.plan.rounds import Round
from targets.foreign.copy import Copy
from targets.foreign.faults import ForeignFault, LiveFault
from targets.foreign.live_system import LiveSystem
from targets.foreign.rounds import HOURS, run_round

# Number of the day after the last of the copy, and the round on it.
WEEK = [(day, chosen) for day in range(1, 8) for chosen in HOURS]
# A restore for each fault of a record would take most of the time, and has faults of its own.
BUT_BACKUPS = tuple(
    item.id for item in read_checklist(PROJECT / "checklist.toml").items if not item.id.startswith("backup.")
)
# What answers for the clients; how fast they are is no question on a machine that has other things to do.
OF_THE_CLIENTS = ("health.web", "health.mobile", "health.api", "users.login", "verify.sales-totals", "verify.branches")


def require_quiet_round(system: LiveSystem, day: int, chosen: Round, reports: Path) -> None:
    system.live_until(_moment(system.copy, day, chosen))
    result = run_round(chosen, system.copy.target_file, reports)
    assert not result.alarming, result.alarming
    assert result.status == 0, result.output
    assert len(result.passed) >= 3


def require_nothing_amiss_by_doctor(system: LiveSystem) -> None:
    command = [sys.executable, "-m", "hypercare", "doctor", "--target", str(system.copy.target_file)]
    said = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=900, check=False).stdout
    wrong = [line for line in said.splitlines() if line.startswith("FAIL")]
    assert "items of the plan will be covered" in said
    assert not wrong, wrong


def require_noticed(fault: ForeignFault, copy: Copy, reports: Path, as_of: str) -> None:
    fault.put_in(copy)
    items = BUT_BACKUPS if fault.scope is Scope.RECORDS else ()
    results = run_checks(copy.target_file, reports, scope=fault.scope, items=items, as_of=as_of)
    verdict = compare(fault.noticed_by, fault.may_notice, results)
    assert verdict.right, f"{fault.id}: {verdict}\n{told_by(results)}"


def require_noticed_live(fault: LiveFault, system: LiveSystem, reports: Path) -> None:
    with fault.put_into(system):
        results = run_checks(system.copy.target_file, reports, scope=fault.scope, items=OF_THE_CLIENTS)
    verdict = compare(fault.noticed_by, fault.may_notice, results)
    assert verdict.right, f"{fault.id}: {verdict}\n{told_by(results)}"


def _moment(copy: Copy, day: int, chosen: Round) -> datetime:
    last = copy.local(copy.last)
    on = last.date().toordinal() + day
    return datetime.combine(datetime.fromordinal(on).date(), HOURS[chosen], last.tzinfo)
