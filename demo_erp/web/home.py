"""The first page, the search and the report of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from demo_erp.access import Caller, sees_all_branches
from demo_erp.dependencies import CallerDependency, SessionDependency
from demo_erp.schema import PAYMENT_METHODS, ProductionOrder
from demo_erp.services import production, reports, sales_listing, search
from demo_erp.web import forms
from demo_erp.web.formats import query
from demo_erp.web.rendering import PAGES

router = APIRouter()
CHART_HEIGHT, BAR_STEP = 125, 60


@dataclass(frozen=True)
class Figure:
    """One number at the top of the dashboard."""

    key: str
    label: str
    value: int | Decimal
    note: str = ""

    @property
    def money(self) -> bool:
        return isinstance(self.value, Decimal)


@dataclass(frozen=True)
class Bar:
    """One day of the chart, in the units of its drawing."""

    day: date
    amount: Decimal
    left: int
    height: int
    today: bool


@router.get("/")
def dashboard(request: Request, session: SessionDependency, caller: CallerDependency) -> Response:
    found = reports.dashboard(session, caller)
    return PAGES.page(
        request,
        caller,
        "dashboard.html",
        scope_word=_scope(caller),
        figures=_figures(found),
        week=_week(session, caller) if found.sales else [],
        sales=sales_listing.listing(session, caller, limit=6).items if found.sales else [],
        orders=_next_due(session, caller) if found.production else [],
    )


@router.get("/search")
def find(request: Request, session: SessionDependency, caller: CallerDependency, q: str = "") -> Response:
    text = q.strip()[:80]
    groups = [(heading, rows) for heading, rows in _found(session, caller, text) if rows]
    total = sum(len(rows) for _heading, rows in groups)
    return PAGES.page(request, caller, "search.html", search_query=text, groups=groups, total=total)


@router.get("/reports/day")
def day_report(request: Request, session: SessionDependency, caller: CallerDependency, day: str = "") -> Response:
    shown_day = min(forms.day(day) or caller.today, caller.today)
    sales = reports.sales_of_day(session, caller, shown_day) if caller.may("reports.sales") else None
    workshop = reports.production_of_day(session, caller, shown_day) if caller.may("reports.production") else None
    return PAGES.page(
        request,
        caller,
        "day.html",
        day=shown_day,
        previous_day=shown_day - timedelta(days=1),
        next_day=shown_day + timedelta(days=1) if shown_day < caller.today else None,
        scope_word=_scope(caller),
        sales=sales,
        methods=PAYMENT_METHODS,
        zero=Decimal("0.00"),
        production=workshop,
    )


def _scope(caller: Caller) -> str:
    if sees_all_branches(caller.user) or caller.user.branch is None:
        return "All branches"
    return caller.user.branch.name


def _figures(found: reports.Dashboard) -> list[Figure]:
    figures: list[Figure] = []
    if found.sales is not None:
        studio = sum(branch.studio for branch in found.sales.branches)
        figures += [
            Figure("amount", "Sold today", found.sales.amount),
            Figure("count", "Final sales today", found.sales.count, f"{studio} of them studio"),
            Figure("drafts", "Open drafts", found.open_drafts or 0),
        ]
    if found.production is not None:
        branches = found.production.branches
        overdue = sum(branch.overdue for branch in branches)
        finished = sum(branch.steps_completed for branch in branches)
        figures += [
            Figure("orders", "Orders in work", sum(b.active for b in branches), f"{overdue} overdue"),
            Figure("steps", "Steps finished today", finished),
        ]
    return [*figures, Figure("issues", "Open issues", found.open_issues)]


def _week(session: Session, caller: Caller) -> list[Bar]:
    days = [caller.today - timedelta(days=back) for back in range(6, -1, -1)]
    amounts = reports.amounts_of(session, caller, days)
    most = max(amounts) or Decimal(1)
    return [
        Bar(day, amount, place * BAR_STEP, int(CHART_HEIGHT * amount / most), day == caller.today)
        for place, (day, amount) in enumerate(zip(days, amounts, strict=True))
    ]


def _next_due(session: Session, caller: Caller) -> list[ProductionOrder]:
    orders = (order for column in production.board(session, caller) for order in column.orders)
    return list(islice(sorted(orders, key=lambda order: (order.due_on, order.id)), 6))


def _found(session: Session, caller: Caller, text: str) -> list[tuple[str, list[dict[str, Any]]]]:
    found = search.everything(session, caller, text)
    sales = [
        _row(sale.number or f"Draft {sale.id}", f"{sale.customer.name} · {sale.branch.name}", f"/sales/{sale.id}")
        for sale in found.sales
    ]
    orders = [
        _row(order.number, f"{order.garment} · {order.branch.name}", f"/production/orders/{order.id}")
        for order in found.orders
    ]
    customers = [
        _row(customer.name, f"{customer.phone} · {customer.branch.name}", f"/sales?{query({'q': customer.name})}")
        for customer in found.customers
    ]
    products = [_row(product.name, product.sku, "") for product in found.products]
    return [("Sales", sales), ("Production orders", orders), ("Customers", customers), ("Products", products)]


def _row(title: str, detail: str, path: str) -> dict[str, Any]:
    return {"title": title, "detail": detail, "path": path}
