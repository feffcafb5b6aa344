"""A ticket shop that nobody here wrote: a healthy week is quiet, and what is spoilt is noticed at its level."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from faultlab.looking import PROJECT, Sight, items_of_round, look
from faultlab.verdict import compare
from hypercare.outcome.outcome import Outcome
from hypercare.plan.checklist import read_checklist
from hypercare.plan.rounds import Round
from targets.foreign.copy import Copy
from targets.foreign.faults import ForeignFault
from targets.pretix.faults import FAULTS

FINE = {Outcome.PASSED, Outcome.NOT_COVERED, Outcome.AWAITING}
ROUNDS = {Round.MORNING: "09:00", Round.MIDDAY: "12:00", Round.EVENING: "17:00"}
# A restore for each fault of a record would take most of the time, and has faults of its own.
BUT_BACKUPS = tuple(
    item.id for item in read_checklist(PROJECT / "checklist.toml").items if not item.id.startswith("backup.")
)


@pytest.mark.parametrize("days_ago", range(7))
@pytest.mark.parametrize("chosen", ROUNDS, ids=lambda one: one.value)
def test_round_of_a_healthy_day_finds_nothing(chosen: Round, days_ago: int, copy: Copy, tmp_path: Path) -> None:
    as_of = f"{copy.local(copy.last - timedelta(days=days_ago)):%Y-%m-%d}T{ROUNDS[chosen]}"
    results = look(copy.target_file, tmp_path, sight=Sight.STORED, items=items_of_round(chosen), as_of=as_of)
    alarming = {one.nodeid: f"{one.outcome}: {one.sentence}" for one in results if one.outcome not in FINE}
    assert not alarming
    assert len([one for one in results if one.outcome is Outcome.PASSED]) >= 5


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_fault_is_noticed(fault: ForeignFault, copy: Copy, tmp_path: Path) -> None:
    fault.put_in(copy)
    items = BUT_BACKUPS if fault.sight is Sight.RECORDS else ()
    results = look(copy.target_file, tmp_path, sight=fault.sight, items=items, as_of=copy.as_of)
    verdict = compare(fault.noticed_by, fault.may_notice, results)
    assert verdict.right, f"{fault.id}: {verdict}"
