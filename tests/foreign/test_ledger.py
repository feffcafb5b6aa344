"""Books that nobody here wrote, with UUID keys: a live week is quiet, and what is spoilt is noticed at its level."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hypercare.plan.rounds import Round
from targets.foreign.copy import Copy
from targets.foreign.faults import ForeignFault, LiveFault
from targets.foreign.live_system import LiveSystem
from targets.ledger.faults import FAULTS
from targets.ledger.faults_live import FAULTS as LIVE_FAULTS
from targets.ledger.system import copied
from targets.tryton.run import Run
from tests.foreign.requirements import (
    WEEK,
    require_nothing_amiss_by_doctor,
    require_noticed,
    require_noticed_live,
    require_quiet_round,
)

LOG_INS = {"POST /ledger/auth/login/"}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reports")


@pytest.fixture
def copy(made_ledger: Path, ledger_run: Run, tmp_path: Path) -> Iterator[Copy]:
    copy = copied(made_ledger, tmp_path / "system", ledger_run)
    yield copy
    ledger_run.engine("postgresql").drop(copy.url.rpartition("/")[2].partition("?")[0])


@pytest.mark.parametrize(("day", "chosen"), WEEK)
def test_round_of_a_living_week_finds_nothing(live_ledger: LiveSystem, day: int, chosen: Round, reports: Path) -> None:
    require_quiet_round(live_ledger, day, chosen, reports)


def test_doctor_finds_nothing_amiss(live_ledger: LiveSystem) -> None:
    require_nothing_amiss_by_doctor(live_ledger)


def test_nothing_arrived_but_reads_and_log_ins(live_ledger: LiveSystem) -> None:
    assert set(live_ledger.served.arrived(reads=False)) <= LOG_INS
    assert live_ledger.served.arrived(reads=True)


@pytest.mark.parametrize("fault", LIVE_FAULTS, ids=lambda fault: fault.id)
def test_fault_of_what_is_served_is_noticed(fault: LiveFault, live_ledger: LiveSystem, tmp_path: Path) -> None:
    require_noticed_live(fault, live_ledger, tmp_path)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_fault_is_noticed(fault: ForeignFault, copy: Copy, tmp_path: Path) -> None:
    require_noticed(fault, copy, tmp_path, copy.as_of)
