"""Where production breaks off, in a workflow of three steps: two after the one that orders begin with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from hypercare.adoption.funnel import steps_where_work_piles_up
from hypercare.database.database import Database
from hypercare.operations_model.model import Model
from hypercare.outcome.signals import NotCovered
from tests.operations import plain_schema
from tests.operations.checking import make_target
from tests.operations.facts import AS_OF, GO_LIVE, Facts, Row, healthy
from tests.operations.round_memory import CANARY


def steps_of(facts: Facts, days: float) -> Iterator[Row]:
    orders = {one["id"] for one in facts.all("production_order") if one["created_at"] > AS_OF - timedelta(days=days)}
    return (step for step in facts.all("step") if step["order"] in orders)


def waits(step: Row) -> None:
    step.update(state="waiting", started_at=None, finished_at=None)


def stays_at(name: str, later: str) -> Callable[[Facts], None]:
    """Nothing goes on at the step, and so nothing arrives at the one after it."""

    def change(facts: Facts) -> None:
        for step in steps_of(facts, 7.5):
            if step["name"] in {name, later}:
                waits(step)

    return change


def nothing_begins(facts: Facts) -> None:
    for step in steps_of(facts, 6):
        waits(step)


def more_orders(facts: Facts) -> None:
    """Each order of the business four times more, since it has few."""
    for order in facts.all("production_order"):
        steps = facts.all("step", order=order["id"])
        for _ in range(4):
            again = facts.add("production_order", **{key: value for key, value in order.items() if key != "id"})
            for step in steps:
                facts.add("step", **{**{key: one for key, one in step.items() if key != "id"}, "order": again["id"]})


@pytest.mark.parametrize(
    ("change", "told"),
    [(lambda facts: None, []), (stays_at("sew", "finish"), ["sew"]), (nothing_begins, [])],
    ids=["as ever", "nothing is sewn", "orders wait for their turn"],
)
def test_the_step_that_orders_begin_with_is_compared_with(
    tmp_path: Path, change: Callable[[Facts], None], told: list[str]
) -> None:
    facts = healthy()
    more_orders(facts)
    change(facts)
    assert [row["step"] for row in asked(tmp_path, facts, with_opening=True)] == told


def test_without_the_opening_of_orders_two_steps_are_too_few(tmp_path: Path) -> None:
    facts = healthy()
    more_orders(facts)
    with pytest.raises(NotCovered, match="too little has gone through"):
        asked(tmp_path, facts, with_opening=False)


def asked(tmp_path: Path, facts: Facts, *, with_opening: bool) -> list[dict[str, object]]:
    url = f"sqlite:///{tmp_path / 'business.sqlite'}"
    plain_schema.fill(url, facts)
    mapping = plain_schema.mapping()
    if not with_opening:
        del mapping["production_order"]["columns"]["created_at"]
    target = make_target(url, mapping, AS_OF, go_live=GO_LIVE, canary=CANARY)
    with closing(Database(target)) as database:
        return [dict(row) for row in steps_where_work_piles_up(Model(target, database)).sample]
