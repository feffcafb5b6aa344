"""Which days the report of a week or a month is of."""

from __future__ import annotations

from datetime import date, timedelta

DAYS_OF_A_MONTH = 30


def days_of_report(name: str, go_live: date) -> tuple[date, date]:
    """The first and the last day of "week-2" or "month-1".

    Raises:
        ValueError: there is no report of that name.
    """
    kind, _, number = name.partition("-")
    lengths = {"week": 7, "month": DAYS_OF_A_MONTH}
    if kind not in lengths or not number.isdigit() or number == "0":
        raise ValueError(f"there is no report {name!r}: say daily, week-1, month-1")
    try:
        first = go_live + timedelta(days=lengths[kind] * (int(number) - 1))
        return first, first + timedelta(days=lengths[kind] - 1)
    except (OverflowError, ValueError):
        raise ValueError(f"there is no {kind} {number[:20]}") from None
