"""How many records were looked at, how many are wrong, and what that comes to: in all, or day by day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from sqlalchemy import ColumnElement, FromClause, Subquery, case, func, literal_column, select

from hypercare.operations_model.instants import Instant
from hypercare.operations_model.portable import evaluated_once, one_if
from hypercare.operations_model.protocol import AskedModel

Row = Mapping[str, Any]
# What is kept of a day that is in order, to be counted in by later rounds.
_KEPT = ("looked_at", "past", "worth")
_ADDED = ("looked_at", "wrong", "stake", "past", "past_wrong", "worth")


class JudgedDays(Protocol):
    """The days that are asked, and what is known of those that earlier rounds found in order."""

    @property
    def seals(self) -> bool: ...
    @property
    def remembered(self) -> Mapping[str, int]: ...
    @property
    def sealed(self) -> Mapping[date, Mapping[str, Any]]: ...

    def judged(self, rows: Iterable[Row]) -> None: ...


@dataclass(frozen=True)
class Weights:
    """What each record is weighed by, money in minor units; where it is not told, nothing is at stake, or dated.

    `excepted` are those that would be wrong but for an agreement, one condition for each. A day that holds any is not
    in order for good: the agreement ends.
    """

    wrong: ColumnElement[bool]
    stake: ColumnElement[Any] | None = None
    dated: Instant | None = None
    worth: ColumnElement[Any] | None = None
    day: ColumnElement[Any] | None = None
    excepted: Sequence[ColumnElement[bool]] = ()


def weigh(
    model: AskedModel,
    source: FromClause,
    among: Sequence[ColumnElement[bool]],
    weights: Weights,
    days: JudgedDays | None,
    place: str,
) -> Row:
    """The sums over these records, with what is remembered of the days that are not asked again.

    "looked_at", "wrong", "stake", "past" (from before today), "past_wrong", "worth" (of what is not wrong), "worst"
    (stake of one record), "first" and "last" (raw instants of wrong ones), and for each agreement "excepted_0" ...
    """
    seals = days is not None and days.seals and weights.day is not None
    columns = [*_of_each(model, weights), *([weights.day.label("day")] if seals and weights.day is not None else [])]
    each = evaluated_once(select(*columns).select_from(source).where(*among))
    if days is None or not seals:
        return model.database.row(select(*_sums(each, weights)).select_from(each), about=place)
    statement = select(each.c.day, *_sums(each, weights)).select_from(each).group_by(each.c.day)
    rows = model.database.rows(statement, about=place)
    passed_over = [f"excepted_{number}" for number, _ in enumerate(weights.excepted)]
    days.judged([{**{name: row[name] for name in ("day", *_KEPT)}, "wrong": _broken(row, passed_over)} for row in rows])
    return {
        **_together(rows, days.remembered),
        **{name: sum(row[name] for row in rows) for name in passed_over},
    }


def _broken(row: Row, passed_over: Sequence[str]) -> int:
    return sum(int(row[name]) for name in ("wrong", *passed_over))


def _of_each(model: AskedModel, weights: Weights) -> list[ColumnElement[Any]]:
    nothing: ColumnElement[Any] = literal_column("0")
    dated = weights.dated
    return [
        one_if(weights.wrong).label("wrong"),
        (nothing if weights.stake is None else weights.stake).label("stake"),
        (nothing if dated is None else one_if(dated.before(model.target.today.start))).label("before"),
        (nothing if dated is None else dated.raw).label("dated"),
        (nothing if weights.worth is None else weights.worth).label("worth"),
        *(one_if(one).label(f"excepted_{number}") for number, one in enumerate(weights.excepted)),
    ]


def _sums(each: Subquery, weights: Weights) -> list[ColumnElement[Any]]:
    wrong, stake = each.c.wrong, func.abs(func.coalesce(each.c.stake, 0))
    dated = case((wrong == 1, each.c.dated))
    sums = {
        "wrong": func.sum(wrong),
        "stake": func.sum(each.c.stake * wrong),
        "past": func.sum(each.c.before),
        "past_wrong": func.sum(each.c.before * wrong),
        "worth": func.sum(each.c.worth * (literal_column("1") - wrong)),
        **{
            name: func.sum(each.c[name]) for name in (f"excepted_{number}" for number, _ in enumerate(weights.excepted))
        },
    }
    return [
        func.count().label("looked_at"),
        *(func.coalesce(total, 0).label(name) for name, total in sums.items()),
        func.coalesce(func.max(stake * wrong), 0).label("worst"),
        func.min(dated).label("first"),
        func.max(dated).label("last"),
    ]


def _together(rows: Sequence[Row], remembered: Mapping[str, int]) -> Row:
    """All days as one; those that are remembered have nothing wrong."""
    return {
        **{name: sum(row[name] for row in rows) + remembered.get(name, 0) for name in _ADDED},
        "worst": max((row["worst"] for row in rows), default=0),
        "first": _end(min, [row["first"] for row in rows]),
        "last": _end(max, [row["last"] for row in rows]),
    }


def _end(which: Callable[[Iterable[Any]], Any], raw: Sequence[Any]) -> Any:
    instants = [one for one in raw if one is not None]
    return which(instants) if instants else None
