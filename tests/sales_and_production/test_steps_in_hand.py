"""Steps that have been in hand far longer than such steps ever were."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from hypercare.database.database import Database
from hypercare.operations_model.model import Model
from hypercare.outcome.found import Found
from hypercare.sales_and_production.late_production import LateProduction
from tests.operations import plain_schema
from tests.operations.checking import make_target
from tests.operations.facts import AS_OF, GO_LIVE, TODAY, Facts, at

Begun = Callable[..., Found]


@pytest.fixture
def in_hand(tmp_path: Path) -> Begun:
    """A workshop that works from Monday to Friday and does two steps of half an hour a day; what is in hand since."""

    def in_hand(*begun: date, clock: str = "15:00", other_branch: Sequence[date] = ()) -> Found:
        facts = Facts()
        facts.add("branch", code="N", name="North", live=True)
        opened = at(GO_LIVE, "08:00")
        order = facts.add("production_order", number="P-1", branch=1, state="in_progress", created_at=opened)
        for number in range(14):
            day = GO_LIVE + timedelta(days=number)
            for start, end in (("09:00", "09:30"), ("14:00", "14:30")) if day.weekday() < 5 else ():
                step(facts, order["id"], "done", started_at=at(day, start), finished_at=at(day, end))
        facts.add("branch", code="S", name="South", live=True)
        other = facts.add("production_order", number="P-2", branch=2, state="in_progress", created_at=opened)
        for day in other_branch:
            step(facts, other["id"], "done", started_at=at(day, "10:00"), finished_at=at(day, "10:20"))
        for day in begun:
            step(facts, order["id"], "started", started_at=at(day, clock), finished_at=None)
        file = tmp_path / "workshop.sqlite"
        plain_schema.fill(f"sqlite:///{file}", facts)
        target = make_target(f"sqlite:///{file}", plain_schema.mapping(), AS_OF, go_live=GO_LIVE)
        with closing(Database(target)) as database:
            return LateProduction(Model(target, database)).in_hand_too_long()

    return in_hand


def step(facts: Facts, order: int, state: str, **times: object) -> None:
    facts.add("step", order=order, sequence=1, name="look at it", state=state, updated_at=AS_OF, updated_by=1, **times)


def test_a_step_in_hand_for_days_is_found(in_hand: Begun) -> None:
    found = in_hand(TODAY - timedelta(days=6), *[TODAY] * 9, clock="08:00")
    assert (found.count, found.of) == (1, 10)
    assert found.doubt is None
    assert found.sample[0]["the longest before"] == "30 minutes"


def test_a_week_end_holds_nobody_up(in_hand: Begun) -> None:
    friday = TODAY - timedelta(days=5)
    assert friday.weekday() == 4
    # Monday and Tuesday are all that was worked on since.
    assert in_hand(friday).count == 0


def test_days_on_which_only_another_branch_works_hold_nobody_up(in_hand: Begun) -> None:
    friday = TODAY - timedelta(days=5)
    assert in_hand(friday, other_branch=(TODAY - timedelta(days=4), TODAY - timedelta(days=3))).count == 0


def test_where_many_wait_it_is_the_way_of_the_house(in_hand: Begun) -> None:
    found = in_hand(*[TODAY - timedelta(days=9)] * 3, TODAY)
    assert found.count == 3
    assert found.doubt is not None
