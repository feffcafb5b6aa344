"""Figures of the day, the activity log, background jobs, search."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from demo_erp.api.directory import CustomerAnswer, Limit, Offset, ProductAnswer
from demo_erp.api.fields import Answer, BranchCode, Instant, Money, PageAnswer
from demo_erp.api.production import OrderAnswer
from demo_erp.api.sales import SaleAnswer
from demo_erp.dependencies import CallerDependency, SessionDependency
from demo_erp.services import activity, jobs, reports, search

router = APIRouter()


class BranchSalesAnswer(Answer):
    branch: BranchCode
    count: int
    amount: Money
    studio: int
    voided: int
    by_state: dict[str, int]
    by_method: dict[str, Money]


class SalesReport(Answer):
    """Count and amount are of the sales finalised that day that stand; ``by_state`` of those created that day."""

    day: date
    count: int
    amount: Money
    by_state: dict[str, int]
    by_method: dict[str, Money]
    branches: list[BranchSalesAnswer]


class BranchProductionAnswer(Answer):
    branch: BranchCode
    orders_created: int
    orders_completed: int
    steps_started: int
    steps_completed: int
    costs_entered: int
    costs_amount: Money
    active: int
    overdue: int


class ProductionReport(Answer):
    day: date
    branches: list[BranchProductionAnswer]


class ActivityAnswer(Answer):
    id: int
    user_id: int
    branch_id: int | None
    action: str
    entity: str
    entity_id: int | None
    channel: str
    trace_id: str
    at: Instant


class JobAnswer(Answer):
    id: int
    kind: str
    state: str
    payload: dict[str, Any]
    due_at: Instant
    queued_at: Instant
    started_at: Instant | None
    finished_at: Instant | None
    attempts: int
    error: str


class FoundAnswer(Answer):
    sales: list[SaleAnswer]
    customers: list[CustomerAnswer]
    orders: list[OrderAnswer]
    products: list[ProductAnswer]


@router.get("/reports/sales", response_model=SalesReport, tags=["reports"])
def sales_of_day(session: SessionDependency, caller: CallerDependency, day: date | None = None) -> Any:
    """Of a business day, today if none is given; the training room is in no figure of the business."""
    return reports.sales_of_day(session, caller, day or caller.today)


@router.get("/reports/production", response_model=ProductionReport, tags=["reports"])
def production_of_day(session: SessionDependency, caller: CallerDependency, day: date | None = None) -> Any:
    return reports.production_of_day(session, caller, day or caller.today)


@router.get("/activity", response_model=PageAnswer[ActivityAnswer], tags=["activity"])
def list_activity(
    session: SessionDependency,
    caller: CallerDependency,
    user: int | None = None,
    since: Annotated[AwareDatetime | None, Query(alias="from")] = None,
    action: str | None = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Any:
    """Newest first."""
    return activity.listing(session, caller, user_id=user, since=since, action=action, limit=limit, offset=offset)


@router.get("/jobs", response_model=PageAnswer[JobAnswer], tags=["system"])
def list_jobs(
    session: SessionDependency,
    caller: CallerDependency,
    state: str | None = None,
    kind: str | None = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Any:
    return jobs.listing(session, caller, state=state, kind=kind, limit=limit, offset=offset)


@router.get("/search", response_model=FoundAnswer, tags=["search"])
def everything(session: SessionDependency, caller: CallerDependency, q: str) -> Any:
    """Over everything that the caller sees."""
    return search.everything(session, caller, q)
