"""One sale: its lines, payment, finalising and voiding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from demo_erp.access import Caller
from demo_erp.business_time import business_day
from demo_erp.dependencies import CallerDependency, SessionDependency
from demo_erp.errors import ErpError, NotFound
from demo_erp.schema import PAYMENT_METHODS, ProductionOrder, Sale
from demo_erp.services import sales
from demo_erp.services.sales import LineInput, PaymentInput
from demo_erp.web import forms
from demo_erp.web.forms import FormDependency, text, texts
from demo_erp.web.names import names_of
from demo_erp.web.rendering import PAGES
from demo_erp.web.sales import product_groups
from demo_erp.web.words import choices

router = APIRouter(prefix="/sales/{sale_id}")


@dataclass(frozen=True)
class PaymentEntry:
    """A payment as it was typed."""

    method: str
    amount: str


@router.get("")
def show(request: Request, session: SessionDependency, caller: CallerDependency, sale_id: int) -> Response:
    return _sale_page(request, session, caller, sales.get(session, caller, sale_id))


@router.post("/lines")
def add_line(
    request: Request, session: SessionDependency, caller: CallerDependency, sale_id: int, form: FormDependency
) -> Response:
    def change() -> None:
        line = LineInput(
            forms.chosen(text(form, "product"), "a product"),
            forms.decimal(text(form, "quantity"), "the quantity"),
            forms.decimal(text(form, "discount"), "the discount"),
        )
        sales.add_line(session, caller, sale_id, line)

    return _changed(request, session, caller, sale_id, change, "line-added")


@router.post("/lines/{line_id}/remove")
def remove_line(
    request: Request, session: SessionDependency, caller: CallerDependency, sale_id: int, line_id: int
) -> Response:
    def change() -> None:
        sales.remove_line(session, caller, sale_id, line_id)

    return _changed(request, session, caller, sale_id, change, "line-removed")


@router.post("/finalise")
def finalise(
    request: Request, session: SessionDependency, caller: CallerDependency, sale_id: int, form: FormDependency
) -> Response:
    entered = read_payments(form)
    if text(form, "action") == "add-payment":
        sale = sales.get(session, caller, sale_id)
        return _sale_page(request, session, caller, sale, payments=[*entered, _rest(sale, entered)])

    def change() -> None:
        sales.finalise(session, caller, sale_id, payment_inputs(entered))

    return _changed(request, session, caller, sale_id, change, "finalised", payments=entered)


@router.post("/void")
def void(
    request: Request, session: SessionDependency, caller: CallerDependency, sale_id: int, form: FormDependency
) -> Response:
    reason = text(form, "reason")

    def change() -> None:
        sales.void(session, caller, sale_id, reason)

    return _changed(request, session, caller, sale_id, change, "voided", reason=reason)


@router.post("/delete")
def delete(session: SessionDependency, caller: CallerDependency, sale_id: int) -> Response:
    sales.delete_draft(session, caller, sale_id)
    return RedirectResponse("/sales?done=deleted", status_code=303)


def read_payments(form: FormData) -> list[PaymentEntry]:
    """The payment lines of a form, as typed."""
    return [PaymentEntry(*values) for values in zip(texts(form, "method"), texts(form, "amount"), strict=False)]


def payment_inputs(entered: list[PaymentEntry]) -> list[PaymentInput]:
    """The same for the service layer; a line with nothing in it is left out. Raises Invalid for what is no number."""
    filled = [payment for payment in entered if payment.amount not in ("", "0", "0.00")]
    return [PaymentInput(payment.method, forms.decimal(payment.amount, "the amount")) for payment in filled]


def voidable(caller: Caller, sale: Sale) -> bool:
    """Whether the button is worth showing: sales people void only their own sale, on the same day."""
    if sale.state != "final" or sale.finalised_at is None or not caller.may("sales.void"):
        return False
    same_day = business_day(sale.finalised_at, caller.timezone) == caller.today
    return caller.user.role != "sales" or (sale.finalised_by == caller.user.id and same_day)


def _changed(
    request: Request,
    session: Session,
    caller: Caller,
    sale_id: int,
    change: Callable[[], None],
    done: str,
    **typed: Any,
) -> Response:
    """Change the sale and show it anew; what cannot be done is told on its page, with what was typed."""
    try:
        change()
    except NotFound:
        raise
    except ErpError as problem:
        session.rollback()
        sale = sales.get(session, caller, sale_id)
        return _sale_page(request, session, caller, sale, problem=problem, **typed)
    return RedirectResponse(f"/sales/{sale_id}?done={done}", status_code=303)


def _rest(sale: Sale, entered: list[PaymentEntry]) -> PaymentEntry:
    """A further payment over what the others leave open."""
    try:
        paid = sum((Decimal(payment.amount.replace(",", ".")) for payment in entered), Decimal(0))
        rest = max(sale.total - paid, Decimal(0))
    except InvalidOperation:
        rest = Decimal(0)
    used = {payment.method for payment in entered}
    method = next((method for method in PAYMENT_METHODS if method not in used), PAYMENT_METHODS[0])
    return PaymentEntry(method, f"{rest:.2f}" if rest.is_finite() else "0.00")


def _sale_page(
    request: Request,
    session: Session,
    caller: Caller,
    sale: Sale,
    *,
    problem: ErpError | None = None,
    payments: list[PaymentEntry] | None = None,
    reason: str = "",
) -> Response:
    people = [sale.created_by, sale.finalised_by, sale.voided_by, *(payment.received_by for payment in sale.payments)]
    editable = sale.state == "draft" and caller.may("sales.write")
    order = select(ProductionOrder).where(ProductionOrder.sale_id == sale.id)
    return PAGES.page(
        request,
        caller,
        "sales/detail.html",
        status=problem.status if problem else 200,
        problem=problem.message if problem else "",
        sale=sale,
        order=session.scalar(order) if sale.kind == "studio" else None,
        people=names_of(session, people),
        editable=editable,
        voidable=voidable(caller, sale),
        product_groups=product_groups(session, caller, "retail" if sale.kind == "retail" else "") if editable else [],
        method_options=choices(PAYMENT_METHODS),
        payments=payments or [PaymentEntry("card", f"{sale.total:.2f}")],
        reason=reason,
    )
