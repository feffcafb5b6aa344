"""Sales on the phone: my own, a new one, and one to be paid."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from demo_erp.access import Caller, require, visible
from demo_erp.dependencies import CallerDependency, SessionDependency
from demo_erp.errors import ErpError, NotFound
from demo_erp.mobile.rendering import MOBILE_PAGES
from demo_erp.schema import PAYMENT_METHODS, SALE_KINDS, Sale
from demo_erp.services import branches, sales
from demo_erp.services.page import page_of
from demo_erp.web import forms
from demo_erp.web.forms import FormDependency, text
from demo_erp.web.sale import PaymentEntry, payment_inputs, read_payments, voidable
from demo_erp.web.sales import SaleEntry, customers_to_choose, product_groups, save
from demo_erp.web.words import choices

router = APIRouter(prefix="/m/sales")
PAGE_SIZE = 20


@router.get("")
def show_mine(request: Request, session: SessionDependency, caller: CallerDependency) -> Response:
    require(caller, "sales.read")
    mine = select(Sale).where(Sale.created_by == caller.user.id, visible(caller, Sale.branch_id))
    newest_first = mine.options(joinedload(Sale.customer)).order_by(Sale.created_at.desc(), Sale.id.desc())
    offset = forms.position(request.query_params.get("offset"))
    page = page_of(session, newest_first, limit=PAGE_SIZE, offset=offset)
    return MOBILE_PAGES.page(request, caller, "sales.html", page=page)


@router.get("/new")
def show_form(request: Request, session: SessionDependency, caller: CallerDependency) -> Response:
    return _form_page(request, session, caller, SaleEntry())


@router.post("/new")
def enter(request: Request, session: SessionDependency, caller: CallerDependency, form: FormDependency) -> Response:
    entry = SaleEntry.read(form)
    if text(form, "action") != "save":
        entry.change_lines(text(form, "action"))
        return _form_page(request, session, caller, entry)
    try:
        sale = save(session, caller, entry)
    except ErpError as problem:
        session.rollback()
        return _form_page(request, session, caller, entry, problem)
    return RedirectResponse(f"/m/sales/{sale.id}?done=saved", status_code=303)


@router.get("/{sale_id}")
def show(request: Request, session: SessionDependency, caller: CallerDependency, sale_id: int) -> Response:
    return _sale_page(request, session, caller, sale_id)


@router.post("/{sale_id}/finalise")
def finalise(
    request: Request, session: SessionDependency, caller: CallerDependency, sale_id: int, form: FormDependency
) -> Response:
    entered = read_payments(form)

    def change() -> None:
        sales.finalise(session, caller, sale_id, payment_inputs(entered))

    return _changed(request, session, caller, sale_id, change, "finalised", entered)


@router.post("/{sale_id}/void")
def void(
    request: Request, session: SessionDependency, caller: CallerDependency, sale_id: int, form: FormDependency
) -> Response:
    def change() -> None:
        sales.void(session, caller, sale_id, text(form, "reason"))

    return _changed(request, session, caller, sale_id, change, "voided")


@router.post("/{sale_id}/delete")
def delete(session: SessionDependency, caller: CallerDependency, sale_id: int) -> Response:
    sales.delete_draft(session, caller, sale_id)
    return RedirectResponse("/m/sales?done=deleted", status_code=303)


def _changed(
    request: Request,
    session: Session,
    caller: Caller,
    sale_id: int,
    change: Callable[[], None],
    done: str,
    entered: list[PaymentEntry] | None = None,
) -> Response:
    try:
        change()
    except NotFound:
        raise
    except ErpError as problem:
        session.rollback()
        return _sale_page(request, session, caller, sale_id, problem, entered)
    return RedirectResponse(f"/m/sales/{sale_id}?done={done}", status_code=303)


def _form_page(
    request: Request, session: Session, caller: Caller, entry: SaleEntry, problem: ErpError | None = None
) -> Response:
    require(caller, "sales.write")
    return MOBILE_PAGES.page(
        request,
        caller,
        "new_sale.html",
        status=problem.status if problem else 200,
        problem=problem.message if problem else "",
        form=entry,
        kind_options=choices(SALE_KINDS),
        customers=customers_to_choose(session, caller, entry),
        product_groups=product_groups(session, caller),
        branch_options=[(branch.id, branch.name) for branch in branches.listing(session, caller)],
    )


def _sale_page(
    request: Request,
    session: Session,
    caller: Caller,
    sale_id: int,
    problem: ErpError | None = None,
    entered: list[PaymentEntry] | None = None,
) -> Response:
    sale = sales.get(session, caller, sale_id)
    return MOBILE_PAGES.page(
        request,
        caller,
        "sale.html",
        status=problem.status if problem else 200,
        problem=problem.message if problem else "",
        sale=sale,
        editable=sale.state == "draft" and caller.may("sales.write"),
        voidable=voidable(caller, sale),
        method_options=choices(PAYMENT_METHODS),
        payment=entered[0] if entered else PaymentEntry("card", f"{sale.total:.2f}"),
    )
