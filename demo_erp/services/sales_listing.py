"""Finding sales, and taking them out as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from demo_erp.access import Caller, require, visible
from demo_erp.business_time import day_bounds
from demo_erp.errors import Invalid
from demo_erp.schema import Branch, Customer, Sale
from demo_erp.services import activity
from demo_erp.services.page import Page, page_of

SORTS = {
    "created_at": Sale.created_at,
    "finalised_at": Sale.finalised_at,
    "number": Sale.number,
    "total": Sale.total,
}
CSV_COLUMNS = ("number", "branch", "customer", "kind", "state", "total", "created_at", "finalised_at")


def listing(
    session: Session,
    caller: Caller,
    *,
    state: str | None = None,
    kind: str | None = None,
    branch: str | None = None,
    query: str | None = None,
    day_from: date | None = None,
    day_to: date | None = None,
    sort: str = "-created_at",
    limit: int = 50,
    offset: int = 0,
) -> Page[Sale]:
    """Sales that the caller sees. Days are business days of creation, both included; ``branch`` is a code;

    ``query`` looks in number and customer; ``sort`` is a key of SORTS, with "-" for descending.
    """
    require(caller, "sales.read")
    chosen = _chosen(caller, state, kind, branch, query, day_from, day_to).options(
        joinedload(Sale.branch), joinedload(Sale.customer)
    )
    return page_of(session, _sorted(chosen, sort), limit=limit, offset=offset)


def export_csv(
    session: Session,
    caller: Caller,
    *,
    state: str | None = None,
    kind: str | None = None,
    branch: str | None = None,
    query: str | None = None,
    day_from: date | None = None,
    day_to: date | None = None,
) -> str:
    """The same sales as CSV with a heading; the export itself is written to the activity log (commit it)."""
    require(caller, "sales.export")
    chosen = _chosen(caller, state, kind, branch, query, day_from, day_to).options(
        joinedload(Sale.branch), joinedload(Sale.customer)
    )
    text = _as_csv(session.scalars(_sorted(chosen, "created_at")))
    activity.record(session, caller, "export", "sale", None)
    return text


def _chosen(
    caller: Caller,
    state: str | None,
    kind: str | None,
    branch: str | None,
    query: str | None,
    day_from: date | None,
    day_to: date | None,
) -> Select[Any]:
    chosen = select(Sale).where(visible(caller, Sale.branch_id))
    if state:
        chosen = chosen.where(Sale.state == state)
    if kind:
        chosen = chosen.where(Sale.kind == kind)
    if branch:
        chosen = chosen.where(Sale.branch_id.in_(select(Branch.id).where(Branch.code == branch.upper())))
    if query:
        matching = select(Customer.id).where(func.lower(Customer.name).contains(query.lower(), autoescape=True))
        number = Sale.number.startswith(query.upper(), autoescape=True)
        chosen = chosen.where(or_(number, Sale.customer_id.in_(matching)))
    if day_from:
        chosen = chosen.where(Sale.created_at >= day_bounds(day_from, caller.timezone)[0])
    if day_to:
        chosen = chosen.where(Sale.created_at < day_bounds(day_to, caller.timezone)[1])
    return chosen


def _sorted(chosen: Select[Any], sort: str) -> Select[Any]:
    column = SORTS.get(sort.removeprefix("-"))
    if column is None:
        raise Invalid(f"sales are sorted by: {', '.join(SORTS)}")
    if sort.startswith("-"):
        return chosen.order_by(column.desc().nulls_last(), Sale.id.desc())
    return chosen.order_by(column.asc().nulls_last(), Sale.id)


def _as_csv(sales: Iterable[Sale]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(CSV_COLUMNS)
    for sale in sales:
        writer.writerow(
            [
                sale.number or "",
                sale.branch.code,
                _inert(sale.customer.name),
                sale.kind,
                sale.state,
                f"{sale.total:.2f}",
                sale.created_at.isoformat(),
                sale.finalised_at.isoformat() if sale.finalised_at else "",
            ]
        )
    return out.getvalue()


def _inert(text: str) -> str:
    """A spreadsheet would run a cell that begins like a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
