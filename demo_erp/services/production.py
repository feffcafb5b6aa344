"""The workshop: orders, their steps, who does what, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from demo_erp.access import Caller, require, require_branch, visible
from demo_erp.errors import Conflict, Invalid, NotFound
from demo_erp.schema import ORDER_STATES, STEP_NAMES, Customer, ProductionOrder, ProductionStep, Sale, User
from demo_erp.services import activity
from demo_erp.services.page import Page, page_of

OPEN_STATES = ("open", "in_progress")


@dataclass(frozen=True)
class BoardColumn:
    """The orders whose next step is this one, soonest due first."""

    step: str
    orders: list[ProductionOrder]


def board(session: Session, caller: Caller) -> list[BoardColumn]:
    """Every open order in the column of its current step; one column a step name, in working order."""
    require(caller, "production.read")
    query = _loaded().where(ProductionOrder.state.in_(OPEN_STATES), visible(caller, ProductionOrder.branch_id))
    columns: dict[str, list[ProductionOrder]] = {name: [] for name in STEP_NAMES}
    for order in session.scalars(query.order_by(ProductionOrder.due_on, ProductionOrder.id)):
        step = current_step(order)
        if step is not None:
            columns[step.name].append(order)
    return [BoardColumn(name, orders) for name, orders in columns.items()]


def listing(
    session: Session, caller: Caller, *, state: str | None = None, limit: int = 50, offset: int = 0
) -> Page[ProductionOrder]:
    """Orders that the caller sees, newest first; ``state`` "active" means open or in progress."""
    require(caller, "production.read")
    query = _loaded().where(visible(caller, ProductionOrder.branch_id))
    if state == "active":
        query = query.where(ProductionOrder.state.in_(OPEN_STATES))
    elif state:
        if state not in ORDER_STATES:
            raise Invalid(f"an order's state is one of: {', '.join(ORDER_STATES)}")
        query = query.where(ProductionOrder.state == state)
    newest_first = query.order_by(ProductionOrder.created_at.desc(), ProductionOrder.id.desc())
    return page_of(session, newest_first, limit=limit, offset=offset)


def get_order(session: Session, caller: Caller, order_id: int) -> ProductionOrder:
    """One order with its steps; raises NotFound for another branch's."""
    require(caller, "production.read")
    order: ProductionOrder | None = session.scalar(_loaded().where(ProductionOrder.id == order_id))
    if order is None:
        raise NotFound("there is no such order")
    require_branch(caller, order.branch_id, "order")
    return order


def current_step(order: ProductionOrder) -> ProductionStep | None:
    """The first step that is not done; None when all are."""
    return next((step for step in order.steps if step.state != "done"), None)


def assignable(session: Session, caller: Caller, order: ProductionOrder) -> list[User]:
    """Who can be given a step of this order: the active production people and managers of its branch."""
    require(caller, "production.read")
    return list(
        session.scalars(
            select(User)
            .where(User.branch_id == order.branch_id, User.active, User.role.in_(("production", "manager")))
            .order_by(User.full_name)
        )
    )


def assign(session: Session, caller: Caller, step_id: int, user_id: int | None) -> ProductionStep:
    """Give a step to somebody of the order's branch, or to nobody (None)."""
    order, step = _workable(session, caller, step_id)
    if step.state == "done":
        raise Conflict("this step is done already")
    if user_id is not None and user_id not in {user.id for user in assignable(session, caller, order)}:
        raise Invalid("this user does not work on orders of this branch")
    step.assigned_to = user_id
    _touch(session, caller, order, step, "step.assign")
    return step


def start(session: Session, caller: Caller, step_id: int) -> ProductionStep:
    """Begin the order's next step; who begins an unassigned step takes it."""
    order, step = _workable(session, caller, step_id)
    if step.state != "waiting":
        raise Conflict(f"this step is {step.state} already")
    if current_step(order) is not step:
        raise Conflict("the step before this one is not done yet")
    step.state, step.started_at = "started", caller.now
    if step.assigned_to is None and caller.user.branch_id == order.branch_id:
        step.assigned_to = caller.user.id
    order.state = "in_progress"
    _touch(session, caller, order, step, "step.start")
    return step


def finish(session: Session, caller: Caller, step_id: int) -> ProductionStep:
    """Finish a started step; with the last one the order is done."""
    order, step = _workable(session, caller, step_id)
    if step.state != "started":
        raise Conflict("only a step that was started can be finished")
    step.state, step.finished_at = "done", caller.now
    done = sum(1 for other in order.steps if other.state == "done")
    order.progress_percent = progress(done, len(order.steps))
    if done == len(order.steps):
        order.state, order.completed_at = "done", caller.now
    _touch(session, caller, order, step, "step.finish")
    return step


def progress(done: int, steps: int) -> int:
    """Steps done of all steps in per cent, rounded half up."""
    return (200 * done + steps) // (2 * steps)


def _loaded() -> Select[Any]:
    return select(ProductionOrder).options(
        joinedload(ProductionOrder.branch),
        joinedload(ProductionOrder.sale).joinedload(Sale.customer).load_only(Customer.name),
        selectinload(ProductionOrder.steps),
    )


def _workable(session: Session, caller: Caller, step_id: int) -> tuple[ProductionOrder, ProductionStep]:
    require(caller, "production.write")
    order_id = session.scalar(select(ProductionStep.order_id).where(ProductionStep.id == step_id))
    if order_id is None:
        raise NotFound("there is no such step")
    session.execute(select(ProductionOrder.id).where(ProductionOrder.id == order_id).with_for_update())
    try:
        order = get_order(session, caller, order_id)
    except NotFound:
        raise NotFound("there is no such step") from None
    if order.state not in OPEN_STATES:
        raise Conflict(f"this order is {order.state}")
    return order, next(step for step in order.steps if step.id == step_id)


def _touch(session: Session, caller: Caller, order: ProductionOrder, step: ProductionStep, action: str) -> None:
    order.updated_at = step.updated_at = caller.now
    step.updated_by = caller.user.id
    session.flush()
    activity.record(session, caller, action, "production_step", step.id, order.branch_id)
