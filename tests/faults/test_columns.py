"""Faults that are generated from the mapping: which there are, that they can be taken back, and what comes of a run."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from faultlab.columns.explained import explanation_of
from faultlab.columns.generated import Choice, faults_in
from faultlab.columns.healthy import variations_in
from faultlab.columns.page import page_of
from faultlab.columns.place import places_of
from faultlab.columns.planned import Change, Planned
from faultlab.columns.run import run
from faultlab.columns.summary import Summary
from faultlab.columns.worker import ColumnResult
from faultlab.injecting import inject, undo
from faultlab.problem import LabProblem
from faultlab.proving.prepared_day import PreparedDay, fingerprint
from faultlab.scene import scene_of


@pytest.fixture(scope="module")
def target_file(day: PreparedDay, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return day.copy(time(17), tmp_path_factory.mktemp("columns") / "state")


def drawn(target_file: Path, choice: Choice) -> list[Planned]:
    with scene_of(target_file, "columns") as scene:
        return [*faults_in(scene, choice), *variations_in(scene, choice)]


@pytest.mark.long
def test_every_mapped_column_has_a_fault(target_file: Path) -> None:
    with scene_of(target_file, "columns") as scene:
        fields = {place.name for place in places_of(scene.config)}
        spoilt = {one.name for one in faults_in(scene, Choice())}
    assert fields - spoilt <= {"user.locked_until", "job.error"}


@pytest.mark.long
def test_the_same_seed_gives_the_same(target_file: Path) -> None:
    one, again, other = (drawn(target_file, Choice(sample=20, seed=seed)) for seed in (4, 4, 5))
    assert one == again
    assert one != other


@pytest.mark.long
@pytest.mark.parametrize("choice", [Choice(entity="cost"), Choice(kind="doubled"), Choice(sample=25, seed=8)])
def test_what_is_put_in_is_taken_out_again(target_file: Path, choice: Choice) -> None:
    before = fingerprint(target_file.parent)
    for planned in drawn(target_file, choice):
        try:
            inject(planned.fault, target_file)
        except LabProblem:
            continue
        undo(planned.fault, target_file)
    assert fingerprint(target_file.parent) == before


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_run_notices_what_it_puts_in_and_leaves_health_alone(day: PreparedDay) -> None:
    told: list[ColumnResult] = []
    seen = run(Choice(entity="cost", column="amount"), day.folder, lambda one, done, of: told.append(one), at_once=1)
    summary = Summary(seen)
    assert len(told) == len(seen)
    assert {one.planned.kind for one in summary.noticed} >= {"zero", "negative", "tenfold"}
    assert summary.healthy
    assert summary.false_alarms == []
    assert summary.unexplained == []


def seen(kind: str, *, noticed: bool = False, refused: str = "", healthy: bool = False) -> ColumnResult:
    planned = Planned("cost", "amount", kind, f"cost.amount {kind}", (Change("update", "costs", 1),), healthy)
    checks = {"tests_data/test_costs.py::test_costs_are_plausible": "verify.costs (L2): too much"} if noticed else {}
    return ColumnResult(planned, noticed=checks, refused=refused)


def test_the_page_tells_what_was_noticed_and_what_not() -> None:
    several = [
        seen("zero", noticed=True),
        seen("swapped"),
        seen("tenfold"),
        seen("null", refused="NOT NULL"),
        seen("dearer", healthy=True),
    ]
    summary = Summary(several)
    page = page_of(summary, ["cost.amount", "cost.kind"], date(2026, 1, 15), 1)
    assert str(summary.of_faults) == "1 of 3 (33%)"
    assert "**cost.amount tenfold**: nobody noticed" in page
    assert "| cost.amount | costs: costs are plausible | null | swapped, tenfold |" in page
    assert not summary.right


def test_a_healthy_variation_at_which_somebody_stirs_is_a_false_alarm() -> None:
    summary = Summary([seen("dearer", noticed=True, healthy=True)])
    assert len(summary.false_alarms) == 1
    assert not summary.right


def test_what_is_explained_is_explained_by_kind() -> None:
    assert explanation_of(seen("swapped")) is not None
    assert explanation_of(seen("negative")) is None
