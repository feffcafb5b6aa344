"""In which branches somebody is at work now who does such work: by the shifts, if they are known."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from hypercare.database.database import Database
from hypercare.operations.pace import BranchPace, Pace, branches_at_work
from hypercare.operations_model.model import Model
from tests.operations.checking import make_target
from tests.operations.facts import AS_OF, GO_LIVE, TODAY, Facts, at, healthy
from tests.operations.plain_schema import fill, mapping

NORTH, SOUTH = 1, 2
MORNING = at(TODAY, "08:00")


def at_work(folder: Path, facts: Facts, *, without: str = "") -> frozenset[object] | None:
    url = f"sqlite:///{folder / 'business.sqlite'}"
    fill(url, facts)
    mapped = mapping()
    entity, _, field = without.partition(".")
    if field:
        del mapped[entity]["columns"][field]
    elif entity:
        del mapped[entity]
    database = Database(make_target(url, mapped, AS_OF, go_live=GO_LIVE))
    try:
        return branches_at_work(Model(database.target, database), "sale", "created_by")
    finally:
        database.close()


def with_shifts(*shifts: dict[str, object]) -> Facts:
    """The healthy business with no other shifts than these."""
    facts = healthy()
    facts.rows["shift"] = []
    for shift in shifts:
        facts.add("shift", **{"branch": NORTH, "starts_at": MORNING, "ends_at": at(TODAY, "18:30"), **shift})
    return facts


SELLER, WORKER, SELLER_OF_SOUTH = 1, 3, 4


@pytest.mark.parametrize(
    ("shifts", "branches"),
    [
        pytest.param([{"user": SELLER}], {NORTH}, id="a seller is on shift"),
        pytest.param([{"user": SELLER}, {"user": SELLER_OF_SOUTH, "branch": SOUTH}], {NORTH, SOUTH}, id="in both"),
        pytest.param([{"user": SELLER, "branch": SOUTH}], {SOUTH}, id="where the shift is, not where they belong"),
        pytest.param([{"user": WORKER}], set(), id="who is on shift has never sold anything"),
        pytest.param([{"user": SELLER, "ends_at": AS_OF - timedelta(minutes=1)}], set(), id="the shift is over"),
        pytest.param([{"user": SELLER, "starts_at": AS_OF - timedelta(minutes=59)}], set(), id="they have just come"),
        pytest.param([{"user": SELLER, "starts_at": AS_OF - timedelta(minutes=61)}], {NORTH}, id="for an hour"),
        pytest.param([{"user": SELLER, "starts_at": MORNING - timedelta(days=2)}], set(), id="a shift of many days"),
    ],
)
def test_branches_at_work_are_those_where(shifts: list[dict[str, object]], branches: set[int], tmp_path: Path) -> None:
    assert at_work(tmp_path, with_shifts(*shifts)) == branches


@pytest.mark.parametrize("without", ["shift", "shift.branch", "sale.created_by"])
def test_without_shifts_or_makers_it_is_not_known_who_is_at_work(without: str, tmp_path: Path) -> None:
    assert at_work(tmp_path, with_shifts({"user": SELLER}), without=without) is None


@pytest.mark.parametrize(
    ("actual", "expected", "silent"), [(0, 5.0, True), (0, 4.9, False), (1, 50.0, False), (0, 50.0, True)]
)
def test_a_branch_is_silent_that_did_nothing_where_so_much_is_usual(actual: int, expected: float, silent: bool) -> None:
    assert bool(Pace([BranchPace(NORTH, actual, expected)], days=7).silent(5)) is silent
