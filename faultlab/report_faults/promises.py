"""Days and budgets of orders that nobody can have meant, and some that are merely long or large."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from faultlab.fault import Fault, Where, items
from faultlab.real_records import an_order
from faultlab.scene import Scene
from hypercare.outcome.level import Level


def _budget(times_the_price: float) -> Callable[[Scene], None]:
    def put_in(scene: Scene) -> None:
        order = an_order(scene, "in_progress")
        sale = scene.tables.one("SELECT total FROM sales WHERE id = :id", id=order.sale_id)
        budget = round(float(sale.total) * times_the_price, 2)
        scene.tables.change("production_orders", "budget = :budget", "id = :id", id=order.id, budget=budget)

    return put_in


def _due_after(days: int) -> Callable[[Scene], None]:
    """So many days from today, or that long ago."""

    def put_in(scene: Scene) -> None:
        due = scene.config.business.calendar.date_of(scene.now) + timedelta(days=days)
        order = an_order(scene, "in_progress")
        scene.tables.change("production_orders", "due_on = :due", "id = :id", id=order.id, due=due.isoformat())

    return put_in


FAULTS = (
    Fault(
        id="budget-without-its-point",
        happens="An order may cost six times what the customer pays.",
        where=Where.DATABASE,
        put_in=_budget(6),
        noticed_by={"verify.costs": Level.L2},
    ),
    Fault(
        id="generous-budget",
        happens="An order may cost nearly twice what the customer pays: a gown for an advertisement.",
        where=Where.DATABASE,
        put_in=_budget(1.9),
        just_below=items("verify.costs"),
    ),
    Fault(
        id="order-due-last-year",
        happens="The old year was written in the day that an order is due.",
        where=Where.DATABASE,
        put_in=_due_after(-330),
        noticed_by={"production.timely": Level.L2},
    ),
    Fault(
        id="order-due-in-spring",
        happens="A gown is ordered early: it is due a month after the others.",
        where=Where.DATABASE,
        put_in=_due_after(60),
        just_below=items("production.timely"),
    ),
)
