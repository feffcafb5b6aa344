"""One search over everything that the caller sees."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from demo_erp.access import Caller, require, visible
from demo_erp.schema import Customer, Product, ProductionOrder, Sale
from demo_erp.services import catalogue, customers, sales_listing

MOST_OF_A_KIND = 10


@dataclass(frozen=True)
class Found:
    """The best matches of each kind; kinds that the role does not see stay empty."""

    sales: list[Sale] = field(default_factory=list)
    customers: list[Customer] = field(default_factory=list)
    orders: list[ProductionOrder] = field(default_factory=list)
    products: list[Product] = field(default_factory=list)


def everything(session: Session, caller: Caller, query: str) -> Found:
    """Sales by number or customer, customers by name or telephone, orders by number or garment, products."""
    require(caller, "search")
    text = query.strip()
    if not text:
        return Found()
    most = MOST_OF_A_KIND
    return Found(
        sales=list(sales_listing.listing(session, caller, query=text, limit=most).items)
        if caller.may("sales.read")
        else [],
        customers=list(customers.search(session, caller, text, limit=most).items)
        if caller.may("customers.read")
        else [],
        orders=_orders(session, caller, text) if caller.may("production.read") else [],
        products=list(catalogue.products(session, caller, text, limit=most).items),
    )


def _orders(session: Session, caller: Caller, text: str) -> list[ProductionOrder]:
    by_number = ProductionOrder.number.startswith(text.upper(), autoescape=True)
    by_garment = func.lower(ProductionOrder.garment).contains(text.lower(), autoescape=True)
    query = (
        select(ProductionOrder)
        .where(visible(caller, ProductionOrder.branch_id), or_(by_number, by_garment))
        .options(joinedload(ProductionOrder.branch))
        .order_by(ProductionOrder.created_at.desc())
        .limit(MOST_OF_A_KIND)
    )
    return list(session.scalars(query))
