"""Production orders as sales open and cancel them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from demo_erp.access import Caller
from demo_erp.schema import STEP_NAMES, ProductionOrder, ProductionStep, Sale
from demo_erp.services import activity, numbers
from demo_erp.services.money import budget_of

DUE_AFTER_DAYS = 21


def open_for(session: Session, caller: Caller, sale: Sale) -> ProductionOrder:
    """The order for a studio sale that has just been finalised, all its steps waiting."""
    garment = next(line.description for line in sale.lines if line.product.kind == "studio")
    order = ProductionOrder(
        number=numbers.next_order_number(session, sale.branch, caller.today.year),
        sale_id=sale.id,
        branch_id=sale.branch_id,
        garment=garment[:120],
        state="open",
        progress_percent=0,
        budget=budget_of(sale.total),
        due_on=caller.today + timedelta(days=DUE_AFTER_DAYS),
        created_at=caller.now,
        updated_at=caller.now,
        steps=[
            ProductionStep(sequence=sequence, name=name, state="waiting", updated_at=caller.now)
            for sequence, name in enumerate(STEP_NAMES, start=1)
        ],
    )
    session.add(order)
    session.flush()
    activity.record(session, caller, "order.open", "production_order", order.id, order.branch_id)
    return order


def cancel_for(session: Session, caller: Caller, sale: Sale) -> None:
    """Cancel the order of a sale that is being voided, if it has one that is not done yet."""
    order = session.scalar(select(ProductionOrder).where(ProductionOrder.sale_id == sale.id).with_for_update())
    if order is not None and order.state != "done":
        order.state = "cancelled"
        order.updated_at = caller.now
        activity.record(session, caller, "order.cancel", "production_order", order.id, order.branch_id)


def id_for(session: Session, sale_id: int) -> int | None:
    """The id of a sale's production order, if it has one."""
    return session.scalar(select(ProductionOrder.id).where(ProductionOrder.sale_id == sale_id))
