"""Costs of all orders."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from demo_erp.access import Caller
from demo_erp.dependencies import CallerDependency, SessionDependency
from demo_erp.errors import ErpError, NotFound
from demo_erp.schema import COST_KINDS, ProductionOrder
from demo_erp.services import costs, production
from demo_erp.web import forms
from demo_erp.web.forms import FormDependency
from demo_erp.web.names import names_of
from demo_erp.web.production import CostEntry, read_cost, save_cost
from demo_erp.web.rendering import PAGES
from demo_erp.web.words import choices

router = APIRouter(prefix="/costs")
PAGE_SIZE = 25
MOST_ORDERS = 300


@router.get("")
def show(request: Request, session: SessionDependency, caller: CallerDependency) -> Response:
    return _costs_page(request, session, caller)


@router.post("")
def enter(request: Request, session: SessionDependency, caller: CallerDependency, form: FormDependency) -> Response:
    entry = read_cost(form)
    try:
        save_cost(session, caller, forms.chosen(entry.order, "an order"), entry)
    except NotFound:
        raise
    except ErpError as problem:
        session.rollback()
        return _costs_page(request, session, caller, problem, entry)
    return RedirectResponse("/costs?done=cost", status_code=303)


def _costs_page(
    request: Request,
    session: Session,
    caller: Caller,
    problem: ErpError | None = None,
    entry: CostEntry | None = None,
) -> Response:
    day = forms.day(request.query_params.get("day"))
    offset = forms.position(request.query_params.get("offset"))
    page = costs.listing(session, caller, day=day, limit=PAGE_SIZE, offset=offset)
    numbers = select(ProductionOrder.id, ProductionOrder.number)
    listed = session.execute(numbers.where(ProductionOrder.id.in_({cost.order_id for cost in page.items})))
    return PAGES.page(
        request,
        caller,
        "costs.html",
        status=problem.status if problem else 200,
        problem=problem.message if problem else "",
        page=page,
        filters={"day": day.isoformat() if day else ""},
        orders=dict(iter(listed)),
        people=names_of(session, (cost.entered_by for cost in page.items)),
        order_options=_order_options(session, caller) if caller.may("costs.write") else [],
        cost_options=choices(COST_KINDS),
        cost_form=entry or CostEntry(),
    )


def _order_options(session: Session, caller: Caller) -> list[tuple[int, str]]:
    active = production.listing(session, caller, state="active", limit=MOST_ORDERS).items
    return [(order.id, f"{order.number} · {order.garment}") for order in active]
