"""Costs that are missing, impossible, too large, or on the wrong order."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from faultlab.fault import Fault, Where, items
from faultlab.scene import Scene
from hypercare.outcome.level import Level

NOTICED = {"verify.costs": Level.L2}
REAL = "o.branch_id IN (SELECT id FROM branches WHERE NOT training)"


def a_cost(scene: Scene, *, kind: str = "labour") -> Row[Any]:
    """A cost of yesterday or earlier of an order in progress, with the order's branch and budget."""
    return scene.tables.one(
        f"SELECT c.*, o.branch_id, o.budget FROM costs c JOIN production_orders o ON o.id = c.order_id"
        f" WHERE c.kind = :kind AND o.state = 'in_progress' AND {REAL} AND c.entered_at < :midnight ORDER BY c.id DESC",
        kind=kind,
        midnight=scene.midnight,
    )


def _negative(scene: Scene) -> None:
    scene.tables.change("costs", "amount = -amount", "id = :id", id=a_cost(scene).id)


def _nothing(scene: Scene) -> None:
    scene.tables.change("costs", "amount = 0", "id = :id", id=a_cost(scene).id)


def _times(factor: float) -> Any:
    def put_in(scene: Scene) -> None:
        scene.tables.change(
            "costs",
            "amount = round(amount * CAST(:factor AS NUMERIC), 2)",
            "id = :id",
            id=a_cost(scene).id,
            factor=factor,
        )

    return put_in


def _beyond_the_budget(scene: Scene) -> None:
    cost = a_cost(scene, kind="material")
    spent = scene.tables.one("SELECT sum(amount) AS spent FROM costs WHERE order_id = :order", order=cost.order_id)
    over = float(cost.budget) - float(spent.spent) + 0.01
    scene.tables.change(
        "costs", "amount = round(amount + CAST(:over AS NUMERIC), 2)", "id = :id", id=cost.id, over=over
    )


def _on_an_order_of_another_branch(scene: Scene) -> None:
    cost = a_cost(scene)
    other = scene.tables.one(
        f"SELECT o.id FROM production_orders o WHERE {REAL} AND o.branch_id <> :branch AND o.state = 'in_progress'"
        " ORDER BY o.id",
        branch=cost.branch_id,
    )
    scene.tables.change("costs", "order_id = :other", "id = :id", id=cost.id, other=other.id)


def _on_no_order(scene: Scene) -> None:
    scene.tables.change("costs", "order_id = 999999", "id = :id", id=a_cost(scene).id)


def _order_without_costs(scene: Scene) -> None:
    order = scene.tables.one(
        f"SELECT o.id FROM production_orders o WHERE o.state = 'done' AND {REAL} AND o.completed_at < :midnight"
        " ORDER BY o.id DESC",
        midnight=scene.midnight,
    )
    scene.tables.delete("costs", "order_id = :order", order=order.id)


def _past_the_application(scene: Scene) -> None:
    cost = scene.tables.one(
        f"SELECT c.id FROM costs c JOIN production_orders o ON o.id = c.order_id"
        f" WHERE {REAL} AND c.entered_at >= :midnight AND o.state = 'in_progress' ORDER BY c.amount",
        midnight=scene.midnight,
    )
    scene.tables.copy("costs", cost.id)


FAULTS = (
    Fault(
        id="cost-below-nothing",
        happens="A cost was entered with a minus before it.",
        where=Where.DATABASE,
        put_in=_negative,
        noticed_by={**NOTICED, "data.constraints": Level.L3},
    ),
    Fault(
        id="cost-of-nothing",
        happens="A cost of nothing was entered.",
        where=Where.DATABASE,
        put_in=_nothing,
        noticed_by={**NOTICED, "data.constraints": Level.L3},
    ),
    Fault(
        id="cost-ten-times-too-large",
        happens="The point was forgotten: a cost is ten times what it was.",
        where=Where.DATABASE,
        put_in=_times(10),
        noticed_by=NOTICED,
    ),
    Fault(
        id="cost-half-as-much-again",
        happens="A worker took half as long again: dear, but within reason and budget.",
        where=Where.DATABASE,
        put_in=_times(1.5),
        just_below=items("verify.costs"),
    ),
    Fault(
        id="order-a-cent-over-budget",
        happens="An order has cost one cent more than its budget.",
        where=Where.DATABASE,
        put_in=_beyond_the_budget,
        noticed_by=NOTICED,
    ),
    Fault(
        id="cost-on-an-order-of-another-branch",
        happens="A cost stands on an order of another branch.",
        where=Where.DATABASE,
        put_in=_on_an_order_of_another_branch,
        noticed_by=NOTICED,
    ),
    Fault(
        id="cost-on-no-order",
        happens="The order of a cost is not there any more.",
        where=Where.DATABASE,
        put_in=_on_no_order,
        noticed_by={**NOTICED, "data.foreign-keys": Level.L3, "focus.cross-module": Level.L2},
    ),
    Fault(
        id="order-done-without-costs",
        happens="An order was completed, and all its costs are gone.",
        where=Where.DATABASE,
        put_in=_order_without_costs,
        noticed_by={
            **NOTICED,
            "data.foreign-keys": Level.L3,
            "production.costs": Level.L2,
            "production.completion": Level.L2,
        },
        may_notice=items("backup.accessible"),
    ),
    Fault(
        id="cost-past-the-application",
        happens="A cost of today stands there twice, the second time unknown to the activity log.",
        where=Where.DATABASE,
        put_in=_past_the_application,
        noticed_by={"summary.costs-entered": Level.L2},
        may_notice=items("verify.costs"),
    ),
)
