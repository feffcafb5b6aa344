"""Faults in the database, the log and the backups of a Tryton: noticed by the right items, at the right level."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from faultlab.suite_run import PROJECT, Scope, run_checks
from faultlab.verdict import compare, told_by
from hypercare.plan.checklist import read_checklist
from targets.tryton.prepared import Prepared
from targets.tryton.system import TrytonSystem
from tests.tryton.tryton_engines import each_on
from tests.tryton.tryton_faults import RECORDS, TrytonFault, sql
from tests.tryton.tryton_faults_of_files import FILES
from tests.tryton.tryton_faults_of_people import PEOPLE_AT_WORK, PEOPLE_JUST_BELOW
from tests.tryton.tryton_faults_of_reports import REPORTS, REPORTS_JUST_BELOW, STOCK
from tests.tryton.tryton_faults_of_speed import SPEED, SPEED_JUST_BELOW, statements

# A restore for each fault of a record would take most of the time, and has faults of its own.
BUT_BACKUPS = tuple(
    item.id for item in read_checklist(PROJECT / "checklist.toml").items if not item.id.startswith("backup.")
)
FAULTS = [
    (engine, fault)
    for fault in (*RECORDS, *REPORTS, *STOCK, *PEOPLE_AT_WORK, *FILES, *SPEED)
    for engine in fault.engines
]


@pytest.mark.parametrize(("prepared_on", "fault"), each_on(FAULTS), indirect=["prepared_on"])
def test_fault_is_noticed(fault: TrytonFault, prepared_on: Prepared, copied, tmp_path: Path) -> None:
    items = () if fault.scope is Scope.BACKUPS else BUT_BACKUPS
    with copied(prepared_on, backed_up=fault.scope is Scope.BACKUPS) as system:
        if fault.before is not None:
            look_back(system, fault, tmp_path, hours=2)
            fault.before(system)
            look_back(system, fault, tmp_path, hours=1)
        fault.put_in(system)
        results = run_checks(system.target_file, tmp_path, scope=fault.scope, items=items)
    verdict = compare(fault.noticed_by, fault.may_notice, results)
    assert verdict.right, f"{fault.id}: {verdict}\n{told_by(results)}"


def look_back(system: TrytonSystem, fault: TrytonFault, reports: Path, hours: int) -> None:
    as_of = (datetime.now(UTC) - timedelta(hours=hours)).isoformat()
    run_checks(system.target_file, reports, scope=fault.scope, items=tuple(fault.noticed_by), as_of=as_of)


@pytest.mark.parametrize("prepared_on", each_on([("sqlite",), ("postgresql",)]), indirect=True)
def test_nothing_is_noticed_where_there_is_no_fault(prepared_on: Prepared, copied, tmp_path: Path) -> None:
    with copied(prepared_on) as system:
        results = run_checks(system.target_file, tmp_path, scope=Scope.STORED)
    verdict = compare({}, frozenset(), results)
    assert verdict.right, f"{verdict}\n{told_by(results)}"


def _just_below() -> Iterator[tuple[str, str]]:
    for words in (*REPORTS_JUST_BELOW, *PEOPLE_JUST_BELOW, *SPEED_JUST_BELOW):
        yield "sqlite", words
    yield "postgresql", "a slow statement twice"


@pytest.mark.parametrize(("prepared_on", "words"), each_on(_just_below()), indirect=["prepared_on"])
def test_too_little_of_a_fault_is_quiet(words: str, prepared_on: Prepared, copied, tmp_path: Path) -> None:
    records = {**REPORTS_JUST_BELOW, **PEOPLE_JUST_BELOW}
    logs = {**SPEED_JUST_BELOW, "a slow statement twice": statements(2400, 2)}
    with copied(prepared_on, backed_up=False) as system:
        put_in = sql(*records[words]) if words in records else logs[words]
        put_in(system)
        scope = Scope.RECORDS if words in records else Scope.LOGS
        results = run_checks(system.target_file, tmp_path, scope=scope, items=BUT_BACKUPS)
    verdict = compare({}, frozenset(), results)
    assert verdict.right, f"{words}: {verdict}\n{told_by(results)}"
