"""Figures of the day that do not stand for the day: records that are gone, or dated otherwise."""

from __future__ import annotations

from faultlab.fault import Fault, Where, items
from faultlab.real_records import REAL
from faultlab.scene import Scene
from hypercare.outcome.level import Level

OF_A_REAL_ORDER = f"order_id IN (SELECT id FROM production_orders WHERE {REAL})"


def _cost_gone(scene: Scene) -> None:
    cost = scene.tables.one(
        f"SELECT id FROM costs WHERE {OF_A_REAL_ORDER} AND entered_at >= :midnight AND entered_at < :lately",
        midnight=scene.midnight,
        lately=scene.ago(hours=1),
    )
    scene.tables.delete("costs", "id = :id", id=cost.id)


def _costs_of_yesterday(scene: Scene) -> None:
    scene.tables.change(
        "costs",
        "entered_at = :then",
        f"{OF_A_REAL_ORDER} AND entered_at >= :midnight",
        midnight=scene.midnight,
        then=scene.ago(hours=20),
    )


def _steps_of_yesterday(scene: Scene) -> None:
    scene.tables.change(
        "production_steps",
        "updated_at = :then",
        f"{OF_A_REAL_ORDER} AND updated_at >= :midnight",
        midnight=scene.midnight,
        then=scene.ago(hours=20),
    )


def _steps_by_a_script(scene: Scene) -> None:
    """Whoever ran it meant well: work that waits was given to somebody else, in the database."""
    steps = scene.tables.rows(
        f"SELECT id FROM production_steps WHERE {OF_A_REAL_ORDER} AND state = 'waiting' ORDER BY id DESC LIMIT 5"
    )
    who = scene.tables.one("SELECT id FROM users WHERE role = 'production' AND username NOT LIKE 'check.%'").id
    for step in steps:
        scene.tables.change(
            "production_steps",
            "updated_at = :now, updated_by = :who",
            "id = :id",
            id=step.id,
            now=scene.ago(minutes=10),
            who=who,
        )


def _order_left_open(scene: Scene) -> None:
    """The last step was done days ago, and the order was never completed."""
    order = scene.tables.one(
        f"SELECT id FROM production_orders WHERE state = 'done' AND {REAL} AND completed_at < :lately"
        " ORDER BY completed_at DESC",
        lately=scene.ago(days=2),
    )
    scene.tables.change("production_orders", "state = 'in_progress', completed_at = NULL", "id = :id", id=order.id)


def _order_completed_early(scene: Scene) -> None:
    """Completed today; but its last step was done three days ago."""
    order = scene.tables.one(
        f"SELECT id FROM production_orders WHERE state = 'done' AND {REAL} AND completed_at < :lately"
        " ORDER BY completed_at DESC",
        lately=scene.ago(days=3),
    )
    scene.tables.change("production_orders", "completed_at = :now", "id = :id", id=order.id, now=scene.ago(hours=1))


FAULTS = (
    Fault(
        id="cost-gone-without-trace",
        happens="A cost of today was deleted in the database.",
        where=Where.DATABASE,
        put_in=_cost_gone,
        noticed_by={"summary.costs-entered": Level.L2},
        may_notice=items("verify.costs", "data.foreign-keys"),
    ),
    Fault(
        id="costs-dated-yesterday",
        happens="All costs of today are dated yesterday.",
        where=Where.DATABASE,
        put_in=_costs_of_yesterday,
        noticed_by={"summary.costs-entered": Level.L2, "production.figures": Level.L2},
        may_notice=items("verify.costs", "backup.accessible"),
    ),
    Fault(
        id="steps-dated-yesterday",
        happens="All that the workshops did today is dated yesterday.",
        where=Where.DATABASE,
        put_in=_steps_of_yesterday,
        noticed_by={"summary.steps-updated": Level.L2, "production.figures": Level.L2},
        may_notice=items("ops.production-steps", "verify.production-progress", "data.constraints"),
    ),
    Fault(
        id="steps-changed-by-a-script",
        happens="A script changed five steps, and the activity log knows nothing of it.",
        where=Where.DATABASE,
        put_in=_steps_by_a_script,
        noticed_by={"summary.steps-updated": Level.L2, "focus.production-updates": Level.L2},
        may_notice=items("verify.branches"),
    ),
    Fault(
        id="order-left-open",
        happens="The last step of an order was done days ago, and the order still counts as open.",
        where=Where.DATABASE,
        put_in=_order_left_open,
        noticed_by={"summary.orders-completed": Level.L2},
        may_notice=items("verify.production-progress", "ops.workflows"),
    ),
    Fault(
        id="order-completed-days-late",
        happens="An order that was done days ago counts as completed today.",
        where=Where.DATABASE,
        put_in=_order_completed_early,
        noticed_by={"summary.orders-completed": Level.L2},
        may_notice=items("verify.production-progress"),
    ),
)
