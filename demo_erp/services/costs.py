"""What production orders cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from demo_erp.access import Caller, require, visible
from demo_erp.business_time import day_bounds
from demo_erp.errors import Conflict, Invalid
from demo_erp.schema import COST_KINDS, Cost, ProductionOrder
from demo_erp.services import activity, production
from demo_erp.services.money import cents
from demo_erp.services.page import Page, page_of

LARGEST_COST = Decimal("99999.99")


@dataclass(frozen=True)
class OrderCosts:
    """The costs of one order so far, beside what it may cost."""

    order: ProductionOrder
    costs: list[Cost]
    total: Decimal
    budget: Decimal

    @property
    def over_budget(self) -> bool:
        return self.total > self.budget


def enter(
    session: Session,
    caller: Caller,
    order_id: int,
    *,
    kind: str,
    amount: Decimal,
    description: str = "",
    step_id: int | None = None,
) -> Cost:
    """Enter a cost of an order, of one of its steps if named."""
    require(caller, "costs.write")
    order = production.get_order(session, caller, order_id)
    if order.state == "cancelled":
        raise Conflict("this order is cancelled")
    if kind not in COST_KINDS:
        raise Invalid(f"a cost is one of: {', '.join(COST_KINDS)}")
    if not 0 < amount <= LARGEST_COST or amount != cents(amount):
        raise Invalid(f"a cost is more than 0, at most {LARGEST_COST}, in whole cents")
    if step_id is not None and step_id not in {step.id for step in order.steps}:
        raise Invalid("this step belongs to another order")
    cost = Cost(
        order_id=order.id,
        step_id=step_id,
        kind=kind,
        description=description.strip()[:200],
        amount=cents(amount),
        entered_at=caller.now,
        entered_by=caller.user.id,
    )
    session.add(cost)
    session.flush()
    activity.record(session, caller, "cost.enter", "cost", cost.id, order.branch_id)
    return cost


def of_order(session: Session, caller: Caller, order_id: int) -> OrderCosts:
    """All costs of one order, oldest first."""
    require(caller, "costs.read")
    order = production.get_order(session, caller, order_id)
    query = select(Cost).where(Cost.order_id == order_id).order_by(Cost.entered_at, Cost.id)
    found = list(session.scalars(query))
    return OrderCosts(order, found, sum((cost.amount for cost in found), Decimal("0.00")), order.budget)


def listing(
    session: Session, caller: Caller, *, day: date | None = None, limit: int = 100, offset: int = 0
) -> Page[Cost]:
    """Costs entered on a business day (or ever), newest first."""
    require(caller, "costs.read")
    query = select(Cost).join(ProductionOrder).where(visible(caller, ProductionOrder.branch_id))
    if day is not None:
        start, end = day_bounds(day, caller.timezone)
        query = query.where(Cost.entered_at >= start, Cost.entered_at < end)
    return page_of(session, query.order_by(Cost.entered_at.desc(), Cost.id.desc()), limit=limit, offset=offset)


def total_of(session: Session, order_id: int) -> Decimal:
    """The sum of an order's costs."""
    return session.scalar(select(func.sum(Cost.amount)).where(Cost.order_id == order_id)) or Decimal("0.00")
