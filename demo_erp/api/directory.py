"""Branches, users, products, customers."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from demo_erp.api.fields import Answer, BranchCode, Entered, Instant, Money, PageAnswer
from demo_erp.dependencies import CallerDependency, SessionDependency
from demo_erp.services import branches, catalogue, customers, users

router = APIRouter(tags=["directory"])
Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0)]


class Hours(Answer):
    weekday: int
    opens: str
    closes: str


class BranchAnswer(Answer):
    id: int
    code: str
    name: str
    city: str
    active: bool
    training: bool
    opening_hours: list[Hours] = Field(default_factory=list)


class UserAnswer(Answer):
    id: int
    username: str
    full_name: str
    role: str
    branch: BranchCode | None
    active: bool
    locked_until: Instant | None


class ProductAnswer(Answer):
    id: int
    sku: str
    name: str
    category: str
    kind: str
    unit_price: Money


class CustomerAnswer(Answer):
    id: int
    name: str
    phone: str
    branch: BranchCode
    created_at: Instant


class NewCustomer(Entered):
    name: str
    phone: str = ""
    branch_id: int | None = None


class Activation(Entered):
    active: bool


@router.get("/branches", response_model=list[BranchAnswer])
def list_branches(session: SessionDependency, caller: CallerDependency) -> Any:
    hours = branches.opening_hours(session, caller)
    return [
        BranchAnswer.model_validate(branch).model_copy(
            update={"opening_hours": [Hours.model_validate(day) for day in hours.get(branch.id, [])]}
        )
        for branch in branches.listing(session, caller)
    ]


@router.get("/users", response_model=PageAnswer[UserAnswer])
def list_users(
    session: SessionDependency,
    caller: CallerDependency,
    q: str = "",
    role: str | None = None,
    active: bool | None = None,
    limit: Limit = 200,
    offset: Offset = 0,
) -> Any:
    return users.listing(session, caller, q, role=role, active=active, limit=limit, offset=offset)


@router.post("/users/{user_id}/active", response_model=UserAnswer)
def set_active(user_id: int, body: Activation, session: SessionDependency, caller: CallerDependency) -> Any:
    """Enable or disable a user; a disabled user's sessions end at once."""
    return users.set_active(session, caller, user_id, body.active)


@router.post("/users/{user_id}/unlock", response_model=UserAnswer)
def unlock(user_id: int, session: SessionDependency, caller: CallerDependency) -> Any:
    return users.unlock(session, caller, user_id)


@router.get("/products", response_model=PageAnswer[ProductAnswer])
def list_products(
    session: SessionDependency,
    caller: CallerDependency,
    q: str = "",
    kind: str | None = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Any:
    return catalogue.products(session, caller, q, kind=kind, limit=limit, offset=offset)


@router.get("/customers", response_model=PageAnswer[CustomerAnswer])
def list_customers(
    session: SessionDependency, caller: CallerDependency, q: str = "", limit: Limit = 50, offset: Offset = 0
) -> Any:
    return customers.search(session, caller, q, limit=limit, offset=offset)


@router.get("/customers/{customer_id}", response_model=CustomerAnswer)
def get_customer(customer_id: int, session: SessionDependency, caller: CallerDependency) -> Any:
    return customers.get(session, caller, customer_id)


@router.post("/customers", response_model=CustomerAnswer, status_code=201)
def create_customer(body: NewCustomer, session: SessionDependency, caller: CallerDependency) -> Any:
    return customers.create(session, caller, name=body.name, phone=body.phone, branch_id=body.branch_id)
