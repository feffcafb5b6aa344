"""A schema that says things as the operations model does: a table an entity, decimal money, instants in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Engine,
    Index,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    create_engine,
)

from hypercare.target_file.entities import ENTITIES, Kind
from tests.operations.facts import Facts

_ENTITIES = (
    "branch", "user", "shift", "customer", "sale", "sale_line", "payment", "ledger_entry", "manual_record",
    "production_order", "step", "cost", "activity", "login_attempt", "issue", "job",
)  # fmt: skip
_INDEXED = {"sale", "order", "user", "at", "created_at", "finalised_at", "entity_id"}
_TYPES = {Kind.KEY: Integer, Kind.FLAG: Boolean, Kind.DAY: Date}


def mapping() -> dict[str, Any]:
    """Every entity is a table of the name of its plural, with the fields that the facts have."""
    mapped: dict[str, Any] = {
        name: {"table": f"{name}_rows", "columns": {field: f"{field}_" for field in _fields(name)}}
        for name in _ENTITIES
    }
    actions = {name: [name] for name in ("sale.create", "sale.delete", "sale.finalise", "cost.enter")}
    mapped["activity"]["values"] = {"action": {**actions, "step.update": ["step.start", "step.finish"]}}
    mapped["expected_jobs"] = [{"kind": "closing", "by": "22:00"}]
    return mapped


def _fields(entity: str) -> list[str]:
    missing = {
        "branch": {"closed_at"},
        "user": {"name", "created_at"}, "customer": {"number"},
        "sale": {"finalised_by", "voided_by", "pays_at_once", "is_posted"},
        "sale_line": {"discount"}, "payment": {"received_by"}, "production_order": {"product", "due_on"},
        "step": {"assigned_to"}, "cost": {"branch"}, "activity": {"entity"},
    }  # fmt: skip
    return [field for field in ENTITIES[entity] if field not in missing.get(entity, set())]


def fill(url: str, facts: Facts) -> None:
    """Make the tables anew and fill them."""
    engine: Engine = create_engine(url)
    metadata = MetaData()
    tables = {name: Table(f"{name}_rows", metadata, *_columns(name)) for name in _ENTITIES}
    for name, table in tables.items():
        for column in table.columns:
            if column.name.rstrip("_") in _INDEXED:
                Index(f"ix_{name}_{column.name}", column)
    metadata.drop_all(engine)
    metadata.create_all(engine)
    with engine.begin() as connection:
        for name, table in tables.items():
            rows = [
                {f"{field}_": _plain(row.get(field)) for field in _fields(name)} for row in facts.rows.get(name, [])
            ]
            if rows:
                connection.execute(table.insert(), rows)
    engine.dispose()


def _columns(entity: str) -> list[Column[Any]]:
    types: dict[Kind, Any] = {
        **_TYPES, Kind.INSTANT: DateTime(), Kind.MONEY: Numeric(12, 2), Kind.NUMBER: Numeric(12, 2),
    }  # fmt: skip
    kinds = ENTITIES[entity]
    return [Column(f"{field}_", types.get(kinds[field], String(80))) for field in _fields(entity)]


def _plain(value: object) -> object:
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value
