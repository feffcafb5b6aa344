"""Figures of the day that are too small or impossible, because records lost their day or their trace."""

from __future__ import annotations

from collections.abc import Callable

from faultlab.catalogue.figures import OF_A_REAL_ORDER
from faultlab.fault import Fault, Where, items
from faultlab.real_records import REAL
from faultlab.scene import Scene
from hypercare.outcome.level import Level


def _orders_of_yesterday(scene: Scene) -> None:
    """An import wrote all of today's completions with the day before."""
    scene.tables.change(
        "production_orders",
        "completed_at = :then",
        f"state = 'done' AND {REAL} AND completed_at >= :midnight",
        midnight=scene.midnight,
        then=scene.ago(hours=20),
    )


def _order_to_be_closed_yet(scene: Scene) -> None:
    """The last step was done today, and nobody has closed the order so far."""
    order = scene.tables.one(
        f"SELECT id FROM production_orders WHERE state = 'done' AND {REAL} AND completed_at >= :midnight ORDER BY id",
        midnight=scene.midnight,
    )
    scene.tables.change("production_orders", "state = 'in_progress', completed_at = NULL", "id = :id", id=order.id)


def _correction_too_large(scene: Scene) -> None:
    """Meant to take back one slip, it takes back more than the whole day."""
    cost = scene.tables.one(
        f"SELECT id FROM costs WHERE {OF_A_REAL_ORDER} AND entered_at >= :midnight ORDER BY id DESC",
        midnight=scene.midnight,
    )
    spent = scene.tables.one("SELECT sum(amount) AS spent FROM costs WHERE entered_at >= :day", day=scene.midnight)
    scene.tables.change("costs", "amount = :back", "id = :id", id=cost.id, back=-round(float(spent.spent) + 10, 2))


def _trace_lost(action: str) -> Callable[[Scene], None]:
    def put_in(scene: Scene) -> None:
        since = scene.ago(minutes=28)
        latest = scene.tables.one(
            f"SELECT branch_id FROM activity_log WHERE action {action} AND at >= :since AND {REAL} ORDER BY id DESC",
            since=since,
        )
        scene.tables.delete(
            "activity_log",
            f"action {action} AND at >= :since AND branch_id = :branch",
            since=since,
            branch=latest.branch_id,
        )

    return put_in


def _one_day_later(scene: Scene) -> None:
    """The trace of a sale came ten minutes late: a queue was full."""
    one = scene.tables.one(
        "SELECT id, at FROM activity_log WHERE action = 'sale.create' AND at >= :since ORDER BY id",
        since=scene.ago(minutes=25),
    )
    scene.tables.change("activity_log", "at = :then", "id = :id", id=one.id, then=scene.ago(minutes=1))


FAULTS = (
    Fault(
        id="trace-of-sales-lost",
        happens="Of the last sales of a branch the activity log knows nothing: its queue was lost.",
        where=Where.DATABASE,
        put_in=_trace_lost("= 'sale.create'"),
        noticed_by={"summary.sales-created": Level.L2, "sales.match-activity": Level.L2},
    ),
    Fault(
        id="trace-of-steps-lost",
        happens="Of the last steps of a workshop the activity log knows nothing: its queue was lost.",
        where=Where.DATABASE,
        put_in=_trace_lost("LIKE 'step.%'"),
        noticed_by={"summary.steps-updated": Level.L2, "focus.production-updates": Level.L2},
    ),
    Fault(
        id="trace-comes-late",
        happens="The activity log heard of a sale only a while after it was made.",
        where=Where.DATABASE,
        put_in=_one_day_later,
        just_below=items("summary.sales-created"),
    ),
    Fault(
        id="orders-completed-dated-yesterday",
        happens="All orders that were completed today are dated yesterday.",
        where=Where.DATABASE,
        put_in=_orders_of_yesterday,
        noticed_by={"verify.production-progress": Level.L2},
    ),
    Fault(
        id="order-not-closed-yet",
        happens="The last step of an order was done today, and the order still counts as open.",
        where=Where.DATABASE,
        put_in=_order_to_be_closed_yet,
        noticed_by={"verify.production-progress": Level.L2},
        just_below=items("summary.orders-completed"),
    ),
    Fault(
        id="cost-correction-larger-than-the-day",
        happens="A correction takes back more costs than were entered all day.",
        where=Where.DATABASE,
        put_in=_correction_too_large,
        noticed_by={
            "summary.costs-entered": Level.L2,
            "verify.costs": Level.L2,
            "data.constraints": Level.L3,
            "production.figures": Level.L2,
        },
    ),
)
