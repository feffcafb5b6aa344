"""What the mapping says of an entity, as a question to the target's database."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Subquery, column, literal_column, select, table, text

from hypercare.target_file.mapping import EntityMapping

_COLON = re.compile(r"(?<!:):(?!:)")


def selection(mapping: EntityMapping, fields: Collection[str] | None = None) -> Select[Any]:
    """The records under our own names: all mapped fields, or only these."""
    chosen = mapping.columns if fields is None else {name: mapping.columns[name] for name in fields}
    source = _source(mapping)
    named = [
        (source.c[spec.column] if spec.column is not None else literal_column(f"({spec.sql})")).label(field)
        for field, spec in chosen.items()
    ]
    statement = select(*(named or [literal_column("1").label("one")])).select_from(source)
    return statement if mapping.where is None else statement.where(_sql(f"({mapping.where})"))


def branch_links(mapping: EntityMapping) -> Select[Any] | None:
    """Which `record` belongs to which `branch`, where it may be several; None where it is one."""
    link = mapping.branches
    if link is None:
        return None
    ids = (("record", link.record), ("branch", link.branch))
    pairs: list[ColumnElement[Any]] = [column(theirs).label(ours) for ours, theirs in ids]
    if link.written:
        return select(*pairs).select_from(_chosen(link.written, link.record, link.branch))
    assert link.table is not None
    return select(*pairs).select_from(_named(link.table))


def _source(mapping: EntityMapping) -> FromClause:
    # Columns carry the name of their table: SQLite takes a quoted name that is no column for a piece of text.
    names: dict[str, ColumnElement[Any]] = {
        spec.column: column(spec.column) for spec in mapping.columns.values() if spec.column is not None
    }
    if mapping.select is not None:
        return _chosen(mapping.select, *names)
    assert mapping.table is not None
    return _named(mapping.table, *names.values())


def _chosen(words: str, *columns: str) -> Subquery:
    chosen: Subquery = _sql(words.strip().rstrip(";")).columns(*map(column, columns)).subquery("source")
    return chosen


def _named(words: str, *columns: Any) -> FromClause:
    schema, _, name = words.rpartition(".")
    return table(name, *columns, schema=schema or None)


def _sql(words: str) -> Any:
    # A lone colon would otherwise be taken for a parameter: '{"a": 1}', '10:30'.
    return text(_COLON.sub(r"\\:", words))
