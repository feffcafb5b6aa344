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
)
from sqlalchemy.sql import functions
from sqlalchemy.sql.elements import BindParameter, ClauseElement, Over
from sqlalchemy.sql.selectable import SelectBase

Row = Mapping[str, Any]
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
    """`table` is what is gone through in parts; `merges` how each column of the answer is put together, None for what
    groups are told apart by. Without any merge the rows of all parts are the answer, `limit` at most."""

    table: str
    merges: Sequence[Merge | None]
    limit: int | None

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
        for rows in parts:
            found += rows
            if self.limit is not None and len(found) >= self.limit:
                return found[: self.limit]
        return found


def division_of(statement: Executable) -> Division | None:
    """How the question can be asked in parts; None where the whole could not be told from them."""
    if not isinstance(statement, Select) or _has(statement, "_distinct", "_having_criteria", "_order_by_clauses"):
        return None
    table = _driving_table(statement)
    merges = _merges_of(statement)
    if table is None or merges is None or not _is_named_once(statement, table.name):
        return None
    if statement._offset_clause is not None or table.schema is not None:
        return None
    limit = statement._limit if statement._limit_clause is not None else None
    return Division(table.name, merges, limit)


def _has(statement: Select[Any], *parts: str) -> bool:
    return any(bool(getattr(statement, part)) for part in parts)


def _merges_of(statement: Select[Any]) -> list[Merge | None] | None:
    columns = [one.element if isinstance(one, Label) else one for one in statement.selected_columns]
    merges = [_merge_of(column) for column in columns]
    if any(merge is None and _aggregates(column) for merge, column in zip(merges, columns, strict=True)):
        return None
    keys = sum(merge is None for merge in merges)
    grouped = len(statement._group_by_clauses)
    if grouped != (keys if any(merges) else 0):
        return None
    return merges


def _merge_of(column: ColumnElement[Any]) -> Merge | None:
    if isinstance(column, functions.coalesce):
        # Nothing found is nought in every part, which neither adds to a sum nor is above what is greatest of amounts.
        first, *rest = column.clauses
        is_nought = len(rest) == 1 and isinstance(rest[0], BindParameter) and rest[0].value == 0
        name = getattr(first, "name", "")
        return _merge_of(first) if is_nought and name in {"count", "sum", "max"} else None
    if not isinstance(column, functions.FunctionElement) or column.name not in _MERGES:
        return None
    inner = list(column.clauses)
    is_plain = len(inner) <= 1 and not any(_says_distinct(one) or _aggregates(one) for one in inner)
    return _MERGES[column.name] if is_plain else None


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
    if any(_aggregates(column) for column in inner.selected_columns):
        return None
    return _driving_table(inner)


def _is_named_once(statement: Select[Any], name: str) -> bool:
    """A part of it must not be taken for all of it elsewhere in the question, written parts included."""
    by_itself = rf"(?<![\w.])(?<!\bAS )[\"`\[]?{re.escape(name)}[\"`\]]?(?![\w.])"
    return len(re.findall(by_itself, str(statement), re.IGNORECASE)) == 1
