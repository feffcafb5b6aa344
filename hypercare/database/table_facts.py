"""What the catalogue knows of a table before anything of it is read: how many rows it may have, and what finds them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnClause, ColumnElement, Connection, Row, UnaryExpression, column, select, text
from sqlalchemy.exc import DBAPIError

from hypercare.database.schemas import TableName
from hypercare.database.table_sizes import ROWS_ON_POSTGRESQL

_WHOLE_NUMBERS = ("int2", "int4", "int8")
_IN_ORDER = (*_WHOLE_NUMBERS, "uuid", "text", "varchar", "bpchar")
# Parts are told of with their whole.
_ON_POSTGRESQL = text(
    f"""SELECT (SELECT sum({ROWS_ON_POSTGRESQL.format("part")}) FROM pg_class part
               WHERE part.oid = t.oid OR part.oid IN (SELECT relid FROM pg_partition_tree(t.oid))) AS many,
              (SELECT a.attname FROM pg_index i
                 JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
                 JOIN pg_type y ON y.oid = a.atttypid
               WHERE i.indrelid = t.oid AND i.indisprimary AND i.indnkeyatts = 1 AND y.typname = ANY(:whole)) AS key,
              (SELECT a.attname FROM pg_index i
                 JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
                 JOIN pg_type y ON y.oid = a.atttypid
               WHERE i.indrelid = t.oid AND i.indisprimary AND y.typname = ANY(:in_order)) AS in_order,
              ARRAY(SELECT DISTINCT a.attname::text FROM pg_index i
                 JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
               WHERE i.indrelid = t.oid AND i.indisvalid AND i.indpred IS NULL) AS indexed,
              ARRAY(SELECT DISTINCT a.attname::text FROM pg_index i
                 JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
               WHERE i.indrelid = t.oid AND i.indisvalid AND i.indpred IS NULL AND i.indisunique
                 AND i.indnkeyatts = 1) AS unique_columns
       FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
       WHERE t.relname = :name AND t.relkind IN ('r', 'p')
         AND CASE WHEN :schema = '' THEN pg_table_is_visible(t.oid) ELSE n.nspname = :schema END"""
)
_ON_MYSQL = text(
    """SELECT t.table_rows AS many FROM information_schema.tables t
       WHERE t.table_schema = COALESCE(:schema, DATABASE()) AND t.table_name = :name
         AND t.table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')"""
)
_INDEXES_ON_MYSQL = text(
    """SELECT s.index_name AS name, s.column_name AS first, c.data_type AS kind,
              s.non_unique = 0 AND s.sub_part IS NULL AS is_unique,
              (SELECT count(*) FROM information_schema.statistics o WHERE o.table_schema = s.table_schema
                 AND o.table_name = s.table_name AND o.index_name = s.index_name) AS wide
       FROM information_schema.statistics s
         JOIN information_schema.columns c ON c.table_schema = s.table_schema AND c.table_name = s.table_name
          AND c.column_name = s.column_name
       WHERE s.table_schema = COALESCE(:schema, DATABASE()) AND s.table_name = :name AND s.seq_in_index = 1"""
)
# The rows of a view have no numbers, which some versions say by NULL.
_KIND_ON_SQLITE = text("SELECT type FROM main.sqlite_master WHERE lower(name) = lower(:name) AND type <> 'index'")
_WHOLE_ON_MYSQL = {"tinyint", "smallint", "mediumint", "int", "bigint"}
_IN_ORDER_ON_MYSQL = _WHOLE_ON_MYSQL | {"uuid", "char", "varchar"}


@dataclass(frozen=True)
class TableFacts:
    """`rows` is the engine's own estimate. `key` is a column of whole numbers that tells each row apart, where there is
    one; `indexed` are the columns by which an index begins. `order` is the column by which a primary key begins that is
    none, to go through the table by: a text, a UUID, a number where the key is made of several. `unique` are columns of
    which the engine lets no two rows have one value."""

    rows: int
    key: str | None
    indexed: frozenset[str] = frozenset()
    order: str | None = None
    unique: frozenset[str] = frozenset()


def table_facts(connection: Connection, table: TableName) -> TableFacts | None:
    """By the catalogue alone, in a millisecond; None of what is no table, or where the engine tells nothing."""
    kind = connection.dialect.name
    if kind == "postgresql":
        return _on_postgresql(connection, table)
    if kind in {"mysql", "mariadb"}:
        return _on_mysql(connection, table)
    return _on_sqlite(connection, table) if kind == "sqlite" else None


def key_range(connection: Connection, table: TableName, key: str) -> tuple[int, int] | None:
    """The least and the greatest key, each from an end of its index; None of an empty table."""
    raw: ColumnClause[int] = column(key)
    ends = [_first(connection, table, raw, order) for order in (raw.asc(), raw.desc())]
    low, high = ends
    return None if low is None or high is None else (low, high)


def key_at(
    connection: Connection,
    table: TableName,
    key: str,
    place: int,
    among: Callable[[ColumnElement[Any]], ColumnElement[bool]],
) -> int | str | None:
    """The key at a place (1 is the first) of those that are meant, from its index; None where there are fewer."""
    raw: ColumnClause[Any] = column(key)
    statement = select(raw).select_from(table.clause()).where(among(raw)).order_by(raw).offset(place - 1).limit(1)
    found = connection.execute(statement).scalar()
    return found if found is None or isinstance(found, int) else str(found)


def _first(connection: Connection, table: TableName, key: ColumnClause[int], order: UnaryExpression[int]) -> int | None:
    statement = select(key).select_from(table.clause()).where(key.is_not(None)).order_by(order).limit(1)
    found = connection.execute(statement).scalar()
    return None if found is None else int(found)


def _on_postgresql(connection: Connection, table: TableName) -> TableFacts | None:
    parameters = {"name": table.name, "schema": table.schema or "", "whole": list(_WHOLE_NUMBERS)}
    row = connection.execute(_ON_POSTGRESQL, {**parameters, "in_order": list(_IN_ORDER)}).first()
    if row is None:
        return None
    order = None if row.key else row.in_order
    return TableFacts(int(row.many or 0), row.key, frozenset(row.indexed), order, frozenset(row.unique_columns))


def _on_mysql(connection: Connection, table: TableName) -> TableFacts | None:
    parameters = {"name": table.name, "schema": table.schema}
    many = connection.execute(_ON_MYSQL, parameters).first()
    if many is None:
        return None
    indexes: Sequence[Row[Any]] = connection.execute(_INDEXES_ON_MYSQL, parameters).all()
    primary = [(str(one.first), one.wide, str(one.kind).lower()) for one in indexes if one.name == "PRIMARY"]
    key = next((name for name, wide, kind in primary if wide == 1 and kind in _WHOLE_ON_MYSQL), None)
    order = next((name for name, _, kind in primary if key is None and kind in _IN_ORDER_ON_MYSQL), None)
    unique = frozenset(str(one.first) for one in indexes if one.is_unique and one.wide == 1)
    return TableFacts(int(many[0] or 0), key, frozenset(str(one.first) for one in indexes), order, unique)


def _on_sqlite(connection: Connection, table: TableName) -> TableFacts | None:
    """Its rows are numbered, whatever their key is; how far the numbers reach is about how many rows there are."""
    quoted = connection.dialect.identifier_preparer.quote(table.name)
    if connection.execute(_KIND_ON_SQLITE, {"name": table.name}).scalar() != "table":
        return None
    columns = connection.exec_driver_sql(f"PRAGMA table_info({quoted})").all()
    if any(str(row[1]).lower() == "rowid" for row in columns):
        return None
    keys = [(str(name), str(kind).upper()) for _, name, kind, _, _, number in columns if number]
    key = keys[0][0] if len(keys) == 1 and keys[0][1] == "INTEGER" else "rowid"
    try:
        ends = key_range(connection, table, key)
    except DBAPIError:
        return None  # a table WITHOUT ROWID
    rows = 0 if ends is None else ends[1] - ends[0] + 1
    indexes = _indexes_on_sqlite(connection, quoted)
    unique = frozenset(first for first, is_unique in indexes if is_unique)
    return TableFacts(rows, key, frozenset(first for first, _ in indexes), unique=unique)


def _indexes_on_sqlite(connection: Connection, quoted: str) -> list[tuple[str, bool]]:
    """Of each index the first column, and whether it lets no two rows have one value of it."""
    quote = connection.dialect.identifier_preparer.quote
    found = []
    for _, name, is_unique, _, partial in connection.exec_driver_sql(f"PRAGMA index_list({quoted})").all():
        columns = connection.exec_driver_sql(f"PRAGMA index_info({quote(name)})").all()
        if not partial and columns and columns[0][2] is not None:
            found.append((str(columns[0][2]), bool(is_unique) and len(columns) == 1))
    return found
