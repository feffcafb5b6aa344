"""Where each mapped field of the embedded system is kept, and which rows of it are the business's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from faultlab.columns.planned import Planned
from faultlab.scene import Scene
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.entities import ENTITIES, Kind
from hypercare.target_file.mapping import EntityMapping, MappingConfig

_MOST_ROWS = 5_000
_BRANCHES = "SELECT id FROM branches WHERE NOT training"
_SALES = f"SELECT id FROM sales WHERE branch_id IN ({_BRANCHES})"
_ORDERS = f"SELECT id FROM production_orders WHERE branch_id IN ({_BRANCHES})"
_PEOPLE = "SELECT id FROM users WHERE username NOT LIKE 'check.%' AND active"
_POSTINGS = f"SELECT id FROM ledger_postings WHERE branch_id IN ({_BRANCHES})"

# What tells the rows of the business from those kept for trials, about which nobody is to care.
_REAL = {
    "branches": f"id IN ({_BRANCHES})",
    "users": f"id IN ({_PEOPLE}) AND (branch_id IS NULL OR branch_id IN ({_BRANCHES}))",
    "shifts": f"branch_id IN ({_BRANCHES}) AND user_id IN ({_PEOPLE})",
    "customers": f"branch_id IN ({_BRANCHES})",
    "products": "sku NOT LIKE 'TRN-%' AND active",
    "sales": f"branch_id IN ({_BRANCHES})",
    "sale_lines": f"sale_id IN ({_SALES})",
    "payments": f"sale_id IN ({_SALES})",
    "ledger_postings": f"branch_id IN ({_BRANCHES})",
    "ledger_entries": f"posting_id IN ({_POSTINGS})",
    "day_sheets": f"branch_id IN ({_BRANCHES})",
    "production_orders": f"branch_id IN ({_BRANCHES})",
    "production_steps": f"order_id IN ({_ORDERS})",
    "costs": f"order_id IN ({_ORDERS})",
    "activity_log": f"branch_id IN ({_BRANCHES}) AND user_id IN ({_PEOPLE})",
    "login_attempts": "username NOT LIKE 'check.%'",
    "sessions": f"user_id IN ({_PEOPLE})",
    "jobs": "1 = 1",
    "issue_reports": f"branch_id IN ({_BRANCHES})",
}
# Fields that a select or an expression makes: the column behind each, and the rows that show it.
_BEHIND: Mapping[tuple[str, str], tuple[str, str, str]] = {
    ("ledger_entry", "id"): ("ledger_entries", "id", ""),
    ("ledger_entry", "posting"): ("ledger_entries", "posting_id", ""),
    ("ledger_entry", "sale"): ("ledger_postings", "sale_id", ""),
    ("ledger_entry", "payment"): ("ledger_postings", "payment_id", ""),
    ("ledger_entry", "branch"): ("ledger_postings", "branch_id", ""),
    ("ledger_entry", "account"): ("ledger_entries", "account_id", ""),
    ("ledger_entry", "debit"): ("ledger_entries", "debit", ""),
    ("ledger_entry", "credit"): ("ledger_entries", "credit", ""),
    ("ledger_entry", "posted_at"): ("ledger_postings", "posted_at", ""),
    ("production_order", "cancelled_at"): ("production_orders", "updated_at", "state = 'cancelled'"),
}


@dataclass(frozen=True)
class Place:
    """A field of the operations model, and the column that holds it. `rows` is the condition of those to be spoilt."""

    entity: str
    field: str
    kind: Kind
    table: str
    column: str
    rows: str

    @property
    def name(self) -> str:
        return f"{self.entity}.{self.field}"


def places_of(config: TargetConfig) -> list[Place]:
    """Every mapped field, in the order of the operations model."""
    return list(_places(config))


def _places(config: TargetConfig) -> Iterator[Place]:
    for entity, fields in ENTITIES.items():
        mapped = config.mapping.entity(entity)
        if mapped is None:
            continue
        for field, kind in fields.items():
            spec = mapped.columns.get(field)
            if spec is None:
                continue
            table, column, only = _BEHIND.get((entity, field), (mapped.table, spec.column, ""))
            assert table and column, f"nobody knows what is behind {entity}.{field}"
            kind_of_value = Kind.KEY if column.endswith("_id") else kind
            yield Place(entity, field, kind_of_value, table, column, only or "1 = 1")


def fields_touched(mapping: MappingConfig, planned: Planned) -> frozenset[str] | None:
    """Under which names the values that are changed can be asked for; None where whole records come or go."""
    if any(change.how != "update" for change in planned.changes):
        return None
    fields: set[str] = set()
    for table, column in {(change.table, column) for change in planned.changes for column in change.set_to}:
        for entity in ENTITIES:
            mapped = mapping.entity(entity)
            if mapped is not None:
                fields |= set(_shown_as(mapped, table, column))
    return frozenset(fields)


def _shown_as(mapped: EntityMapping, table: str, column: str) -> Iterator[str]:
    """What a select joins may show in any of its fields."""
    if mapped.select is not None and re.search(rf"\b{table}\b", mapped.select):
        yield from mapped.columns
    elif mapped.table == table:
        for field, spec in mapped.columns.items():
            if spec.column == column or (spec.sql is not None and re.search(rf"\b{column}\b", spec.sql)):
                yield field


def rows_of(scene: Scene, table: str, which: str = "1 = 1") -> list[dict[str, Any]]:
    """The business's own rows of a table that a condition chooses, the newest first."""
    query = f"SELECT * FROM {table} WHERE ({_REAL[table]}) AND ({which}) ORDER BY id DESC LIMIT {_MOST_ROWS}"
    return [dict(row._mapping) for row in scene.tables.rows(query)]
