"""The workshop: board, orders, steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from demo_erp.access import Caller
from demo_erp.dependencies import CallerDependency, SessionDependency
from demo_erp.errors import ErpError, NotFound
from demo_erp.schema import COST_KINDS, ORDER_STATES, ProductionOrder, ProductionStep
from demo_erp.services import costs, production
from demo_erp.web import forms
from demo_erp.web.forms import FormDependency, text
from demo_erp.web.names import names_of
from demo_erp.web.rendering import PAGES
from demo_erp.web.words import choices, word

router = APIRouter(prefix="/production")
PAGE_SIZE = 25


@dataclass(frozen=True)
class CostEntry:
    """A cost as it was typed."""

    order: str = ""
    kind: str = "material"
    amount: str = ""
    step: str = ""
    description: str = ""


@router.get("")
def board(request: Request, session: SessionDependency, caller: CallerDependency) -> Response:
    columns = production.board(session, caller)
    steps = {order.id: production.current_step(order) for column in columns for order in column.orders}
    return PAGES.page(
        request,
        caller,
        "production/board.html",
        columns=columns,
        steps=steps,
        total=len(steps),
        people=names_of(session, (step.assigned_to for step in steps.values() if step)),
    )


@router.get("/orders")
def show_orders(request: Request, session: SessionDependency, caller: CallerDependency) -> Response:
    state = request.query_params.get("state", "")
    options = [("active", "In work"), *choices(ORDER_STATES)]
    state = state if state in dict(options) else ""
    offset = forms.position(request.query_params.get("offset"))
    page = production.listing(session, caller, state=state or None, limit=PAGE_SIZE, offset=offset)
    return PAGES.page(
        request, caller, "production/orders.html", page=page, filters={"state": state}, state_options=options
    )


@router.get("/orders/{order_id}")
def show_order(request: Request, session: SessionDependency, caller: CallerDependency, order_id: int) -> Response:
    return _order_page(request, session, caller, production.get_order(session, caller, order_id))


@router.post("/orders/{order_id}/costs")
def enter_cost(
    request: Request, session: SessionDependency, caller: CallerDependency, order_id: int, form: FormDependency
) -> Response:
    entry = read_cost(form)

    def change() -> None:
        save_cost(session, caller, order_id, entry)

    return _changed(request, session, caller, order_id, change, "cost", cost_form=entry)


@router.post("/steps/{step_id}/assign")
def assign(
    request: Request, session: SessionDependency, caller: CallerDependency, step_id: int, form: FormDependency
) -> Response:
    def change() -> None:
        production.assign(session, caller, step_id, forms.maybe_chosen(text(form, "worker")))

    return _changed(request, session, caller, order_of(session, step_id), change, "assigned")


@router.post("/steps/{step_id}/start")
def start(request: Request, session: SessionDependency, caller: CallerDependency, step_id: int) -> Response:
    def change() -> None:
        production.start(session, caller, step_id)

    return _changed(request, session, caller, order_of(session, step_id), change, "started")


@router.post("/steps/{step_id}/finish")
def finish(request: Request, session: SessionDependency, caller: CallerDependency, step_id: int) -> Response:
    def change() -> None:
        production.finish(session, caller, step_id)

    return _changed(request, session, caller, order_of(session, step_id), change, "finished")


def read_cost(form: Any) -> CostEntry:
    """A cost as it was typed into one of the two forms."""
    return CostEntry(**{name: text(form, name) for name in ("order", "kind", "amount", "step", "description")})


def save_cost(session: Session, caller: Caller, order_id: int, entry: CostEntry) -> None:
    """Enter it; raises what the services raise."""
    costs.enter(
        session,
        caller,
        order_id,
        kind=entry.kind,
        amount=forms.decimal(entry.amount, "the amount"),
        description=entry.description,
        step_id=forms.maybe_chosen(entry.step),
    )


def order_of(session: Session, step_id: int) -> int:
    """The order that a step belongs to; raises NotFound for an unknown step. Who may see it is asked later."""
    order_id = session.scalar(select(ProductionStep.order_id).where(ProductionStep.id == step_id))
    if order_id is None:
        raise NotFound("there is no such step")
    return order_id


def _changed(
    request: Request,
    session: Session,
    caller: Caller,
    order_id: int,
    change: Callable[[], None],
    done: str,
    **typed: Any,
) -> Response:
    """Change the order and show it anew; what cannot be done is told on its page, with what was typed."""
    try:
        change()
    except NotFound:
        raise
    except ErpError as problem:
        session.rollback()
        order = production.get_order(session, caller, order_id)
        return _order_page(request, session, caller, order, problem=problem, **typed)
    return RedirectResponse(f"/production/orders/{order_id}?done={done}", status_code=303)


def _order_page(
    request: Request,
    session: Session,
    caller: Caller,
    order: ProductionOrder,
    *,
    problem: ErpError | None = None,
    cost_form: CostEntry | None = None,
) -> Response:
    spent = costs.of_order(session, caller, order.id)
    open_order = order.state in production.OPEN_STATES
    return PAGES.page(
        request,
        caller,
        "production/order.html",
        status=problem.status if problem else 200,
        problem=problem.message if problem else "",
        order=order,
        open_order=open_order,
        next_step=production.current_step(order) if open_order else None,
        workers=production.assignable(session, caller, order) if open_order else [],
        people=names_of(session, (step.assigned_to for step in order.steps)),
        spent=spent,
        cost_form=cost_form or CostEntry(),
        cost_options=choices(COST_KINDS),
        step_options=[(step.id, word(step.name)) for step in order.steps],
    )
