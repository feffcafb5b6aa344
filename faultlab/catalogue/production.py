"""The workshop: progress that was not made, times that cannot be, work that is stuck."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Row

from faultlab.fault import Fault, Where, items
from faultlab.real_records import REAL, an_order
from faultlab.scene import Scene
from hypercare.outcome.level import Level

NOTICED = {"verify.production-progress": Level.L2}


def a_step(scene: Scene, state: str) -> Row[Any]:
    """A step in this state of an order in progress; of done ones the first of its order."""
    return scene.tables.one(
        f"SELECT s.* FROM production_steps s JOIN production_orders o ON o.id = s.order_id WHERE s.state = :state"
        f" AND o.state = 'in_progress' AND o.{REAL} AND o.created_at < :early ORDER BY s.sequence, s.id DESC",
        state=state,
        early=scene.ago(days=1),
    )


def _progress_too_high(scene: Scene) -> None:
    order = an_order(scene, "in_progress")
    scene.tables.change("production_orders", "progress_percent = progress_percent + 14", "id = :id", id=order.id)


def _done_with_a_step_open(scene: Scene) -> None:
    order = an_order(scene, "in_progress")
    scene.tables.change(
        "production_orders",
        "state = 'done', progress_percent = 100, completed_at = :now",
        "id = :id",
        id=order.id,
        now=scene.ago(minutes=1),
    )


def _finished_before_begun(scene: Scene) -> None:
    step = a_step(scene, "done")
    scene.tables.change(
        "production_steps", "started_at = finished_at, finished_at = started_at", "id = :id", id=step.id
    )


def _finished_tomorrow(scene: Scene) -> None:
    step = a_step(scene, "done")
    scene.tables.change("production_steps", "finished_at = :then", "id = :id", id=step.id, then=scene.ago(hours=-18))


def _out_of_order(scene: Scene) -> None:
    order = a_step(scene, "started").order_id
    step = scene.tables.one(
        "SELECT id FROM production_steps WHERE order_id = :order AND state = 'waiting' ORDER BY sequence DESC",
        order=order,
    )
    scene.tables.change(
        "production_steps", "state = 'started', started_at = :then", "id = :id", id=step.id, then=scene.ago(minutes=40)
    )


def _begun_on_cancelled(scene: Scene) -> None:
    step = scene.tables.one(
        f"SELECT s.id FROM production_steps s JOIN production_orders o ON o.id = s.order_id"
        f" WHERE o.state = 'cancelled' AND o.{REAL} AND s.sequence = 1 AND s.state = 'waiting' ORDER BY s.id DESC"
    )
    scene.tables.change(
        "production_steps", "state = 'started', started_at = :then", "id = :id", id=step.id, then=scene.ago(minutes=5)
    )


def _in_hand_for(days: float) -> Callable[[Scene], None]:
    """A first step that was begun so long ago, of an order that is as old."""

    def put_in(scene: Scene) -> None:
        step = scene.tables.one(
            "SELECT s.id, s.order_id FROM production_steps s JOIN production_orders o ON o.id = s.order_id"
            f" WHERE s.state = 'started' AND s.sequence = 1 AND o.{REAL} ORDER BY s.id"
        )
        opened, begun = scene.ago(days=days, hours=1), scene.ago(days=days)
        scene.tables.change("production_orders", "created_at = :opened", "id = :id", id=step.order_id, opened=opened)
        scene.tables.change("production_steps", "started_at = :begun", "id = :id", id=step.id, begun=begun)

    return put_in


def _without_steps(scene: Scene) -> None:
    order = an_order(scene, "open")
    scene.tables.delete("production_steps", "order_id = :order", order=order.id)


def _sale_without_order(scene: Scene) -> None:
    sale = scene.tables.one(
        f"SELECT id FROM sales WHERE state = 'final' AND kind = 'retail' AND {REAL} AND finalised_at < :early"
        " ORDER BY finalised_at DESC, id DESC",
        early=scene.ago(hours=2),
    )
    scene.tables.change("sales", "kind = 'studio'", "id = :id", id=sale.id)


def _sale_just_now_without_order(scene: Scene) -> None:
    sale = scene.tables.one(
        f"SELECT id FROM sales WHERE state = 'final' AND kind = 'retail' AND {REAL} AND finalised_at > :lately"
        " ORDER BY finalised_at DESC",
        lately=scene.ago(minutes=50),
    )
    scene.tables.change("sales", "kind = 'studio'", "id = :id", id=sale.id)


def _done_on_no_day(scene: Scene) -> None:
    order = scene.tables.one(
        f"SELECT id FROM production_orders WHERE state = 'done' AND {REAL} AND completed_at < :midnight"
        " ORDER BY id DESC",
        midnight=scene.midnight,
    )
    scene.tables.change("production_orders", "completed_at = NULL", "id = :id", id=order.id)


def _begun_tomorrow(scene: Scene) -> None:
    step = a_step(scene, "started")
    scene.tables.change("production_steps", "started_at = :then", "id = :id", id=step.id, then=scene.ago(hours=-18))


def _sale_void_order_goes_on(scene: Scene) -> None:
    order = scene.tables.one(
        f"SELECT id FROM production_orders WHERE state = 'cancelled' AND progress_percent = 0 AND {REAL}"
        " ORDER BY id DESC"
    )
    scene.tables.change("production_orders", "state = 'open'", "id = :id", id=order.id)


def _step_past_the_application(scene: Scene) -> None:
    order = an_order(scene, "open")
    step = scene.tables.one(
        "SELECT id FROM production_steps WHERE order_id = :order ORDER BY sequence DESC", order=order.id
    )
    scene.tables.change(
        "production_steps",
        "assigned_to = :who, updated_by = :who, updated_at = :then",
        "id = :id",
        id=step.id,
        then=scene.ago(minutes=20),
        who=scene.tables.one(
            "SELECT id FROM users WHERE role = 'production' AND branch_id = :branch", branch=order.branch_id
        ).id,
    )


def _completed_yesterday_counted_today(scene: Scene) -> None:
    order = scene.tables.one(
        f"SELECT id FROM production_orders WHERE state = 'done' AND {REAL} AND completed_at < :midnight"
        " ORDER BY completed_at DESC",
        midnight=scene.midnight,
    )
    scene.tables.change("production_orders", "completed_at = :then", "id = :id", id=order.id, then=scene.ago(hours=3))


FAULTS = (
    Fault(
        id="progress-shown-too-high",
        happens="An order shows one step more than was done.",
        where=Where.DATABASE,
        put_in=_progress_too_high,
        noticed_by=NOTICED,
    ),
    Fault(
        id="order-done-with-a-step-open",
        happens="An order counts as done although steps of it are open.",
        where=Where.DATABASE,
        put_in=_done_with_a_step_open,
        noticed_by={**NOTICED, "summary.orders-completed": Level.L2, "production.completion": Level.L2},
        may_notice=items("verify.costs"),
    ),
    Fault(
        id="step-finished-before-it-began",
        happens="A step was finished before it was begun.",
        where=Where.DATABASE,
        put_in=_finished_before_begun,
        noticed_by={**NOTICED, "data.constraints": Level.L3},
    ),
    Fault(
        id="step-of-the-future",
        happens="A tablet with a wrong clock finishes a step tomorrow.",
        where=Where.DATABASE,
        put_in=_finished_tomorrow,
        noticed_by=NOTICED,
    ),
    Fault(
        id="step-begun-in-the-future",
        happens="A step in hand was begun tomorrow.",
        where=Where.DATABASE,
        put_in=_begun_tomorrow,
        noticed_by=NOTICED,
    ),
    Fault(
        id="order-done-on-no-day",
        happens="An order is done, and the day of its completion was wiped out.",
        where=Where.DATABASE,
        put_in=_done_on_no_day,
        noticed_by={**NOTICED, "data.constraints": Level.L3, "production.completion": Level.L2},
    ),
    Fault(
        id="step-out-of-order",
        happens="A worker begins the last step while an earlier one is in hand.",
        where=Where.DATABASE,
        put_in=_out_of_order,
        noticed_by={**NOTICED, "production.completion": Level.L2},
    ),
    Fault(
        id="work-on-a-cancelled-order",
        happens="Somebody works on an order that was cancelled.",
        where=Where.DATABASE,
        put_in=_begun_on_cancelled,
        noticed_by=NOTICED,
    ),
    Fault(
        id="step-never-finished",
        happens="A step has been in hand for six days.",
        where=Where.DATABASE,
        put_in=_in_hand_for(days=6),
        noticed_by={"ops.workflows": Level.L2, "production.timely": Level.L2},
    ),
    Fault(
        id="step-in-hand-for-four-days",
        happens="A step has been in hand for four days: long, but such gowns there are.",
        where=Where.DATABASE,
        put_in=_in_hand_for(days=4),
        just_below=items("ops.workflows"),
    ),
    Fault(
        id="order-without-steps",
        happens="An order has no steps, so that nobody can work on it.",
        where=Where.DATABASE,
        put_in=_without_steps,
        noticed_by={"ops.workflows": Level.L2},
        may_notice=items("data.foreign-keys", "backup.accessible"),
    ),
    Fault(
        id="studio-sale-without-order",
        happens="A gown was sold and paid, and no order was opened for it.",
        where=Where.DATABASE,
        put_in=_sale_without_order,
        noticed_by={"ops.workflows": Level.L2, "production.match-sales": Level.L2},
    ),
    Fault(
        id="studio-sale-waits-for-its-order",
        happens="A gown was sold within the last hour, and its order is about to be opened.",
        where=Where.DATABASE,
        put_in=_sale_just_now_without_order,
        just_below=items("ops.workflows", "production.match-sales"),
    ),
    Fault(
        id="order-of-a-void-sale",
        happens="The sale is void, but the workshop goes on.",
        where=Where.DATABASE,
        put_in=_sale_void_order_goes_on,
        noticed_by={"ops.workflows": Level.L2, "production.match-sales": Level.L2},
    ),
    Fault(
        id="step-past-the-application",
        happens="A step is changed in the database, and the activity log knows nothing of it.",
        where=Where.DATABASE,
        put_in=_step_past_the_application,
        noticed_by={"summary.steps-updated": Level.L2, "focus.production-updates": Level.L2},
    ),
    Fault(
        id="order-completed-on-the-wrong-day",
        happens="An order of yesterday counts as completed today.",
        where=Where.DATABASE,
        put_in=_completed_yesterday_counted_today,
        noticed_by={"summary.orders-completed": Level.L2},
        may_notice=items("verify.production-progress"),
    ),
)
