"""Values as Tryton's JSON-RPC writes them: decimals, dates and times are objects that name their class."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any


def plain(value: Any) -> Any:
    """An answer with its decimals and dates read; what it does not know stays as it came."""
    if isinstance(value, list):
        return [plain(entry) for entry in value]
    if not isinstance(value, Mapping):
        return value
    match value.get("__class__"):
        case "Decimal":
            return Decimal(value["decimal"])
        case "date":
            return date(value["year"], value["month"], value["day"])
    return {key: plain(entry) for key, entry in value.items()}


def decimal(value: Decimal) -> dict[str, str]:
    return {"__class__": "Decimal", "decimal": str(value)}


def day(value: date) -> dict[str, object]:
    return {"__class__": "date", "year": value.year, "month": value.month, "day": value.day}
