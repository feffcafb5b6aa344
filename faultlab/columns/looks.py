"""What one process does with its share: put each change in, let the checks of stored records look, take it out."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from faultlab.columns.asking import Asking, Only
from faultlab.columns.planned import Planned
from faultlab.fault import END_OF_DAY
from faultlab.injecting import inject, undo
from faultlab.looking import Sight, look
from faultlab.originals import LabProblem
from faultlab.proving.prepared_day import PreparedDay
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult

# Asked whatever it was that changed: they find their tables out by themselves.
_OF_EVERY_TABLE = "tests_data/test_integrity.py"
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
    """A copy of the prepared day, and which checks ask which of its tables, the quickest first."""

    target_file: Path
    reports: Path
    asks: Mapping[str, frozenset[str]]

    def checks_of(self, planned: Planned) -> list[str]:
        tables = {change.table for change in planned.changes}
        return [one for one, asked in self.asks.items() if asked & tables or one.startswith(_OF_EVERY_TABLE)]

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
        failed = [one for one in results if one.outcome is Outcome.FAILED]
        return Seen(
            planned,
            noticed={one.nodeid: f"{', '.join(one.items)} ({one.level}): {one.sentence}" for one in failed},
            items=tuple(sorted({item for one in failed for item in one.items})),
            strange=tuple(_told(one) for one in results if one.outcome in (Outcome.MONITOR_FAULT, Outcome.FLAKY)),
        )

    def _look(self, plugin: object) -> list[CheckResult]:
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
    with asking.listening():
        results = _require_health(target_file, reports, asking)
    took = {one.nodeid: one.duration_s for one in results if not one.nodeid.startswith(_NOT_OF_RECORDS)}
    asked = asking.tables(tables)
    asks = {one: asked.get(one, frozenset()) for one in sorted(took, key=lambda one: took[one])}
    return Ground(target_file, reports, asks)


def _require_health(target_file: Path, reports: Path, *plugins: object) -> list[CheckResult]:
    """Before the first change and after the last one has been taken out."""
    results = look(target_file, reports, sight=Sight.RECORDS, plugins=plugins)
    bad = [_told(one) for one in results if one.outcome not in (Outcome.PASSED, Outcome.NOT_COVERED)]
    if bad:
        raise LabProblem(f"the healthy system is not found healthy: {'; '.join(bad)}")
    return results


def _told(result: CheckResult) -> str:
    return f"{result.nodeid} was {result.outcome}: {result.sentence or result.detail}"
