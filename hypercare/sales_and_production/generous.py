"""One who gives everybody a discount, while the others do as ever: a person, or a branch.

Told by nothing but the others and the days before, so it is a question: it may have been agreed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from hypercare.operations_model.hands import names_of_people
from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import count_if
from hypercare.operations_model.records import Records
from hypercare.outcome.found import Found
from hypercare.plan.calendar import Period

_LOOKS_BACK = timedelta(days=7)
_MOST_GROUPS = 5_000
# So many lines of today, nearly all of them with a discount, where the others and the days before have few.
_LEAST_LINES = 8
_NEARLY_ALL = 0.9
_FEW = 0.5


@dataclass(frozen=True)
class _Group:
    key: object
    today: int
    discounted: int
    before: int
    discounted_before: int


def giving_everybody_a_discount(model: Model) -> Found:
    """People, and branches, of whose lines of today nearly all bear a discount, and of nobody else's.

    Raises NotCovered where lines tell of no discount, or of nobody who sold them.
    """
    sale, line = model.records("sale"), model.records("sale_line")
    discounted = or_(*_discounted(line))
    fields = [field for field in ("branch", "created_by") if sale.has(field)]
    if not fields:
        sale.need("created_by")
    rows: list[dict[str, object]] = []
    judged = 0
    for field in fields:
        groups = _by(model, sale, line, field, discounted)
        judged += len(groups)
        generous = list(_generous(groups))
        names = names_of_people(model, [one.key for one in generous]) if field == "created_by" else model.branch_words
        rows += [
            {
                "user" if field == "created_by" else "branch": names.get(one.key, one.key),
                "lines today": one.today,
                "with a discount": one.discounted,
            }
            for one in generous
        ]
        if rows:
            # Where it is a whole branch, its people are told with it.
            break
    return model.found(rows, of=judged, place=line.place)


def _discounted(line: Records) -> Sequence[ColumnElement[bool]]:
    found = [line[field] > 0 for field in ("discount_percent", "discount") if line.has(field)]
    if not found:
        line.need("discount_percent")
    return found


def _by(model: Model, sale: Records, line: Records, field: str, discounted: ColumnElement[bool]) -> Sequence[_Group]:
    created = sale.instant("created_at")
    start = model.calendar.at(model.calendar.date_of(model.as_of), time.min)
    today = created.since(start)
    statement = (
        select(
            sale[field].label("key"),
            func.count().label("lines"),
            *(
                func.coalesce(count, 0).label(name)
                for name, count in {
                    "discounted": count_if(discounted),
                    "today": count_if(today),
                    "discounted_today": count_if(discounted & today),
                }.items()
            ),
        )
        .select_from(line.source.join(sale.source, line["sale"] == sale["id"]))
        .where(
            created.within(Period(start - _LOOKS_BACK, model.as_of)),
            sale.is_("state", "final"),
            sale[field].is_not(None),
            *model.excluding_canary(sale),
        )
        .group_by(sale[field])
        .limit(_MOST_GROUPS)
    )
    return [_group(row) for row in model.database.rows(statement, about=f"discounts by {field}")]


def _group(row: Mapping[str, Any]) -> _Group:
    lines, today, of_all, of_today = (int(row[name]) for name in ("lines", "today", "discounted", "discounted_today"))
    return _Group(row["key"], today, of_today, lines - today, of_all - of_today)


def _generous(groups: Sequence[_Group]) -> Iterator[_Group]:
    for one in groups:
        others = [other for other in groups if other is not one]
        if one.today < _LEAST_LINES or one.discounted < _NEARLY_ALL * one.today:
            continue
        if one.discounted_before > _FEW * one.before:
            continue
        if sum(other.today for other in others) and sum(other.discounted for other in others) <= _FEW * sum(
            other.today for other in others
        ):
            yield one
