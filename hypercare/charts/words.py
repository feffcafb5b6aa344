"""How charts speak of numbers and times."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

HOUR = timedelta(hours=1)
_MOST_NAMED = 3


def number(value: float | Decimal | None) -> str:
    """With its thousands parted; a dash where it is not known."""
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 or value.is_integer() else f"{value:,.1f}"
    return f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"


def with_unit(value: float | Decimal | None, unit: str) -> str:
    return f"{number(value)} {unit}".strip() if value is not None else "not known"


def clock(instant: datetime) -> str:
    return f"{instant:%H:%M}"


def weekday(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def listed(parts: Iterable[str]) -> str:
    """ "a, b and c"; of many the first ones, and how many more there are."""
    found = list(parts)
    if len(found) > _MOST_NAMED + 1:
        found = [*found[:_MOST_NAMED], f"{len(found) - _MOST_NAMED} more"]
    return " and ".join(filter(None, (", ".join(found[:-1]), found[-1]))) if found else ""


def counted(many: int, word: str) -> str:
    return f"{many:,} {word if many == 1 else f'{word}s'}"


def change(now: Decimal, then: Decimal) -> str:
    """ "12 % more"; "the same" where it is, and the difference where there was nothing."""
    if now == then:
        return "the same"
    if then == 0:
        return f"{number(abs(now))} {'more' if now > then else 'less'}"
    share = abs(now - then) / abs(then) * 100
    text = f"{share:,.0f} %" if share >= 1 else "less than 1 %"
    return f"{text} {'more' if now > then else 'less'}"
