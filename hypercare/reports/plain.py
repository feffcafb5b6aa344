"""Values of any target made plain JSON: no floats for money, no local instants without their offset."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from hypercare.outcome.part import writable
from hypercare.safe_text import cut


def plain(value: object) -> str | int | float | bool | None:
    """`value` as JSON can hold it. Decimals and instants become text; what is too long is cut and says so."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return f"{len(bytes(value))} bytes"
    return cut(writable(str(value)))


def plain_row(row: object) -> object:
    if not isinstance(row, Mapping):
        return row
    return {cut(writable(str(column))): plain(value) for column, value in row.items()}


def plain_figure(value: object) -> object:
    return plain_row(value) if isinstance(value, Mapping) else plain(value)
