"""What a sale, its lines and its postings come to, as expressions over the mapped columns."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, literal_column

from hypercare.operations_model.instants import Instant
from hypercare.operations_model.records import Records


def priced_value(line: Records) -> ColumnElement[Any]:
    """Quantity x price less discount, in minor units with their fractions."""
    value = line["quantity"] * line.amount("unit_price").exact
    if line.has("discount_percent"):
        value = value * (literal_column("100.0") - func.coalesce(line["discount_percent"], 0)) / literal_column("100.0")
    if line.has("discount"):
        value = value - func.coalesce(line.amount("discount").exact, 0)
    return value


def line_value(line: Records) -> ColumnElement[Any]:
    """What a line comes to in minor units: its amount, or where none is kept, what quantity and price make of it."""
    return func.coalesce(line.amount("amount").exact, 0) if line.has("amount") else priced_value(line)


def beside_lines(sale: Records) -> ColumnElement[Any]:
    """What stands between the sum of a sale's lines and its total, in minor units: surcharges less discounts."""
    nothing: ColumnElement[Any] = literal_column("0")
    added = func.coalesce(sale.amount("surcharge").exact, 0) if sale.has("surcharge") else nothing
    return added - func.coalesce(sale.amount("discount").exact, 0) if sale.has("discount") else added


def entered_at(sale: Records) -> Instant | None:
    field = next((name for name in ("created_at", "finalised_at") if sale.has(name)), "")
    return sale.instant(field) if field else None


def worth_of(sale: Records) -> ColumnElement[Any] | None:
    return func.abs(sale.amount("total").minor) if sale.has("total") else None


def meant_by(sale: Records, *flags: str) -> list[ColumnElement[bool]]:
    """Only sales of which each flag is set, where the target tells it; else all of them."""
    return [sale.flag(flag) for flag in flags if sale.has(flag)]


def revenue_of(entry: Records) -> ColumnElement[Any]:
    return func.sum(entry.amount("credit").exact - entry.amount("debit").exact)
