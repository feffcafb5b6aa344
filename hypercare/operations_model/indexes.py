"""Which fields of an entity are found by an index of its table."""

from __future__ import annotations

from hypercare.database.schemas import TableName
from hypercare.database.table_facts import table_facts
from hypercare.operations_model.protocol import AskedModel
from hypercare.operations_model.records import Records


def has_index(model: AskedModel, records: Records, field: str) -> bool | None:
    """Whether an index begins with the column of a field; None of what is no column, or where nobody tells."""
    column = records.mapping.columns[field].column
    if records.mapping.table is None or column is None:
        return None
    schema, _, name = records.mapping.table.rpartition(".")
    with model.database.snapshot() as connection:
        facts = table_facts(connection, TableName(schema or None, name))
    return None if facts is None else column in facts.indexed
