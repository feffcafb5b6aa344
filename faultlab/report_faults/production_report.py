"""Production that does not fit what was sold, is late, was left out, or costs nothing."""

from __future__ import annotations

from collections.abc import Callable

from faultlab.fault import Fault, Where, items
from faultlab.real_records import REAL, an_order
from faultlab.scene import Scene
from hypercare.outcome.level import Level

BACKUP = items("backup.accessible")
_ORDERS = f"SELECT id FROM production_orders WHERE {REAL}"


def _order_of_a_draft(scene: Scene) -> None:
    """The workshop begins before the counter has made the sale final."""
    order = an_order(scene, "in_progress")
    scene.tables.change(
        "sales",
        "state = 'draft', number = NULL, finalised_at = NULL, finalised_by = NULL",
        "id = :id",
        id=order.sale_id,
    )


def _order_of_a_retail_sale(scene: Scene) -> None:
    order = an_order(scene, "in_progress")
    scene.tables.change("sales", "kind = 'retail'", "id = :id", id=order.sale_id)


def _due(days_ago: float) -> Callable[[Scene], None]:
    def put_in(scene: Scene) -> None:
        calendar = scene.config.business.calendar
        day = calendar.date_of(scene.now)
        due = day.fromordinal(day.toordinal() - int(days_ago))
        scene.tables.change(
            "production_orders", "due_on = :due", "id = :id", id=an_order(scene, "in_progress").id, due=due.isoformat()
        )

    return put_in


def _quality_in_hand(days: float) -> Callable[[Scene], None]:
    """A step that takes half an hour has been in hand for so long, and the one before it was done by then."""

    def put_in(scene: Scene) -> None:
        step = scene.tables.one(
            f"SELECT id FROM production_steps WHERE name = 'quality' AND state = 'started' AND order_id IN ({_ORDERS})"
            " ORDER BY id"
        )
        order = scene.tables.one("SELECT order_id AS id FROM production_steps WHERE id = :id", id=step.id).id
        earlier = scene.ago(days=days, hours=2)
        scene.tables.change("production_orders", "created_at = :then", "id = :id", id=order, then=earlier)
        scene.tables.change(
            "production_steps",
            "started_at = :then, finished_at = :then",
            "order_id = :order AND state = 'done'",
            order=order,
            then=scene.ago(days=days, hours=1),
        )
        scene.tables.change("costs", "entered_at = :then", "order_id = :order", order=order, then=scene.ago(days=days))
        scene.tables.change("production_steps", "started_at = :then", "id = :id", id=step.id, then=scene.ago(days=days))

    return put_in


def _done_without_a_cost(*, days: float, until: float) -> Callable[[Scene], None]:
    """The slip of a step that was done so many days ago was lost."""

    def put_in(scene: Scene) -> None:
        cost = scene.tables.one(
            "SELECT c.id FROM costs c JOIN production_steps s ON s.id = c.step_id"
            f" WHERE s.state = 'done' AND s.finished_at >= :early AND s.finished_at < :late"
            f" AND s.order_id IN ({_ORDERS})"
            " AND s.order_id IN (SELECT id FROM production_orders WHERE state = 'in_progress')"
            " AND (SELECT count(*) FROM costs WHERE step_id = s.id) = 1 ORDER BY c.id DESC",
            early=scene.ago(days=days),
            late=scene.ago(days=until),
        )
        scene.tables.delete("costs", "id = :id", id=cost.id)
        scene.tables.delete("activity_log", "entity = 'cost' AND entity_id = :id", id=cost.id)

    return put_in


def _cost_on_the_first_step(scene: Scene) -> None:
    """A cost was entered for the first step of the order in place of its own."""
    cost = scene.tables.one(
        "SELECT c.id, s.order_id FROM costs c JOIN production_steps s ON s.id = c.step_id"
        f" WHERE s.state = 'done' AND s.sequence = 3 AND s.finished_at < :late AND s.order_id IN ({_ORDERS})"
        " AND (SELECT count(*) FROM costs WHERE step_id = s.id) = 1 ORDER BY c.id DESC",
        late=scene.ago(days=2),
    )
    scene.tables.change(
        "costs",
        "step_id = (SELECT id FROM production_steps WHERE order_id = :order AND sequence = 1)",
        "id = :id",
        id=cost.id,
        order=cost.order_id,
    )


def _step_left_out(scene: Scene) -> None:
    """An order that was completed today never had its quality looked at."""
    order = scene.tables.one(
        f"SELECT id FROM production_orders WHERE state = 'done' AND {REAL} AND completed_at >= :midnight ORDER BY id",
        midnight=scene.midnight,
    )
    step = scene.tables.one(
        "SELECT id FROM production_steps WHERE order_id = :order AND name = 'quality'", order=order.id
    )
    scene.tables.delete("costs", "step_id = :step", step=step.id)
    scene.tables.delete("activity_log", "entity = 'production_step' AND entity_id = :step", step=step.id)
    scene.tables.delete("production_steps", "id = :step", step=step.id)


def _dearer_than_sold(scene: Scene) -> None:
    order = scene.tables.one(
        f"SELECT o.id, s.total FROM production_orders o JOIN sales s ON s.id = o.sale_id WHERE o.state = 'done'"
        f" AND o.{REAL} AND o.completed_at < :midnight ORDER BY s.total, o.id",
        midnight=scene.midnight,
    )
    cost = scene.tables.one("SELECT id FROM costs WHERE order_id = :order ORDER BY amount DESC", order=order.id)
    scene.tables.change("costs", "amount = amount + :sold", "id = :id", id=cost.id, sold=float(order.total))


def _updated_by_nobody(scene: Scene) -> None:
    """A release forgets to note who moved a step, so that none of today counts."""
    scene.tables.change("production_steps", "updated_by = NULL", "updated_at >= :midnight", midnight=scene.midnight)


FAULTS = (
    Fault(
        id="steps-updated-by-nobody",
        happens="Since the release of this morning nothing says who moved a step, and none is counted.",
        where=Where.DATABASE,
        put_in=_updated_by_nobody,
        noticed_by={"summary.steps-updated": Level.L2, "production.figures": Level.L2},
        may_notice=BACKUP | items("data.constraints", "ops.production-steps"),
    ),
    Fault(
        id="order-of-a-draft",
        happens="The workshop works on a gown whose sale is a draft again.",
        where=Where.DATABASE,
        put_in=_order_of_a_draft,
        noticed_by={"production.match-sales": Level.L2},
        may_notice=BACKUP | items("data.constraints", "verify.sales-totals", "ops.workflows", "focus.cross-module"),
    ),
    Fault(
        id="order-of-a-retail-sale",
        happens="A production order is for a sale of something that hangs in the shop.",
        where=Where.DATABASE,
        put_in=_order_of_a_retail_sale,
        noticed_by={"production.match-sales": Level.L2, "data.constraints": Level.L3},
        may_notice=BACKUP,
    ),
    Fault(
        id="order-past-its-day",
        happens="A gown was due three days ago and is still in the workshop.",
        where=Where.DATABASE,
        put_in=_due(days_ago=3),
        noticed_by={"production.timely": Level.L2},
        may_notice=BACKUP,
    ),
    Fault(
        id="order-due-today",
        happens="A gown is due today, and its last steps are in hand.",
        where=Where.DATABASE,
        put_in=_due(days_ago=0),
        just_below=items("production.timely"),
        may_notice=BACKUP,
    ),
    Fault(
        id="quality-in-hand-for-three-days",
        happens="The last look at a gown, which takes half an hour, has gone on for three days.",
        where=Where.DATABASE,
        put_in=_quality_in_hand(days=3),
        noticed_by={"production.timely": Level.L2},
        may_notice=BACKUP
        | items(
            "verify.production-progress",
            "verify.costs",
            "data.constraints",
            "resistance.old-methods",
            "resistance.causes",
        ),
    ),
    Fault(
        id="quality-in-hand-for-a-day",
        happens="The last look at a gown was begun yesterday and goes on.",
        where=Where.DATABASE,
        put_in=_quality_in_hand(days=1),
        just_below=items("production.timely"),
        may_notice=BACKUP
        | items(
            "verify.production-progress",
            "verify.costs",
            "summary.costs-entered",
            "data.constraints",
            "resistance.old-methods",
            "resistance.causes",
        ),
    ),
    Fault(
        id="step-done-without-a-cost",
        happens="A step was done days ago, and its slip was lost.",
        where=Where.DATABASE,
        put_in=_done_without_a_cost(days=5, until=2),
        noticed_by={"production.costs": Level.L2},
        may_notice=BACKUP,
    ),
    Fault(
        id="cost-on-the-first-step",
        happens="The cost of a step was entered for the first step of its order.",
        where=Where.DATABASE,
        put_in=_cost_on_the_first_step,
        noticed_by={"production.costs": Level.L2},
        may_notice=BACKUP | items("verify.costs"),
    ),
    Fault(
        id="slip-of-this-morning-to-come",
        happens="A step was done this morning, and its slip is still on the table.",
        where=Where.DATABASE,
        put_in=_done_without_a_cost(days=0.4, until=0),
        just_below=items("production.costs"),
        may_notice=BACKUP | items("summary.costs-entered"),
    ),
    Fault(
        id="completed-without-a-look-at-its-quality",
        happens="An order was completed without a step that every other order has had.",
        where=Where.DATABASE,
        put_in=_step_left_out,
        noticed_by={"production.completion": Level.L2},
        may_notice=BACKUP | items("data.foreign-keys", "verify.production-progress", "summary.costs-entered"),
    ),
    Fault(
        id="order-dearer-than-it-was-sold-for",
        happens="An order that is done has cost more than the customer paid.",
        where=Where.DATABASE,
        put_in=_dearer_than_sold,
        noticed_by={"focus.cross-module": Level.L2, "verify.costs": Level.L2},
        may_notice=BACKUP,
    ),
)
