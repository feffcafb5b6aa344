"""A question that takes too long at once, asked of a part of its table's rows at a time; the answers are put together.

Only what can be told from the parts is asked so: rows, counts, sums, the least and the greatest, by keys or without.
Which table is gone through is the one whose rows the question is about; each part sees all of the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    FromClause,
    Join,
    Label,
    ScalarSelect,
    Select,
    Subquery,
    TableClause,
    column,
    table,
)
from sqlalchemy.sql import functions, visitors
from sqlalchemy.sql.elements import BindParameter, Cast, ClauseElement, ColumnClause, Over
from sqlalchemy.sql.selectable import SelectBase

Row = Mapping[str, Any]
PART = "part_of_the_table"
_BY_ITSELF = re.compile(rf"(?<![\w.]){PART}(?![\w.])")
_AGGREGATES = {"count", "sum", "min", "max", "avg", "total", "group_concat", "string_agg", "array_agg"}


def _added(one: Any, other: Any) -> Any:
    return other if one is None else one if other is None else one + other


def _least(one: Any, other: Any) -> Any:
    return other if one is None else one if other is None else min(one, other)


def _greatest(one: Any, other: Any) -> Any:
    return other if one is None else one if other is None else max(one, other)


Merge = Callable[[Any, Any], Any]
_MERGES: Mapping[str, Merge] = {"count": _added, "sum": _added, "min": _least, "max": _greatest}


@dataclass(frozen=True)
class Division:
    """`table` is what is gone through in parts, `statement` the question to one that stands there as `PART`. `merges`
    is how each column of the answer is put together, None for what groups are told apart by. Without any merge the rows
    of all parts are the answer, `limit` at most, and where it is `distinct` each of them once."""

    table: str
    statement: Select[Any]
    merges: Sequence[Merge | None]
    limit: int | None
    distinct: bool = False

    def together(self, parts: Iterator[Sequence[Row]]) -> list[Row] | None:
        """The answer; None where a part was cut off, so that the whole cannot be told."""
        if not any(self.merges):
            return self._rows(parts)
        groups: dict[tuple[Any, ...], list[Any]] = {}
        names: list[str] = []
        for rows in parts:
            if self.limit is not None and len(rows) >= self.limit:
                return None
            for row in rows:
                names, values = list(row), list(row.values())
                key = tuple(value for value, merge in zip(values, self.merges, strict=True) if merge is None)
                before = groups.setdefault(key, values)
                if before is not values:
                    pairs = zip(before, values, self.merges, strict=True)
                    groups[key] = [one if merge is None else merge(one, other) for one, other, merge in pairs]
        return [dict(zip(names, values, strict=True)) for values in groups.values()]

    def _rows(self, parts: Iterator[Sequence[Row]]) -> list[Row]:
        found: list[Row] = []
        seen: set[tuple[Any, ...]] = set()
        for rows in parts:
            new = [row for row in rows if not self.distinct or tuple(row.values()) not in seen]
            seen.update(tuple(row.values()) for row in new)
            found += new
            if self.limit is not None and len(found) >= self.limit:
                return found[: self.limit]
        return found


def division_of(statement: Executable) -> Division | None:
    """How the question can be asked in parts; None where the whole could not be told from them."""
    if not isinstance(statement, Select) or _has(statement, "_having_criteria", "_order_by_clauses"):
        return None
    whole, merges, distinct = _driving_table(statement), _merges_of(statement), bool(statement._distinct)
    if whole is None or whole.schema is not None or merges is None or (distinct and any(merges)):
        return None
    asked = _of_part(statement, whole)
    if asked is None or statement._offset_clause is not None or (distinct and statement._limit_clause is None):
        return None
    limit = statement._limit if statement._limit_clause is not None else None
    return Division(whole.name, asked, merges, limit, distinct)


def _has(statement: Select[Any], *parts: str) -> bool:
    return any(bool(getattr(statement, part)) for part in parts)


def _merges_of(statement: Select[Any]) -> list[Merge | None] | None:
    columns = [one.element if isinstance(one, Label) else one for one in statement.selected_columns]
    merges = [_merge_of(one) for one in columns]
    if any(merge is None and _aggregates(one) for merge, one in zip(merges, columns, strict=True)):
        return None
    keys = sum(merge is None for merge in merges)
    grouped = len(statement._group_by_clauses)
    if grouped != (keys if any(merges) else 0):
        return None
    return merges


def _merge_of(one: ColumnElement[Any]) -> Merge | None:
    if isinstance(one, functions.coalesce):
        # Nothing found is nought in every part, which neither adds to a sum nor is above what is greatest of amounts.
        first, *rest = one.clauses
        is_nought = len(rest) == 1 and isinstance(rest[0], BindParameter) and rest[0].value == 0
        merge = _merge_of(first) if is_nought else None
        return merge if merge in {_added, _greatest} else None
    if isinstance(one, Cast):
        return _merge_of(one.clause)
    if isinstance(one, functions.FunctionElement) and one.name == "round" and len(one.clauses) == 1:
        # Amounts in minor units: whole but for what floating point adds, in each part as in all.
        merge = _merge_of(next(iter(one.clauses)))
        return merge if merge is _added else None
    if not isinstance(one, functions.FunctionElement) or one.name not in _MERGES:
        return None
    inner = list(one.clauses)
    is_plain = len(inner) <= 1 and not any(_says_distinct(one) or _aggregates(one) for one in inner)
    return _MERGES[one.name] if is_plain else None


def _says_distinct(element: ClauseElement) -> bool:
    operator = getattr(element, "operator", None)
    return getattr(operator, "__name__", "") == "distinct_op"


def _aggregates(element: Any) -> bool:
    """Whether it is made of several rows; what stands in a query within it is made of that one's."""
    if isinstance(element, Over):
        return True
    if isinstance(element, functions.FunctionElement) and element.name in _AGGREGATES:
        return True
    if isinstance(element, ScalarSelect | SelectBase):
        return False
    return any(_aggregates(child) for child in element.get_children())


def _driving_table(statement: Select[Any]) -> TableClause | None:
    """The first table of the innermost select, if every row of the answer comes of one row of it."""
    froms = statement.get_final_froms()
    return _first_table(froms[0]) if len(froms) == 1 else None


def _first_table(source: FromClause) -> TableClause | None:
    if isinstance(source, Join):
        return None if source.full else _first_table(source.left)
    if isinstance(source, TableClause):
        return source
    inner = source.element if isinstance(source, Subquery) else None
    if not isinstance(inner, Select) or inner._limit_clause is not None or inner._offset_clause is not None:
        return None
    if _has(inner, "_distinct", "_having_criteria", "_group_by_clauses"):
        return None
    if any(_aggregates(one) for one in inner.selected_columns):
        return None
    return _driving_table(inner)


def _of_part(statement: Select[Any], whole: TableClause) -> Select[Any] | None:
    """The question with the part in place of this one table; None where it stands in more than one place.

    The same table under another name, as in a search for twins, stays the whole.
    """
    part = table(PART, *(column(one.name) for one in whole.c))

    def replaced(element: Any, **_: Any) -> Any:
        if element is whole:
            return part
        if isinstance(element, ColumnClause) and element.table is whole:
            return part.c[element.name]
        return None

    asked: Any = visitors.replacement_traverse(statement, {}, replaced)
    return asked if len(_BY_ITSELF.findall(str(asked))) == 1 else None
