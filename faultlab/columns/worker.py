"""What one process does with its share: put each change in, let the checks of stored records look, take it out."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from faultlab.columns.place import fields_touched
from faultlab.columns.planned import Planned
from faultlab.columns.table_use import Only, QueryRecorder, TableUse, WhatRemembers
from faultlab.fault import END_OF_DAY
from faultlab.injecting import inject, undo
from faultlab.problem import LabProblem
from faultlab.proving.prepared_day import PreparedDay
from faultlab.suite_run import Scope, run_checks
from hypercare.history.opening import open_history
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.plan.rounds import Round
from hypercare.suite.result_journal import rules_version
from hypercare.target_file.loading import load_target
from hypercare.target_file.mapping import MappingConfig
from hypercare.target_file.target import clock_of

# Asked whatever it was that changed: they find their tables out by themselves.
_OF_EVERY_TABLE = "tests_data/test_integrity.py"
_EARLIER_ROUNDS = (timedelta(days=3), timedelta(hours=5))
_DAYS_RECORDED = (1, 2, 3, 4)
_NOT_OF_RECORDS = ("tests_health/test_backups.py",)


@dataclass(frozen=True)
class ColumnResult:
    """Who noticed a change: what failed, by check, as "item (level): sentence". `refused` is why it could not be made.

    `strange` are checks that ended in no way that a wrong record explains.
    """

    planned: Planned
    noticed: Mapping[str, str] = field(default_factory=dict)
    items: tuple[str, ...] = ()
    refused: str = ""
    strange: tuple[str, ...] = ()


@dataclass(frozen=True)
class PreparedSystem:
    """A copy of the prepared day, and which checks ask which of its tables, the quickest first.

    `remembered` is what rounds before any fault left in `reports`; each look begins with that and nothing else.
    """

    target_file: Path
    reports: Path
    remembered: Path
    asks: Mapping[str, TableUse]
    mapping: MappingConfig

    def checks_of(self, planned: Planned) -> list[str]:
        """Those whose answer can depend on what changes."""
        tables = {change.table for change in planned.changes}
        fields = fields_touched(self.mapping, planned)
        return [
            check
            for check, use in self.asks.items()
            if check.startswith(_OF_EVERY_TABLE) or (use.tables & tables and (fields is None or use.fields & fields))
        ]

    def try_change(self, planned: Planned) -> ColumnResult:
        fault = planned.fault
        try:
            inject(fault, self.target_file)
        except LabProblem as problem:
            return ColumnResult(planned, refused=str(problem))
        try:
            results = self._run_checks(Only(self.checks_of(planned), until_one_fails=not planned.healthy))
        finally:
            undo(fault, self.target_file)
        failed = [one for one in results if one.outcome in (Outcome.FAILED, Outcome.AWAITING)]
        return ColumnResult(
            planned,
            noticed={one.nodeid: _noticed(one) for one in failed},
            items=tuple(sorted({item for one in failed for item in one.items})),
            strange=tuple(_ended_as(one) for one in results if one.outcome in (Outcome.MONITOR_FAULT, Outcome.FLAKY)),
        )

    def _run_checks(self, plugin: object) -> list[CheckResult]:
        shutil.rmtree(self.reports, ignore_errors=True)
        shutil.copytree(self.remembered, self.reports)
        return run_checks(self.target_file, self.reports, scope=Scope.RECORDS, plugins=[plugin])


def run_share(connection: Connection, prepared: Path, several: Sequence[Planned], tables: Sequence[str]) -> None:
    """Tell through the connection of each change what came of it, or in words why nothing did."""
    workshop = Path(tempfile.mkdtemp(prefix="hypercare-columns-"))
    os.environ["PYTEST_ADDOPTS"] = "--assert=plain"
    try:
        system = _prepared_system(PreparedDay(prepared), workshop, tables)
        for planned in several:
            connection.send(system.try_change(planned))
        _require_health(system.target_file, system.reports)
    except LabProblem as problem:
        connection.send(str(problem))
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _prepared_system(day: PreparedDay, workshop: Path, tables: Sequence[str]) -> PreparedSystem:
    target_file, reports, recorder = day.copy(END_OF_DAY, workshop / "state"), workshop / "reports", QueryRecorder()
    for moment in _moments_before(target_file):
        run_checks(target_file, reports, scope=Scope.RECORDS, as_of=moment, plugins=[WhatRemembers()])
    with recorder.listening():
        results = _require_health(target_file, reports, recorder)
    _record_as_rounds(results, target_file, reports)
    shutil.copytree(reports, workshop / "remembered")
    took = {one.nodeid: one.duration_s for one in results if not one.nodeid.startswith(_NOT_OF_RECORDS)}
    uses = recorder.table_uses(tables)
    asks = {one: uses.get(one, TableUse()) for one in sorted(took, key=lambda one: took[one])}
    return PreparedSystem(target_file, reports, workshop / "remembered", asks, load_target(target_file).mapping)


def _record_as_rounds(results: Sequence[CheckResult], target_file: Path, reports: Path) -> None:
    """As if rounds of the days before had ended so: a rule that always held is one, however much breaks it today."""
    config = load_target(target_file)
    history, now = open_history(config, reports), clock_of(config)
    for days in _DAYS_RECORDED:
        at = now - timedelta(days=days)
        history.begin_round(f"{days} days before", Round.EVENING, at.date(), at, at, rules=rules_version())
        history.record(f"{days} days before", [_recorded(one, item, at) for one in results for item in one.items])
    history.close()


def _recorded(result: CheckResult, item: str, at: datetime) -> dict[str, object]:
    ended = {"outcome": result.outcome.value, "level": str(result.level), "ended": at.isoformat()}
    return {"item": item, "check": result.nodeid, "sentence": "", "count": None, "duration_s": 0.0, **ended}


def _moments_before(target_file: Path) -> list[str]:
    """A round of some days before and one of the same day, at which the suite learns what always is so."""
    config = load_target(target_file)
    now = clock_of(config)
    return [(now - length).isoformat(timespec="seconds") for length in _EARLIER_ROUNDS]


def _require_health(target_file: Path, reports: Path, *plugins: object) -> list[CheckResult]:
    """Before the first change and after the last one has been taken out."""
    results = run_checks(target_file, reports, scope=Scope.RECORDS, plugins=plugins)
    healthy = (Outcome.PASSED, Outcome.NOT_COVERED, Outcome.AWAITING)
    bad = [_ended_as(one) for one in results if one.outcome not in healthy]
    if bad:
        raise LabProblem(f"the healthy system is not found healthy: {'; '.join(bad)}")
    return results


def _noticed(result: CheckResult) -> str:
    level = "a question" if result.outcome is Outcome.AWAITING else str(result.level)
    return f"{', '.join(result.items)} ({level}): {result.sentence}"


def _ended_as(result: CheckResult) -> str:
    return f"{result.nodeid} was {result.outcome}: {result.sentence or result.detail}"
