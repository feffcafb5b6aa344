"""The steps that somebody of the workshop has to do: started, then finished."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from demo_erp.access import Caller
from demo_erp.dependencies import CallerDependency, SessionDependency
from demo_erp.errors import ErpError, NotFound
from demo_erp.mobile.rendering import MOBILE_PAGES
from demo_erp.schema import ProductionOrder, ProductionStep
from demo_erp.services import production

router = APIRouter(prefix="/m/steps")
MOST_FREE = 20


@dataclass(frozen=True)
class Task:
    """The step an order stands at."""

    order: ProductionOrder
    step: ProductionStep


@dataclass(frozen=True)
class Steps:
    """What is mine, and what nobody has taken yet; soonest due first."""

    mine: list[Task]
    free: list[Task]


@router.get("")
def show(request: Request, session: SessionDependency, caller: CallerDependency) -> Response:
    return _steps_page(request, session, caller)


@router.post("/{step_id}/start")
def start(request: Request, session: SessionDependency, caller: CallerDependency, step_id: int) -> Response:
    def change() -> None:
        production.start(session, caller, step_id)

    return _changed(request, session, caller, change, "started")


@router.post("/{step_id}/finish")
def finish(request: Request, session: SessionDependency, caller: CallerDependency, step_id: int) -> Response:
    def change() -> None:
        production.finish(session, caller, step_id)

    return _changed(request, session, caller, change, "finished")


def steps_of(session: Session, caller: Caller) -> Steps:
    """The current steps of the orders in work that are the caller's, and those that are nobody's."""
    steps = Steps([], [])
    orders = (order for column in production.board(session, caller) for order in column.orders)
    for order in sorted(orders, key=lambda order: (order.due_on, order.id)):
        step = production.current_step(order)
        if step is not None and step.assigned_to == caller.user.id:
            steps.mine.append(Task(order, step))
        elif step is not None and step.assigned_to is None:
            steps.free.append(Task(order, step))
    return steps


def _changed(request: Request, session: Session, caller: Caller, change: Callable[[], None], done: str) -> Response:
    try:
        change()
    except NotFound:
        raise
    except ErpError as problem:
        session.rollback()
        return _steps_page(request, session, caller, problem)
    return RedirectResponse(f"/m/steps?done={done}", status_code=303)


def _steps_page(request: Request, session: Session, caller: Caller, problem: ErpError | None = None) -> Response:
    steps = steps_of(session, caller)
    return MOBILE_PAGES.page(
        request,
        caller,
        "steps.html",
        status=problem.status if problem else 200,
        problem=problem.message if problem else "",
        sections=[("My steps", steps.mine, "Nothing is assigned to you just now.")]
        + ([("Free to take", steps.free[:MOST_FREE], "")] if steps.free else []),
    )
