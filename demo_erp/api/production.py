"""The workshop: orders, steps, costs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from fastapi import APIRouter

from demo_erp.api.directory import Limit, Offset
from demo_erp.api.fields import Answer, BranchCode, Entered, Instant, Money, PageAnswer
from demo_erp.dependencies import CallerDependency, SessionDependency
from demo_erp.services import costs, production

router = APIRouter(tags=["production"])


class StepAnswer(Answer):
    id: int
    order_id: int
    sequence: int
    name: str
    state: str
    assigned_to: int | None
    started_at: Instant | None
    finished_at: Instant | None
    updated_at: Instant
    updated_by: int | None


class OrderAnswer(Answer):
    id: int
    number: str
    sale_id: int
    branch: BranchCode
    garment: str
    state: str
    progress_percent: int
    budget: Money
    due_on: date
    created_at: Instant
    updated_at: Instant
    completed_at: Instant | None


class OrderDetail(OrderAnswer):
    steps: list[StepAnswer]


class BoardAnswer(Answer):
    step: str
    orders: list[OrderDetail]


class CostAnswer(Answer):
    id: int
    order_id: int
    step_id: int | None
    kind: str
    description: str
    amount: Money
    entered_at: Instant
    entered_by: int


class OrderCostsAnswer(Answer):
    costs: list[CostAnswer]
    total: Money
    budget: Money
    over_budget: bool


class Assignment(Entered):
    user_id: int | None


class NewCost(Entered):
    kind: str
    amount: Decimal
    description: str = ""
    step_id: int | None = None


@router.get("/production/orders", response_model=PageAnswer[OrderAnswer])
def list_orders(
    session: SessionDependency,
    caller: CallerDependency,
    state: str | None = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> Any:
    """Newest first; ``state`` may also be "active": open or in progress."""
    return production.listing(session, caller, state=state, limit=limit, offset=offset)


@router.get("/production/board", response_model=list[BoardAnswer])
def board(session: SessionDependency, caller: CallerDependency) -> Any:
    """Every active order under its current step."""
    return production.board(session, caller)


@router.get("/production/orders/{order_id}", response_model=OrderDetail)
def get_order(order_id: int, session: SessionDependency, caller: CallerDependency) -> Any:
    return production.get_order(session, caller, order_id)


@router.post("/production/steps/{step_id}/assign", response_model=StepAnswer)
def assign(step_id: int, body: Assignment, session: SessionDependency, caller: CallerDependency) -> Any:
    """Give a step to somebody, or to nobody (null)."""
    return production.assign(session, caller, step_id, body.user_id)


@router.post("/production/steps/{step_id}/start", response_model=StepAnswer)
def start(step_id: int, session: SessionDependency, caller: CallerDependency) -> Any:
    return production.start(session, caller, step_id)


@router.post("/production/steps/{step_id}/finish", response_model=StepAnswer)
def finish(step_id: int, session: SessionDependency, caller: CallerDependency) -> Any:
    return production.finish(session, caller, step_id)


@router.get("/production/orders/{order_id}/costs", response_model=OrderCostsAnswer)
def costs_of_order(order_id: int, session: SessionDependency, caller: CallerDependency) -> Any:
    return costs.of_order(session, caller, order_id)


@router.post("/production/orders/{order_id}/costs", response_model=CostAnswer, status_code=201)
def enter_cost(order_id: int, body: NewCost, session: SessionDependency, caller: CallerDependency) -> Any:
    return costs.enter(
        session,
        caller,
        order_id,
        kind=body.kind,
        amount=body.amount,
        description=body.description,
        step_id=body.step_id,
    )


@router.get("/costs", response_model=PageAnswer[CostAnswer])
def list_costs(
    session: SessionDependency,
    caller: CallerDependency,
    day: date | None = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Any:
    """Costs entered on a business day."""
    return costs.listing(session, caller, day=day, limit=limit, offset=offset)
