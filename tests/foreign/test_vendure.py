"""A shop that nobody here wrote, lived in and looked at through all clients: quiet while it is healthy, else not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from faultlab.suite_run import PROJECT, Scope, items_of_round, run_checks
from faultlab.verdict import compare, told_by
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.plan.checklist import read_checklist
from hypercare.plan.rounds import Round
from targets.foreign.faults import ForeignFault
from targets.foreign.mariadb import NoMariaDB, running
from targets.vendure.faults import FAULTS
from targets.vendure.faults_live import LIVE
from targets.vendure.prepared import CouldNotBeMade, prepared
from targets.vendure.software import CACHE, Unobtainable, software
from targets.vendure.system import VendureSystem
from tests.foreign.vendure_copies import Arrived, Copies, before

FINE = {Outcome.PASSED, Outcome.NOT_COVERED, Outcome.AWAITING}
ROUNDS = {Round.MORNING: 9, Round.MIDDAY: 12, Round.EVENING: 17}
# The round at noon has fewer checks, of which fifteen find something to look at here.
LEAST_PASSED = {Round.MORNING: 20, Round.MIDDAY: 15, Round.EVENING: 20}
BUT_BACKUPS = tuple(
    item.id for item in read_checklist(PROJECT / "checklist.toml").items if not item.id.startswith("backup.")
)
SEEN_FROM_OUTSIDE = (
    "health.web",
    "health.api",
    "health.mobile",
    "users.login",
    "perf.response-time",
    "verify.sales-totals",
    "verify.branches",
)


@pytest.fixture(scope="session")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copies]:
    try:
        own = software()
        with running() as mariadb:
            yield Copies(own, mariadb, prepared(own, mariadb, CACHE), tmp_path_factory.mktemp("vendure"))
    except (Unobtainable, NoMariaDB, CouldNotBeMade) as trouble:
        pytest.skip(f"no Vendure here: {trouble}")


@pytest.fixture(scope="module")
def week(copies: Copies) -> Iterator[tuple[VendureSystem, Arrived, Path]]:
    """A shop that is served from a midnight on, what arrives there, and where the suite remembers its rounds."""
    arrived = Arrived()
    with copies.one(standing="night", served=True) as system, before(system, arrived):
        yield system, arrived, system.folder / "reports"


@pytest.mark.parametrize(("day", "chosen"), [(day, chosen) for day in range(7) for chosen in ROUNDS])
def test_round_of_a_healthy_day_finds_nothing(
    day: int, chosen: Round, week: tuple[VendureSystem, Arrived, Path]
) -> None:
    system, arrived, reports = week
    system.live_until(system.copy.last + timedelta(days=day, hours=ROUNDS[chosen]))
    results = run_checks(system.copy.target_file, reports, scope=Scope.EVERYTHING, items=items_of_round(chosen))
    alarming = {one.nodeid: f"{one.outcome}: {one.sentence}" for one in results if one.outcome not in FINE}
    assert not alarming
    assert len([one for one in results if one.outcome is Outcome.PASSED]) >= LEAST_PASSED[chosen]
    assert not arrived.writes


def test_doctor_finds_every_way_open(week: tuple[VendureSystem, Arrived, Path]) -> None:
    system, arrived, _ = week
    command = [str(Path(sys.executable).with_name("hypercare")), "doctor", "--target", str(system.copy.target_file)]
    said = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=900)
    assert said.returncode == 0, said.stdout[-3000:] + said.stderr[-1000:]
    assert "FAIL" not in said.stdout
    assert not arrived.writes


def test_trial_is_made_and_taken_back(copies: Copies, tmp_path: Path) -> None:
    with copies.one(mode="transact", served=True) as system:
        results = run_checks(system.copy.target_file, tmp_path, scope=Scope.EVERYTHING, items=("ops.sales",))
        made = _orders_of_trials(system)
    alarming = {one.nodeid: f"{one.outcome}: {one.sentence}" for one in results if one.outcome not in FINE}
    assert not alarming
    assert made
    assert set(made) == {"Cancelled"}


def _orders_of_trials(system: VendureSystem) -> list[str]:
    """The states of all orders of the training branch."""
    engine = create_engine(system.copy.url)
    asked = (
        "SELECT o.state FROM `order` o JOIN order_channels_channel l ON l.orderId = o.id"
        " JOIN channel c ON c.id = l.channelId WHERE c.code = 'training'"
    )
    with engine.connect() as connection:
        states = [str(state) for state in connection.execute(text(asked)).scalars()]
    engine.dispose()
    return states


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_fault_of_what_is_stored_is_noticed(fault: ForeignFault, copies: Copies, tmp_path: Path) -> None:
    with copies.one() as system:
        fault.put_in(system.copy)
        items = BUT_BACKUPS if fault.scope is Scope.RECORDS else ()
        results = run_checks(system.copy.target_file, tmp_path, scope=fault.scope, items=items)
    _is_right(fault, results)


@pytest.mark.parametrize("fault", LIVE, ids=lambda fault: fault.id)
def test_fault_of_the_running_shop_is_noticed(fault: ForeignFault, copies: Copies, tmp_path: Path) -> None:
    with copies.one(served=True) as system, before(system, fault.spoil or (lambda request, ask: ask(request))):
        fault.put_in(system.copy)
        results = run_checks(system.copy.target_file, tmp_path, scope=fault.scope, items=SEEN_FROM_OUTSIDE)
    _is_right(fault, results)


def _is_right(fault: ForeignFault, results: list[CheckResult]) -> None:
    verdict = compare(fault.noticed_by, fault.may_notice, results)
    assert verdict.right, f"{fault.id}: {verdict}\n{told_by(results)}"
