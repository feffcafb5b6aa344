"""Sales."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import Field
from sqlalchemy.orm import Session

from demo_erp.api.directory import Limit, Offset
from demo_erp.api.fields import Answer, BranchCode, Entered, Instant, Money, PageAnswer
from demo_erp.dependencies import CallerDependency, SessionDependency, StateDependency
from demo_erp.schema import Sale
from demo_erp.services import production_orders, sales
from demo_erp.services.sales import LineInput, PaymentInput

router = APIRouter(prefix="/sales", tags=["sales"])


class CustomerReference(Answer):
    id: int
    name: str


class LineAnswer(Answer):
    id: int
    position: int
    product_id: int
    description: str
    quantity: Money
    unit_price: Money
    discount_percent: Money
    amount: Money


class PaymentAnswer(Answer):
    id: int
    method: str
    amount: Money
    paid_at: Instant


class SaleAnswer(Answer):
    id: int
    number: str | None
    branch: BranchCode
    customer: CustomerReference
    kind: str
    state: str
    total: Money
    created_at: Instant
    created_by: int
    finalised_at: Instant | None
    finalised_by: int | None
    voided_at: Instant | None


class SaleDetail(SaleAnswer):
    note: str
    client_reference: str | None
    updated_at: Instant
    voided_by: int | None
    void_reason: str
    lines: list[LineAnswer]
    payments: list[PaymentAnswer]
    production_order_id: int | None = None


class NewLine(Entered):
    product_id: int
    quantity: Decimal = Decimal("1")
    discount_percent: Decimal = Decimal("0")

    def as_input(self) -> LineInput:
        return LineInput(self.product_id, self.quantity, self.discount_percent)


class NewSale(Entered):
    customer_id: int
    kind: str = "retail"
    lines: list[NewLine] = Field(default_factory=list)
    note: str = ""
    client_reference: Annotated[str | None, Field(max_length=64)] = None
    branch_id: int | None = None


class Change(Entered):
    customer_id: int | None = None
    note: str | None = None


class NewPayment(Entered):
    method: str
    amount: Decimal


class Payments(Entered):
    payments: list[NewPayment]


class Void(Entered):
    reason: str


@router.get("", response_model=PageAnswer[SaleAnswer])
def list_sales(
    session: SessionDependency,
    caller: CallerDependency,
    state: str | None = None,
    kind: str | None = None,
    branch: str | None = None,
    q: str | None = None,
    day_from: date | None = None,
    day_to: date | None = None,
    sort: str = "-created_at",
    limit: Limit = 50,
    offset: Offset = 0,
) -> Any:
    return sales.listing(
        session,
        caller,
        state=state,
        kind=kind,
        branch=branch,
        query=q,
        day_from=day_from,
        day_to=day_to,
        sort=sort,
        limit=limit,
        offset=offset,
    )


@router.post("", response_model=SaleDetail, status_code=201)
def create_sale(body: NewSale, session: SessionDependency, caller: CallerDependency) -> Any:
    """A new draft. The same client reference sent again gives the first one back."""
    sale = sales.create(
        session,
        caller,
        customer_id=body.customer_id,
        kind=body.kind,
        lines=[line.as_input() for line in body.lines],
        note=body.note,
        client_reference=body.client_reference,
        branch_id=body.branch_id,
    )
    return _detail(session, sale)


@router.get("/export.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
def export(
    system: StateDependency,
    caller: CallerDependency,
    state: str | None = None,
    kind: str | None = None,
    branch: str | None = None,
    q: str | None = None,
    day_from: date | None = None,
    day_to: date | None = None,
) -> Response:
    """The sales that the list would show, all of them, as CSV."""
    # That it was taken out is written to the activity log: a transaction of its own that may write.
    with system.database.writing() as session:
        text = sales.export_csv(
            session,
            caller,
            state=state,
            kind=kind,
            branch=branch,
            query=q,
            day_from=day_from,
            day_to=day_to,
        )
    headers = {"Content-Disposition": 'attachment; filename="sales.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/{sale_id}", response_model=SaleDetail)
def get_sale(sale_id: int, session: SessionDependency, caller: CallerDependency) -> Any:
    return _detail(session, sales.get(session, caller, sale_id))


@router.patch("/{sale_id}", response_model=SaleDetail)
def change_sale(sale_id: int, body: Change, session: SessionDependency, caller: CallerDependency) -> Any:
    changed = sales.change(session, caller, sale_id, customer_id=body.customer_id, note=body.note)
    return _detail(session, changed)


@router.delete("/{sale_id}", status_code=204)
def delete_draft(sale_id: int, session: SessionDependency, caller: CallerDependency) -> None:
    """Throw a draft away; a final sale can only be voided."""
    sales.delete_draft(session, caller, sale_id)


@router.post("/{sale_id}/lines", response_model=SaleDetail, status_code=201)
def add_line(sale_id: int, body: NewLine, session: SessionDependency, caller: CallerDependency) -> Any:
    return _detail(session, sales.add_line(session, caller, sale_id, body.as_input()))


@router.delete("/{sale_id}/lines/{line_id}", response_model=SaleDetail)
def remove_line(sale_id: int, line_id: int, session: SessionDependency, caller: CallerDependency) -> Any:
    return _detail(session, sales.remove_line(session, caller, sale_id, line_id))


@router.post("/{sale_id}/finalise", response_model=SaleDetail)
def finalise(sale_id: int, body: Payments, session: SessionDependency, caller: CallerDependency) -> Any:
    """Make it final; the payments must add up to the total exactly."""
    paid = [PaymentInput(payment.method, payment.amount) for payment in body.payments]
    return _detail(session, sales.finalise(session, caller, sale_id, paid))


@router.post("/{sale_id}/void", response_model=SaleDetail)
def void(sale_id: int, body: Void, session: SessionDependency, caller: CallerDependency) -> Any:
    """Give the money back and undo the sale; it stays on record."""
    return _detail(session, sales.void(session, caller, sale_id, body.reason))


def _detail(session: Session, sale: Sale) -> SaleDetail:
    order_id = production_orders.id_for(session, sale.id)
    return SaleDetail.model_validate(sale).model_copy(update={"production_order_id": order_id})
