"""A whole run: which changes there are, shared out to a few processes, and what came of each."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from faultlab.columns.generated import Choice, faults_in
from faultlab.columns.healthy import variations_in
from faultlab.columns.place import places_of
from faultlab.columns.planned import Planned
from faultlab.columns.worker import ColumnResult, run_share
from faultlab.fault import END_OF_DAY
from faultlab.mutating.model.process_pool import run_in_processes
from faultlab.problem import LabProblem
from faultlab.proving.prepared_day import PreparedDay
from faultlab.scene import scene_of
from hypercare.target_file.loading import load_target

_SHARE = 100
_SILENT_S = 1800.0

Told = Callable[[ColumnResult, int, int], None]


def run(choice: Choice, prepared: Path, report: Told, *, at_once: int) -> list[ColumnResult]:
    """What came of each fault and each healthy variation that is chosen, in the order of the operations model.

    Raises:
        LabProblem: a process ended without an answer, or the healthy system is not found healthy.
    """
    planned, tables = _planned(choice, PreparedDay(prepared))
    shares = [planned[start : start + _SHARE] for start in range(0, len(planned), _SHARE)]
    found: list[ColumnResult] = []
    for result in _received(shares, prepared, tables, at_once):
        found.append(result)
        report(result, len(found), len(planned))
    order = {id_of(one): place for place, one in enumerate(planned)}
    return sorted(found, key=lambda result: order[id_of(result.planned)])


def fields_of(prepared: Path) -> list[str]:
    """Every mapped column by its field, "sale.total"."""
    with tempfile.TemporaryDirectory(prefix="hypercare-columns-") as folder:
        target_file = PreparedDay(prepared).copy(END_OF_DAY, Path(folder) / "state")
        return [place.name for place in places_of(load_target(target_file))]


def id_of(planned: Planned) -> str:
    return f"{planned.name}/{planned.kind}/{planned.healthy}"


def _planned(choice: Choice, day: PreparedDay) -> tuple[list[Planned], list[str]]:
    with tempfile.TemporaryDirectory(prefix="hypercare-columns-") as folder:
        target_file = day.copy(END_OF_DAY, Path(folder) / "state")
        with scene_of(target_file, "columns") as scene:
            named = scene.tables.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
            return [*faults_in(scene, choice), *variations_in(scene, choice)], [str(row[0]) for row in named]


def _received(
    shares: Sequence[Sequence[Planned]], prepared: Path, tables: Sequence[str], at_once: int
) -> Iterator[ColumnResult]:
    arguments = [(prepared.resolve(), share, tables) for share in shares]
    for result in run_in_processes(run_share, arguments, at_once=at_once, limit_s=_SILENT_S):
        if not result.ended or len(result.messages) != len(shares[result.number]):
            reason = next((one for one in result.messages if isinstance(one, str)), "it ended without an answer")
            raise LabProblem(f"a share of the faults was not looked at: {reason}")
        yield from result.messages
