"""Customers, each kept by one branch."""

from __future__ import annotations

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from demo_erp.access import Caller, require, require_branch, sees_all_branches, visible
from demo_erp.errors import Invalid, NotFound
from demo_erp.schema import Branch, Customer
from demo_erp.services import activity
from demo_erp.services.page import Page, page_of


def search(session: Session, caller: Caller, query: str = "", *, limit: int = 50, offset: int = 0) -> Page[Customer]:
    """Customers that the caller sees, by part of the name or of the telephone number."""
    require(caller, "customers.read")
    chosen = select(Customer).where(visible(caller, Customer.branch_id)).options(joinedload(Customer.branch))
    if text := query.strip().lower():
        by_name = func.lower(Customer.name).contains(text, autoescape=True)
        chosen = chosen.where(or_(by_name, Customer.phone.contains(text, autoescape=True)))
    return page_of(session, chosen.order_by(Customer.name, Customer.id), limit=limit, offset=offset)


def get(session: Session, caller: Caller, customer_id: int) -> Customer:
    """One customer; raises NotFound for another branch's."""
    require(caller, "customers.read")
    customer = session.get(Customer, customer_id)
    if customer is None:
        raise NotFound("there is no such customer")
    require_branch(caller, customer.branch_id, "customer")
    return customer


def create(session: Session, caller: Caller, *, name: str, phone: str = "", branch_id: int | None = None) -> Customer:
    """A new customer of the caller's branch; who sees all branches must say which."""
    require(caller, "customers.write")
    if not 1 <= len(name.strip()) <= 120:
        raise Invalid("a customer's name has 1 to 120 characters")
    if len(phone.strip()) > 40:
        raise Invalid("a telephone number has 40 characters at most")
    if not sees_all_branches(caller.user):
        require_branch(caller, branch_id or caller.user.branch_id, "branch")
        branch_id = caller.user.branch_id
    if branch_id is None or session.get(Branch, branch_id) is None:
        raise Invalid("say which branch the customer belongs to")
    customer = Customer(branch_id=branch_id, name=name.strip(), phone=phone.strip(), created_at=caller.now)
    session.add(customer)
    session.flush()
    activity.record(session, caller, "customer.create", "customer", customer.id, branch_id)
    return customer
