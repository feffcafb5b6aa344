"""Which fields of an entity are found by an index of its table, and which the engine keeps unique."""

from __future__ import annotations

from collections.abc import Sequence

from hypercare.database.schemas import TableName
from hypercare.database.table_facts import TableFacts, table_facts
from hypercare.operations_model.protocol import AskedModel
from hypercare.operations_model.records import Records


def found_by_index(model: AskedModel, records: Records, *fields: str) -> Sequence[bool | None]:
    """Of each field whether an index begins with its column; None of what is no column, or where nobody tells."""
    columns = [_column(records, field) for field in fields]
    facts = _facts(model, records)
    return [None if facts is None or column is None else column in facts.indexed for column in columns]


def is_unique(model: AskedModel, records: Records, field: str) -> bool:
    """Whether the engine lets no two records have one value of a field."""
    column, facts = _column(records, field), _facts(model, records)
    return facts is not None and column in facts.unique


def _column(records: Records, field: str) -> str | None:
    return records.mapping.columns[field].column if records.has(field) else None


def _facts(model: AskedModel, records: Records) -> TableFacts | None:
    if records.mapping.table is None:
        return None
    schema, _, name = records.mapping.table.rpartition(".")
    with model.database.snapshot() as connection:
        return table_facts(connection, TableName(schema or None, name))
