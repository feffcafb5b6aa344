"""Sales: the list, the export and the form for a new one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from demo_erp.access import Caller, require
from demo_erp.dependencies import CallerDependency, SessionDependency, StateDependency
from demo_erp.errors import ErpError, Invalid
from demo_erp.schema import SALE_KINDS, SALE_STATES, Customer, Product
from demo_erp.services import branches, catalogue, customers, sales, sales_listing
from demo_erp.services.sales import LineInput
from demo_erp.web import forms
from demo_erp.web.forms import FormDependency, text, texts
from demo_erp.web.rendering import PAGES
from demo_erp.web.words import choices, word

router = APIRouter(prefix="/sales")
PAGE_SIZE = 25
MOST_CUSTOMERS = 100
SORT_OPTIONS = [
    ("-created_at", "Newest first"),
    ("created_at", "Oldest first"),
    ("-total", "Largest total"),
    ("total", "Smallest total"),
    ("number", "Number"),
]


@dataclass(frozen=True)
class LineEntry:
    """A line as it was typed."""

    product: str = ""
    quantity: str = "1"
    discount: str = "0"


@dataclass
class SaleEntry:
    """A new sale as it was typed so far."""

    client_reference: str = field(default_factory=lambda: f"web-{uuid.uuid4()}")
    kind: str = "retail"
    customer: str = ""
    customer_search: str = ""
    new_name: str = ""
    new_phone: str = ""
    branch: str = ""
    note: str = ""
    lines: list[LineEntry] = field(default_factory=lambda: [LineEntry()])

    @classmethod
    def read(cls, form: FormData) -> SaleEntry:
        names = ("client_reference", "kind", "customer", "customer_search", "new_name", "new_phone", "branch", "note")
        columns = (texts(form, "product"), texts(form, "quantity"), texts(form, "discount"))
        typed: dict[str, Any] = {name: text(form, name) for name in names}
        entry = cls(**typed)
        entry.lines = [LineEntry(*values) for values in zip(*columns, strict=False)] or [LineEntry()]
        return entry

    def change_lines(self, action: str) -> None:
        """Add an empty line, or remove one by its place."""
        if action == "add-line":
            self.lines.append(LineEntry())
        elif action.startswith("remove-"):
            place = forms.position(action.removeprefix("remove-"))
            self.lines = [line for at, line in enumerate(self.lines, 1) if at != place] or [LineEntry()]

    def line_inputs(self) -> list[LineInput]:
        """The lines that have a product; raises Invalid when there is none or a number is wrong."""
        inputs = [
            LineInput(
                forms.chosen(line.product, "a product"),
                forms.decimal(line.quantity, "the quantity"),
                forms.decimal(line.discount, "the discount"),
            )
            for line in self.lines
            if line.product
        ]
        if not inputs:
            raise Invalid("please choose a product for at least one line")
        return inputs


@router.get("")
def show_list(request: Request, session: SessionDependency, caller: CallerDependency) -> Response:
    filters = _filters(request)
    sort = filters["sort"] if filters["sort"] in dict(SORT_OPTIONS) else "-created_at"
    offset = forms.position(request.query_params.get("offset"))
    page = sales_listing.listing(session, caller, **_chosen(filters), sort=sort, limit=PAGE_SIZE, offset=offset)
    return PAGES.page(
        request,
        caller,
        "sales/list.html",
        page=page,
        filters=filters,
        state_options=choices(SALE_STATES),
        kind_options=choices(SALE_KINDS),
        branch_options=[(branch.code, branch.name) for branch in branches.listing(session, caller)],
        sort_options=SORT_OPTIONS,
    )


@router.get("/export.csv")
def export(request: Request, state: StateDependency, caller: CallerDependency) -> Response:
    # The export is written to the activity log: a transaction of its own that may write.
    with state.database.writing() as session:
        content = sales_listing.export_csv(session, caller, **_chosen(_filters(request)))
    headers = {"Content-Disposition": f'attachment; filename="sales-{caller.today}.csv"', "Cache-Control": "no-store"}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


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
        return _form_page(request, session, caller, entry, problem=problem)
    return RedirectResponse(f"/sales/{sale.id}?done=saved", status_code=303)


def save(session: Session, caller: Caller, entry: SaleEntry) -> Any:
    """The draft that was typed in, with its customer if that one is new; raises what the services raise."""
    lines = entry.line_inputs()
    if entry.new_name:
        branch_id = forms.maybe_chosen(entry.branch)
        created = customers.create(session, caller, name=entry.new_name, phone=entry.new_phone, branch_id=branch_id)
        customer_id = created.id
    else:
        customer_id = forms.chosen(entry.customer, "a customer")
    return sales.create(
        session,
        caller,
        customer_id=customer_id,
        kind=entry.kind,
        lines=lines,
        note=entry.note,
        client_reference=entry.client_reference[:64] or None,
    )


def product_groups(session: Session, caller: Caller, kind: str = "") -> list[tuple[str, list[Product]]]:
    """Everything that can be sold, grouped for a select: "Retail: veils"."""
    groups: dict[str, list[Product]] = {}
    found = catalogue.products(session, caller, kind=kind or None, limit=500).items
    for product in sorted(found, key=lambda product: (product.kind, product.category, product.name)):
        groups.setdefault(f"{word(product.kind)}: {product.category}", []).append(product)
    return list(groups.items())


def customers_to_choose(session: Session, caller: Caller, entry: SaleEntry) -> list[Customer]:
    """Those who match what was typed; the one already chosen stays in the list."""
    found = list(customers.search(session, caller, entry.customer_search, limit=MOST_CUSTOMERS).items)
    if entry.customer.isdigit() and int(entry.customer) not in {customer.id for customer in found}:
        found.insert(0, customers.get(session, caller, forms.chosen(entry.customer, "a customer")))
    return found


def _form_page(
    request: Request, session: Session, caller: Caller, entry: SaleEntry, problem: ErpError | None = None
) -> Response:
    require(caller, "sales.write")
    return PAGES.page(
        request,
        caller,
        "sales/new.html",
        status=problem.status if problem else 200,
        problem=problem.message if problem else "",
        form=entry,
        kind_options=choices(SALE_KINDS),
        customers=customers_to_choose(session, caller, entry),
        product_groups=product_groups(session, caller),
        branch_options=[(branch.id, branch.name) for branch in branches.listing(session, caller)],
    )


def _filters(request: Request) -> dict[str, str]:
    names = ("q", "state", "kind", "branch", "from", "to", "sort")
    return {name: request.query_params.get(name, "").strip()[:80] for name in names}


def _chosen(filters: dict[str, str]) -> dict[str, Any]:
    return {
        "state": filters["state"] or None,
        "kind": filters["kind"] or None,
        "branch": filters["branch"] or None,
        "query": filters["q"] or None,
        "day_from": forms.day(filters["from"]),
        "day_to": forms.day(filters["to"]),
    }
