"""Which rows of a table are meant, told by its key: those beyond one, some of them, a part or a page of all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, literal, true
from sqlalchemy.types import NullType

from hypercare.integrity.scan_progress import Key, Mark

Condition = Callable[[ColumnElement[Any]], ColumnElement[bool]]


def above(mark: Key) -> Condition:
    return lambda key: key > _value(mark)


def one_of(keys: Sequence[Key]) -> Condition:
    return lambda key: key.in_([_value(one) for one in keys])


def page(after: Key | None, up_to: Key | None) -> Condition:
    """The rows after a key up to another, this one included; from the first one on and to the last where it is None."""

    def condition(key: ColumnElement[Any]) -> ColumnElement[bool]:
        bounds = [key > _value(after)] if after is not None else []
        return and_(true(), *bounds, *([key <= _value(up_to)] if up_to is not None else []))

    return condition


def _value(key: Key) -> ColumnElement[Any]:
    """Of no type of its own, so that it compares with whatever the column is."""
    return literal(key, NullType() if isinstance(key, str) else None)


def part(number: int, of: int, marks: Sequence[Mark]) -> Condition:
    """One part of the rows up to the newest of the marks. The bounds move on as the table grows, so that each part is
    taken by the least and the greatest that they were: what lies between two of them is left out by neither."""
    start = min(_bound(one, number, of) for one in marks)
    end = max(_bound(one, number + 1, of) for one in marks)
    return lambda key: key <= end if number == 0 else and_(key > start, key <= end)


def _bound(mark: Mark, number: int, of: int) -> int:
    return mark.low + (mark.high - mark.low) * number // of
