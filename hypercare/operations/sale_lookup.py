"""One sale as the database has it, for comparison with what the doors say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import func, select

from hypercare.operations.amounts import total_of
from hypercare.operations.model import Model

_MOST = 200  # branches that may each have given the same number


@dataclass(frozen=True)
class SaleSeen:
    """`state` is draft, final or void; `branch` its code or name; `payments` sums by method; None where unmapped."""

    id: object
    number: str | None
    state: str | None
    total: Decimal | None
    branch: str | None
    lines: int | None = None
    lines_total: Decimal | None = None
    payments: Mapping[str, Decimal] = field(default_factory=dict)
    revenue: Decimal | None = None
    """What the ledger holds as its revenue."""


def look_up(model: Model, field_name: str, wanted: object, key: str = "") -> SaleSeen | None:
    """The sale whose field has this value (of several, that with the id `key`), whole, from one snapshot."""
    sale = model.records("sale")
    columns = [sale["id"].label("id")]
    if sale.has("number"):
        columns.append(sale["number"].label("number"))
    if sale.has("state"):
        columns.append(sale.word("state").label("state"))
    if sale.has("total"):
        columns.append(sale.amount("total").minor.label("total"))
    if sale.has("branch"):
        columns.append(sale["branch"].label("branch"))
    with model.database.snapshot():
        rows = model.database.rows(select(*columns).where(sale[field_name] == wanted).limit(_MOST), about="one sale")
        if not rows:
            return None
        row = next((row for row in rows if str(row["id"]) == key), rows[0])
        lines, lines_total = _lines(model, row["id"])
        return SaleSeen(
            id=row["id"],
            number=row.get("number"),
            state=row.get("state"),
            total=model.money(row["total"]) if "total" in row else None,
            branch=model.branch_word(row["branch"]) if "branch" in row else None,
            lines=lines,
            lines_total=lines_total,
            payments=_payments(model, row["id"]),
            revenue=_revenue(model, row["id"]),
        )


def _lines(model: Model, sale: object) -> tuple[int | None, Decimal | None]:
    from hypercare.operations.sale_set import line_value

    if not model.has("sale_line", "sale"):
        return None, None
    line = model.records("sale_line")
    whose = line["sale"] == sale
    many = model.count(line, whose)
    if not line.has("amount") and not line.has("quantity", "unit_price"):
        return many, None
    summed = select(func.coalesce(func.sum(line_value(line)), 0)).where(whose)
    return many, model.money(round(Decimal(str(model.database.value(summed, about="its lines")))))


def _payments(model: Model, sale: object) -> Mapping[str, Decimal]:
    if not model.has("payment", "sale", "amount"):
        return {}
    payment = model.records("payment")
    method = payment.word("method") if payment.has("method") else None
    total = payment.amount("amount").total.label("sum")
    asked = select(total).where(payment["sale"] == sale)
    if method is not None:
        each = select(method.label("method"), payment.amount("amount").exact.label("amount"))
        paid = each.where(payment["sale"] == sale).subquery("each_one")
        asked = select(total_of(paid.c.amount).label("sum"), paid.c.method).group_by(paid.c.method)
    rows = model.database.rows(asked, about="its payments")
    return {str(row.get("method", "any")): model.money(row["sum"]) for row in rows}


def _revenue(model: Model, sale: object) -> Decimal | None:
    if not model.has("ledger_entry", "sale", "account", "debit", "credit"):
        return None
    entry = model.records("ledger_entry")
    net = (entry.amount("credit").total - entry.amount("debit").total).label("net")
    asked = select(net).where(entry["sale"] == sale, entry.is_("account", "revenue"))
    return model.money(model.database.value(asked, about="its revenue"))
