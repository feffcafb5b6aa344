"""The version of a row that the engine itself keeps, which costs nothing to read."""

from __future__ import annotations

from sqlalchemy import BigInteger, ColumnElement, String, cast, text

from hypercare.operations_model.model import Model
from hypercare.operations_model.records import Records
from hypercare.operations_model.selection import selection
from hypercare.target_file.mapping import ColumnMapping, EntityMapping

VERSION = "hypercare_row_version"
# The transaction that wrote the row as it is: a later one has a larger number, and no row is changed without one.
_XMIN = ColumnMapping(column="xmin")
# Plain and partitioned tables, with all tables under them: a view has no such column, a foreign table (be it but the
# partition of old years) says 0 for each row, and who stores rows in another way may do as well.
_KEEPS_VERSIONS = text("""
    WITH RECURSIVE of_it AS (
        SELECT CAST(to_regclass(:name) AS oid) AS oid
        UNION ALL SELECT inhrelid FROM pg_inherits JOIN of_it ON inhparent = of_it.oid
    )
    SELECT min(CASE WHEN relkind = 'p' OR (relkind = 'r' AND coalesce(amname, 'heap') = 'heap') THEN 1 ELSE 0 END) AS so
    FROM of_it JOIN pg_class ON pg_class.oid = of_it.oid LEFT JOIN pg_am ON pg_am.oid = relam
""")


def versioned(model: Model, entity: str) -> Records | None:
    """The records of an entity with the field VERSION; None where the engine keeps none of these rows."""
    records = model.records(entity)
    if model.database.dialect != "postgresql" or not _keeps_versions(model, records.mapping):
        return None
    fields = [field for field in records.mapping.columns if field not in records.gone]
    mapping = records.mapping.model_copy(update={"columns": {**records.mapping.columns, VERSION: _XMIN}})
    records.source = selection(mapping, [*fields, VERSION]).subquery(entity)
    return records


def version_in(records: Records) -> ColumnElement[int]:
    """The version of each row of versioned records; after any change of rows the sum of all is another."""
    return cast(cast(records.source.c[VERSION], String), BigInteger)


def _keeps_versions(model: Model, mapping: EntityMapping) -> bool:
    if mapping.table is None:
        return False
    quote = model.database.engine.dialect.identifier_preparer.quote
    name = ".".join(quote(part) for part in mapping.table.split("."))
    return bool(model.database.value(_KEEPS_VERSIONS.bindparams(name=name), about=f"kind of {mapping.table}") == 1)
