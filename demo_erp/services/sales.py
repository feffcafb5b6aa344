"""Sales: drafted, filled with lines, finalised with payments, voided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from demo_erp.access import Caller, require, require_branch, sees_all_branches
from demo_erp.business_time import business_day
from demo_erp.errors import Conflict, Invalid, NotAllowed, NotFound
from demo_erp.schema import (
    PAYMENT_METHODS,
    SALE_KINDS,
    Branch,
    Customer,
    Payment,
    Product,
    Sale,
    SaleLine,
)
from demo_erp.services import activity, jobs, ledger, numbers, production_orders
from demo_erp.services.money import CENT, cents, line_amount
from demo_erp.services.sales_listing import export_csv, listing

__all__ = [
    "LineInput",
    "PaymentInput",
    "add_line",
    "change",
    "create",
    "delete_draft",
    "export_csv",
    "finalise",
    "get",
    "listing",
    "remove_line",
    "void",
]

MOST_LINES = 50
LARGEST_QUANTITY = Decimal("999")
LARGEST_TOTAL = Decimal("9999999.99")


@dataclass(frozen=True)
class LineInput:
    """A line as somebody enters it; the price comes from the catalogue."""

    product_id: int
    quantity: Decimal = Decimal("1")
    discount_percent: Decimal = Decimal("0")


@dataclass(frozen=True)
class PaymentInput:
    """Money received: "cash", "card" or "transfer", in the business's currency."""

    method: str
    amount: Decimal


def create(
    session: Session,
    caller: Caller,
    *,
    customer_id: int,
    kind: str,
    lines: Sequence[LineInput] = (),
    note: str = "",
    client_reference: str | None = None,
    branch_id: int | None = None,
) -> Sale:
    """A new draft. Sent twice with the same client reference it is made once, and the first is given back.

    The branch is the caller's; owner-like callers name it, or leave it to the customer's branch.
    """
    require(caller, "sales.write")
    if kind not in SALE_KINDS:
        raise Invalid(f"a sale is one of: {', '.join(SALE_KINDS)}")
    customer = _customer(session, caller, customer_id, branch_id)
    if client_reference:
        numbers.lock_branch(session, customer.branch_id)  # two sendings at once are looked at one after the other
        earlier: Sale | None = session.scalar(_loaded().where(Sale.client_reference == client_reference))
        if earlier is not None:
            require_branch(caller, earlier.branch_id, "sale")
            return earlier
    sale = Sale(
        branch_id=customer.branch_id,
        customer_id=customer.id,
        kind=kind,
        state="draft",
        note=note[:2000],
        client_reference=client_reference or None,
        created_at=caller.now,
        created_by=caller.user.id,
        updated_at=caller.now,
    )
    session.add(sale)
    branch = session.get_one(Branch, sale.branch_id)
    for entered in lines:
        _append(session, sale, branch, entered)
    _add_up(sale)
    session.flush()
    activity.record(session, caller, "sale.create", "sale", sale.id, sale.branch_id)
    return get(session, caller, sale.id)


def get(session: Session, caller: Caller, sale_id: int) -> Sale:
    """One sale with customer, branch, lines and payments; raises NotFound for another branch's."""
    require(caller, "sales.read")
    sale: Sale | None = session.scalar(_loaded().where(Sale.id == sale_id))
    if sale is None:
        raise NotFound("there is no such sale")
    require_branch(caller, sale.branch_id, "sale")
    return sale


def add_line(session: Session, caller: Caller, sale_id: int, line: LineInput) -> Sale:
    """Add a line to a draft."""
    sale = _draft(session, caller, sale_id)
    _append(session, sale, sale.branch, line)
    return _changed(session, caller, sale)


def remove_line(session: Session, caller: Caller, sale_id: int, line_id: int) -> Sale:
    """Take a line out of a draft; the others keep their positions."""
    sale = _draft(session, caller, sale_id)
    line = next((line for line in sale.lines if line.id == line_id), None)
    if line is None:
        raise NotFound("there is no such line in this sale")
    sale.lines.remove(line)
    return _changed(session, caller, sale)


def change(
    session: Session, caller: Caller, sale_id: int, *, customer_id: int | None = None, note: str | None = None
) -> Sale:
    """Change the customer or the note of a draft; None leaves it as it is."""
    sale = _draft(session, caller, sale_id)
    if customer_id is not None:
        sale.customer = _customer(session, caller, customer_id, sale.branch_id)
    if note is not None:
        sale.note = note[:2000]
    return _changed(session, caller, sale)


def delete_draft(session: Session, caller: Caller, sale_id: int) -> None:
    """Throw a draft away; what was finalised stays and can only be voided."""
    sale = _draft(session, caller, sale_id)
    activity.record(session, caller, "sale.delete", "sale", sale.id, sale.branch_id)
    session.delete(sale)
    session.flush()


def finalise(session: Session, caller: Caller, sale_id: int, payments: Sequence[PaymentInput]) -> Sale:
    """Make a draft final: payments, number, ledger, receipt, and for a studio sale its production order.

    The payments must add up to the total exactly. Raises Invalid or Conflict and changes nothing otherwise.
    """
    sale = _draft(session, caller, sale_id)
    _check_ready(sale)
    _check_payments(sale, payments)
    numbers.lock_branch(session, sale.branch_id)
    year = caller.today.year
    sale.number = numbers.next_sale_number(session, sale.branch, year)
    sale.state = "final"
    sale.finalised_at = sale.updated_at = caller.now
    sale.finalised_by = caller.user.id
    session.flush()
    ledger.post_sale(session, sale, caller.now)
    for entered in payments:
        _pay(session, caller, sale, entered.method, entered.amount)
    if sale.kind == "studio":
        production_orders.open_for(session, caller, sale)
    jobs.queue(session, "receipt", {"sale_id": sale.id, "number": sale.number}, caller.now)
    activity.record(session, caller, "sale.finalise", "sale", sale.id, sale.branch_id)
    session.flush()
    return sale


def void(session: Session, caller: Caller, sale_id: int, reason: str) -> Sale:
    """Undo a final sale: money back, ledger reversed, production order cancelled. The number stays.

    Sales people void only what they finalised themselves, on the same business day.
    """
    require(caller, "sales.void")
    sale = _locked(session, caller, sale_id)
    if sale.state != "final" or sale.finalised_at is None:
        raise Conflict(f"only a final sale can be voided, this one is {sale.state}")
    if not reason.strip():
        raise Invalid("a void needs a reason")
    own = sale.finalised_by == caller.user.id
    same_day = business_day(sale.finalised_at, caller.timezone) == caller.today
    if caller.user.role == "sales" and not (own and same_day):
        raise NotAllowed("sales people may only void their own sale, and only on the same day")
    sale.state = "void"
    sale.voided_at = sale.updated_at = caller.now
    sale.voided_by = caller.user.id
    sale.void_reason = reason.strip()[:200]
    ledger.post_void(session, sale, caller.now)
    for payment in [payment for payment in sale.payments if payment.amount > 0]:
        _pay(session, caller, sale, payment.method, -payment.amount)
    production_orders.cancel_for(session, caller, sale)
    activity.record(session, caller, "sale.void", "sale", sale.id, sale.branch_id)
    session.flush()
    return sale


def _loaded() -> Select[Any]:
    return select(Sale).options(
        joinedload(Sale.branch),
        joinedload(Sale.customer),
        selectinload(Sale.lines),
        selectinload(Sale.payments),
    )


def _locked(session: Session, caller: Caller, sale_id: int) -> Sale:
    """The sale, held against a second change at the same time."""
    session.execute(select(Sale.id).where(Sale.id == sale_id).with_for_update())
    return get(session, caller, sale_id)


def _draft(session: Session, caller: Caller, sale_id: int) -> Sale:
    require(caller, "sales.write")
    sale = _locked(session, caller, sale_id)
    if sale.state != "draft":
        raise Conflict(f"this sale is {sale.state} and can no longer be changed")
    return sale


def _customer(session: Session, caller: Caller, customer_id: int, branch_id: int | None) -> Customer:
    customer = session.get(Customer, customer_id)
    own = None if sees_all_branches(caller.user) else caller.user.branch_id
    branches = {branch for branch in (own, branch_id) if branch is not None}
    if customer is None or not branches <= {customer.branch_id}:
        raise NotFound("there is no such customer in this branch")
    return customer


def _append(session: Session, sale: Sale, branch: Branch, entered: LineInput) -> None:
    product = session.get(Product, entered.product_id)
    if product is None or not product.active:
        raise Invalid("there is no such product")
    if sale.kind == "retail" and product.kind != "retail":
        raise Invalid(f"{product.name} is made in the studio; make this a studio sale")
    if product.category == "training" and not branch.training:
        raise Invalid(f"{product.name} is for the training room only")
    if not 0 < entered.quantity <= LARGEST_QUANTITY or entered.quantity != entered.quantity.quantize(CENT):
        raise Invalid(f"a quantity is more than 0, at most {LARGEST_QUANTITY}, with two places at most")
    if not 0 <= entered.discount_percent <= 100:
        raise Invalid("a discount lies between 0 and 100 per cent")
    if len(sale.lines) >= MOST_LINES:
        raise Invalid(f"a sale has at most {MOST_LINES} lines")
    discount = cents(entered.discount_percent)
    sale.lines.append(
        SaleLine(
            position=max((line.position for line in sale.lines), default=0) + 1,
            product_id=product.id,
            description=product.name,
            quantity=entered.quantity,
            unit_price=product.unit_price,
            discount_percent=discount,
            amount=line_amount(entered.quantity, product.unit_price, discount),
        )
    )


def _add_up(sale: Sale) -> None:
    sale.total = sum((line.amount for line in sale.lines), Decimal("0.00"))
    if sale.total > LARGEST_TOTAL:
        raise Invalid(f"a sale comes to {LARGEST_TOTAL} at most")


def _changed(session: Session, caller: Caller, sale: Sale) -> Sale:
    _add_up(sale)
    sale.updated_at = caller.now
    session.flush()
    activity.record(session, caller, "sale.change", "sale", sale.id, sale.branch_id)
    return sale


def _check_ready(sale: Sale) -> None:
    if not sale.lines or sale.total <= 0:
        raise Invalid("a sale without anything to pay cannot be finalised")
    if sale.kind == "studio" and not any(line.product.kind == "studio" for line in sale.lines):
        raise Invalid("a studio sale needs something that the studio makes")


def _check_payments(sale: Sale, payments: Sequence[PaymentInput]) -> None:
    for payment in payments:
        if payment.method not in PAYMENT_METHODS:
            raise Invalid(f"a payment method is one of: {', '.join(PAYMENT_METHODS)}")
        if not 0 < payment.amount <= LARGEST_TOTAL or payment.amount != cents(payment.amount):
            raise Invalid(f"a payment is more than 0, at most {LARGEST_TOTAL}, in whole cents")
    paid = sum((payment.amount for payment in payments), Decimal("0.00"))
    if paid != sale.total:
        raise Invalid(f"the payments come to {paid}, the sale to {sale.total}; they must be equal")


def _pay(session: Session, caller: Caller, sale: Sale, method: str, amount: Decimal) -> None:
    payment = Payment(method=method, amount=cents(amount), paid_at=caller.now, received_by=caller.user.id)
    sale.payments.append(payment)
    session.flush()
    ledger.post_payment(session, sale, payment, caller.now)
