"""About how many rows an engine would go through for a statement, by its own plan."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from hypercare.database.table_sizes import TableSizes

_RUNS_ONCE = {"Hash", "Materialize", "Sort", "CTE Scan", "Memoize"}
_SCANS = ("Index Scan", "Index Only Scan", "Bitmap Heap Scan", "Foreign Scan", "Tid Range Scan", "Sample Scan")
_SQLITE_STEP = re.compile(r"^(?P<how>SCAN|SEARCH) (?:TABLE )?(?P<table>\S+)(?: AS (?P<alias>\S+))?")
_SQLITE_PER_ROW = re.compile(r"^CORRELATED ")
_FIRST_ROWS_ONLY = re.compile(r"\A(?:(?!\bWHERE\b|\bGROUP BY\b|\bORDER BY\b|\b\w+\().)*\bLIMIT\b[^)]*\Z", re.S | re.I)
_ALIASES = re.compile(r"\b(?:from|join|,)\s+[\"'`\[]?([\w.]+)[\"'`\]]?\s+(?:as\s+)?[\"'`]?(\w+)", re.IGNORECASE)
_EXPLAINED_BY = {"postgresql": "EXPLAIN (FORMAT JSON)", "sqlite": "EXPLAIN QUERY PLAN", "mysql": "EXPLAIN"}


def rows_to_read(connection: Connection, statement: str, parameters: Any, sizes: TableSizes) -> int | None:
    """None where the engine does not say. The statement is one that the driver takes as it is; it is not run.

    Raises what the statement itself would raise.
    """
    dialect = connection.dialect
    how = _EXPLAINED_BY.get("mysql" if dialect.name == "mariadb" else dialect.name)
    if how is None:
        return None
    if getattr(dialect, "is_mariadb", False):
        how = "EXPLAIN EXTENDED"  # the share that a condition leaves is told by others without being asked
    plan = connection.exec_driver_sql(f"{how} {statement}", parameters)
    if dialect.name == "postgresql":
        explained: Any = plan.scalar_one()
        tree = json.loads(explained) if isinstance(explained, str) else explained
        return round(_of_postgresql(tree[0]["Plan"], 1.0, sizes))
    if _FIRST_ROWS_ONLY.match(statement):
        return 0
    if dialect.name == "sqlite":
        return round(_of_sqlite(plan.all(), statement, sizes))
    return round(_of_mysql(plan.mappings().all()))


def _of_postgresql(node: Mapping[str, Any], times: float, sizes: TableSizes) -> float:
    """`times` is how often the node is gone through; a part of 1 where a limit ends it early."""
    kind, inner = str(node["Node Type"]), node.get("Plans", ())
    if kind == "Limit" and inner and inner[0]["Total Cost"] > 0:
        times *= min(1.0, node["Total Cost"] / inner[0]["Total Cost"])
    read = 0.0
    if kind.endswith("Seq Scan"):
        read = max(sizes.rows.get(str(node["Relation Name"]).lower(), 0), node["Plan Rows"]) * times
    elif kind in _SCANS:
        read = node["Plan Rows"] * times
    outer_rows = 1.0
    for number, child in enumerate(inner):
        per_row = kind == "Nested Loop" and number == 1
        of_subplan = child.get("Parent Relationship") == "SubPlan" and not _is_hashed(child, node)
        child_times = times * (max(1.0, outer_rows) if per_row else max(1.0, node["Plan Rows"]) if of_subplan else 1.0)
        runs_once = per_row and child["Node Type"] in _RUNS_ONCE
        read += _of_postgresql(child, times if runs_once else child_times, sizes)
        if number == 0:
            outer_rows = child["Plan Rows"]
    return read


def _is_hashed(child: Mapping[str, Any], node: Mapping[str, Any]) -> bool:
    """Whether the rows of a subplan are put together once, to be looked up by each row."""
    return f"hashed {child.get('Subplan Name', 'SubPlan')}" in str(node.get("Filter", ""))


def _of_mysql(steps: Iterable[Mapping[Any, Any]]) -> float:
    """Each block of the plan is a loop in a loop, in the order of its steps; a dependent one runs for each row."""
    read, first_block = 0.0, 1.0
    loops: dict[Any, float] = {}
    per_row: set[Any] = set()
    for step in ({str(name).lower(): value for name, value in one.items()} for one in steps):
        block, rows = step.get("id"), float(step.get("rows") or 0)
        if "DEPENDENT" in str(step.get("select_type")):
            per_row.add(block)
        before = loops.setdefault(block, first_block if block in per_row else 1.0)
        read += before * rows
        loops[block] = before * max(1.0, rows * float(step.get("filtered") or 100) / 100)
        if block == 1 or block is None:
            first_block = loops[block]
    return read


def _of_sqlite(steps: Iterable[Any], statement: str, sizes: TableSizes) -> float:
    """What stands under one parent is a loop in a loop; a correlated subquery runs for each row of its parent."""
    aliases = {alias.lower(): name.rpartition(".")[2].lower() for name, alias in _ALIASES.findall(statement)}
    read, loops = 0.0, {0: 1.0}
    for number, parent, _, detail in steps:
        step = _SQLITE_STEP.match(detail)
        before = loops.setdefault(parent, 1.0)
        if step is None:
            loops[number] = before if _SQLITE_PER_ROW.match(detail) else 1.0
            continue
        name = step["table"].lower()
        table = name if name in sizes.rows else aliases.get(name, name)
        rows = max(0, sizes.rows.get(table, 0)) if step["how"] == "SCAN" else 1
        read += before * rows
        loops[parent] = before * max(1, rows)
    return read
