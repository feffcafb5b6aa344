"""Which fields of an entity are found by an index of its table."""

from __future__ import annotations

from collections.abc import Sequence

from hypercare.database.schemas import TableName
from hypercare.database.table_facts import table_facts
from hypercare.operations_model.protocol import AskedModel
from hypercare.operations_model.records import Records


def found_by_index(model: AskedModel, records: Records, *fields: str) -> Sequence[bool | None]:
    """Of each field whether an index begins with its column; None of what is no column, or where nobody tells."""
    columns = [records.mapping.columns[field].column if records.has(field) else None for field in fields]
    if records.mapping.table is None:
        return [None] * len(fields)
    schema, _, name = records.mapping.table.rpartition(".")
    with model.database.snapshot() as connection:
        facts = table_facts(connection, TableName(schema or None, name))
    return [None if facts is None or column is None else column in facts.indexed for column in columns]
