"""What a database holds, table by table, in the few numbers by which a backup is compared with the live one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Inspector,
    Integer,
    MetaData,
    String,
    Table,
    case,
    cast,
    func,
    inspect,
    literal,
    select,
    type_coerce,
)
from sqlalchemy.types import TypeEngine

from hypercare.database.database import Database
from hypercare.database.schemas import TableName, real_names, schemas_of, tables_of
from hypercare.outcome.intake import took_in
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.mapping import MappingConfig

_TIME_OF_CREATION = (
    "created_at",
    "created",
    "create_date",
    "creation_date",
    "date_created",
    "created_on",
    "inserted_at",
    "added_at",
    "entered_at",
    "queued_at",
    "reported_at",
    "posted_at",
    "paid_at",
    "logged_at",
    "logged",
    "occurred_at",
    "handed_in_at",
    "at",
    "timestamp",
)


@dataclass(frozen=True)
class Shape:
    """A table as far as the comparison needs it: when its rows came into being, and its key if it is a number."""

    table: Table
    created: Column[Any] | None
    key: Column[Any] | None


@dataclass(frozen=True)
class Content:
    """`before` counts rows that came into being before a given instant, `up_to_key` those up to a given key."""

    rows: int
    before: int | None
    up_to_key: int | None
    largest_key: int | None


def shapes(connection: Connection, schemas: Iterable[str | None] = (None,)) -> dict[str, Shape]:
    """Every table of these schemas, by names that mean the same in a live database and in its copy."""
    inspector = inspect(connection)
    return {_lasting_name(inspector, one): _shape(inspector, one) for one in tables_of(connection, schemas)}


def comparable_schemas(connection: Connection, mapping: MappingConfig) -> list[str | None]:
    """The schemas of a live database that a restored backup can be looked through for.

    By their own names, since what the session takes for its own is set at the database, which a restore makes anew.
    Of MySQL only the one database is restored.
    """
    if connection.dialect.name != "postgresql":
        return [None]
    return list(real_names(connection, schemas_of(connection, mapping)))


def _lasting_name(inspector: Inspector, one: TableName) -> str:
    if inspector.dialect.name != "postgresql":
        return one.words
    schema = one.schema or str(inspector.default_schema_name)
    return one.name if schema == "public" else f"{schema}.{one.name}"


def _shape(inspector: Inspector, one: TableName) -> Shape:
    found = inspector.get_columns(one.name, schema=one.schema)
    types: Mapping[str, TypeEngine[Any]] = {column["name"]: column["type"] for column in found}
    keys = inspector.get_pk_constraint(one.name, schema=one.schema)["constrained_columns"]
    table = Table(one.name, MetaData(), *(Column(column, kind) for column, kind in types.items()), schema=one.schema)
    created = next((c for c in _TIME_OF_CREATION if isinstance(types.get(c), DateTime)), None)
    key = keys[0] if len(keys) == 1 and isinstance(types.get(keys[0]), Integer) else None
    return Shape(table, table.c[created] if created else None, table.c[key] if key else None)


def contents(
    connection: Connection,
    tables: Mapping[str, Shape],
    before: datetime,
    zone: ZoneInfo,
    up_to: Mapping[str, Content] | None = None,
) -> dict[str, Content]:
    """What each of `tables` holds; `up_to` says by another database's content up to which key to count."""
    keys = {name: other.largest_key for name, other in (up_to or {}).items()}
    return {name: content(connection, shape, before, zone, keys.get(name)) for name, shape in tables.items()}


def live_contents(
    database: Database,
    tables: Mapping[str, Shape],
    before: datetime,
    zone: ZoneInfo,
    up_to: Mapping[str, Content],
) -> dict[str, Content]:
    """The same of the live database, table by table: one that cannot be read keeps no other from being compared.

    Raises:
        NotCovered: there is no table, or few of them can be read.
    """
    found: dict[str, Content] = {}
    gap = NotCovered("the live database has no table to compare with", remedy="Correct [database] url or [mapping].")
    with database.snapshot() as live:
        for name, shape in tables.items():
            try:
                with database.translating(), live.begin_nested():
                    found[name] = content(live, shape, before, zone, up_to[name].largest_key if name in up_to else None)
            except NotCovered as unread:
                gap = unread
    took_in(database.address, "tables", len(tables), len(found))
    if not found or len(found) * 2 < len(tables):
        raise gap
    return found


def content(
    connection: Connection, shape: Shape, before: datetime, zone: ZoneInfo, up_to_key: int | None = None
) -> Content:
    """Count a table's rows in one pass. `zone` is that of the business, for times that name none."""
    old = None if shape.created is None else _came_before(connection, shape, before, zone)
    low = None if shape.key is None or up_to_key is None else shape.key <= literal(up_to_key)
    if low is not None and old is not None:
        low = low & old
    columns: list[ColumnElement[Any]] = [
        func.count().label("rows"),
        _count_where(old).label("before"),
        _count_where(low).label("up_to_key"),
        (func.max(shape.key) if shape.key is not None else literal(None)).label("largest_key"),
    ]
    row = connection.execute(select(*columns).select_from(shape.table)).mappings().one()
    return Content(
        int(row["rows"]),
        None if old is None else int(row["before"] or 0),
        None if low is None else int(row["up_to_key"] or 0),
        None if row["largest_key"] is None else int(row["largest_key"]),
    )


def _count_where(condition: ColumnElement[bool] | None) -> ColumnElement[Any]:
    if condition is None:
        return literal(None)
    return func.sum(_one_if(condition))


def _one_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _came_before(connection: Connection, shape: Shape, before: datetime, zone: ZoneInfo) -> ColumnElement[bool]:
    """The condition on the raw column. Where it names no zone, the earlier of UTC and local counts: never too much."""
    created = shape.created
    assert created is not None
    if getattr(created.type, "timezone", False) and connection.dialect.name != "sqlite":
        return created < literal(before.astimezone(UTC))
    naive = min(before.astimezone(UTC).replace(tzinfo=None), before.astimezone(zone).replace(tzinfo=None))
    if connection.dialect.name != "sqlite":
        return created < literal(naive)
    stored = str(connection.execute(select(func.max(cast(created, String))).select_from(shape.table)).scalar() or "")
    separator = "T" if "T" in stored else " "
    return type_coerce(created, String) < literal(naive.isoformat(sep=separator, timespec="seconds"))
