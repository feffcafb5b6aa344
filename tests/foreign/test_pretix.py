"""A ticket shop that nobody here wrote: a live week is quiet, and what is spoilt is noticed at its level."""

from __future__ import annotations

from pathlib import Path

import pytest

from hypercare.plan.rounds import Round
from targets.foreign.copy import Copy
from targets.foreign.faults import ForeignFault, LiveFault
from targets.foreign.live_system import LiveSystem
from targets.pretix.faults import FAULTS
from targets.pretix.faults_live import FAULTS as LIVE_FAULTS
from targets.pretix.system import copied
from tests.foreign.requirements import (
    WEEK,
    require_nothing_amiss_by_doctor,
    require_noticed,
    require_noticed_live,
    require_quiet_round,
)

LOG_INS = {"POST /control/login", "POST /control/login/bad_origin"}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reports")


@pytest.fixture
def copy(made_pretix: Path, tmp_path: Path) -> Copy:
    return copied(made_pretix, tmp_path / "system")


@pytest.mark.parametrize(("day", "chosen"), WEEK)
def test_round_of_a_living_week_finds_nothing(live_pretix: LiveSystem, day: int, chosen: Round, reports: Path) -> None:
    require_quiet_round(live_pretix, day, chosen, reports)


def test_doctor_finds_nothing_amiss(live_pretix: LiveSystem) -> None:
    require_nothing_amiss_by_doctor(live_pretix)


def test_nothing_arrived_but_reads_and_log_ins(live_pretix: LiveSystem) -> None:
    assert set(live_pretix.served.arrived(reads=False)) <= LOG_INS
    assert live_pretix.served.arrived(reads=True)


@pytest.mark.parametrize("fault", LIVE_FAULTS, ids=lambda fault: fault.id)
def test_fault_of_what_is_served_is_noticed(fault: LiveFault, live_pretix: LiveSystem, tmp_path: Path) -> None:
    require_noticed_live(fault, live_pretix, tmp_path)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_fault_is_noticed(fault: ForeignFault, copy: Copy, tmp_path: Path) -> None:
    require_noticed(fault, copy, tmp_path, copy.as_of)
