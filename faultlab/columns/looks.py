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

from faultlab.columns.asking import Asked, Asking, Only, WhatRemembers
from faultlab.columns.place import fields_touched
from faultlab.columns.planned import Planned
from faultlab.fault import END_OF_DAY
from faultlab.injecting import inject, undo
from faultlab.looking import Sight, look
from faultlab.problem import LabProblem
from faultlab.proving.prepared_day import PreparedDay
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
class Seen:
    """Who noticed a change: what failed, by check, as "item (level): sentence". `refused` is why it could not be made.

    `strange` are checks that ended in no way that a wrong record explains.
    """

    planned: Planned
    noticed: Mapping[str, str] = field(default_factory=dict)
    items: tuple[str, ...] = ()
    refused: str = ""
    strange: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ground:
    """A copy of the prepared day, and which checks ask which of its tables, the quickest first.

    `remembered` is what rounds before any fault left in `reports`; each look begins with that and nothing else.
    """

    target_file: Path
    reports: Path
    remembered: Path
    asks: Mapping[str, Asked]
    mapping: MappingConfig

    def checks_of(self, planned: Planned) -> list[str]:
        """Those whose answer can depend on what changes."""
        tables = {change.table for change in planned.changes}
        fields = fields_touched(self.mapping, planned)
        return [
            check
            for check, asked in self.asks.items()
            if check.startswith(_OF_EVERY_TABLE)
            or (asked.tables & tables and (fields is None or asked.fields & fields))
        ]

    def see(self, planned: Planned) -> Seen:
        fault = planned.fault
        try:
            inject(fault, self.target_file)
        except LabProblem as problem:
            return Seen(planned, refused=str(problem))
        try:
            results = self._look(Only(self.checks_of(planned), until_one_fails=not planned.healthy))
        finally:
            undo(fault, self.target_file)
        failed = [one for one in results if one.outcome in (Outcome.FAILED, Outcome.AWAITING)]
        return Seen(
            planned,
            noticed={one.nodeid: _noticed(one) for one in failed},
            items=tuple(sorted({item for one in failed for item in one.items})),
            strange=tuple(_told(one) for one in results if one.outcome in (Outcome.MONITOR_FAULT, Outcome.FLAKY)),
        )

    def _look(self, plugin: object) -> list[CheckResult]:
        shutil.rmtree(self.reports, ignore_errors=True)
        shutil.copytree(self.remembered, self.reports)
        return look(self.target_file, self.reports, sight=Sight.RECORDS, plugins=[plugin])


def see_all(connection: Connection, prepared: Path, several: Sequence[Planned], tables: Sequence[str]) -> None:
    """Tell through the connection of each change what came of it, or in words why nothing did."""
    workshop = Path(tempfile.mkdtemp(prefix="hypercare-columns-"))
    os.environ["PYTEST_ADDOPTS"] = "--assert=plain"
    try:
        ground = _ground(PreparedDay(prepared), workshop, tables)
        for planned in several:
            connection.send(ground.see(planned))
        _require_health(ground.target_file, ground.reports)
    except LabProblem as problem:
        connection.send(str(problem))
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _ground(day: PreparedDay, workshop: Path, tables: Sequence[str]) -> Ground:
    target_file, reports, asking = day.copy(END_OF_DAY, workshop / "state"), workshop / "reports", Asking()
    for moment in _moments_before(target_file):
        look(target_file, reports, sight=Sight.RECORDS, as_of=moment, plugins=[WhatRemembers()])
    with asking.listening():
        results = _require_health(target_file, reports, asking)
    _record_as_rounds(results, target_file, reports)
    shutil.copytree(reports, workshop / "remembered")
    took = {one.nodeid: one.duration_s for one in results if not one.nodeid.startswith(_NOT_OF_RECORDS)}
    asked = asking.asked(tables)
    asks = {one: asked.get(one, Asked()) for one in sorted(took, key=lambda one: took[one])}
    return Ground(target_file, reports, workshop / "remembered", asks, load_target(target_file).mapping)


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
    results = look(target_file, reports, sight=Sight.RECORDS, plugins=plugins)
    bad = [_told(one) for one in results if one.outcome not in (Outcome.PASSED, Outcome.NOT_COVERED)]
    if bad:
        raise LabProblem(f"the healthy system is not found healthy: {'; '.join(bad)}")
    return results


def _noticed(result: CheckResult) -> str:
    level = "a question" if result.outcome is Outcome.AWAITING else str(result.level)
    return f"{', '.join(result.items)} ({level}): {result.sentence}"


def _told(result: CheckResult) -> str:
    return f"{result.nodeid} was {result.outcome}: {result.sentence or result.detail}"
