"""What the embedded system's tables declare, taken away or named otherwise, while every row stays what it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from faultlab.originals import LabProblem

if TYPE_CHECKING:
    from faultlab.scene import Scene

_INDENT = "\t"


def undeclare(scene: Scene, table: str, constraint: str) -> None:
    """Let a table forget a named constraint, as a migration does that forgets to carry it over."""
    _declare_anew(scene, table, lambda lines: [line for line in lines if not _is(line, constraint)])


def rename(scene: Scene, table: str, constraint: str, name: str) -> None:
    """Give a constraint another name; it goes on holding."""
    _declare_anew(
        scene,
        table,
        lambda lines: [line.replace(constraint, name) if _is(line, constraint) else line for line in lines],
    )


def _declare_anew(scene: Scene, table: str, change: Callable[[list[str]], list[str]]) -> None:
    if scene.tables.engine.dialect.name != "sqlite":
        raise LabProblem("this fault is put into an SQLite database only")
    before = str(
        scene.tables.one("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name", name=table).sql
    )
    head, _, rest = before.partition("(\n")
    lines = rest.removesuffix("\n)").split(", \n")
    changed = change(lines)
    if changed == lines:
        raise LabProblem(f"the table {table} declares no such constraint")
    scene.tables.rebuild(table, f"{head}(\n" + ", \n".join(changed) + "\n)", back=before)


def _is(line: str, constraint: str) -> bool:
    return re.match(rf"{_INDENT}CONSTRAINT {re.escape(constraint)} ", line) is not None


def rebuild(connection: Connection, table: str, statement: str) -> None:
    """Make an SQLite table anew by this statement, with the same rows and indexes."""
    connection.exec_driver_sql("PRAGMA legacy_alter_table=ON")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    found = connection.execute(
        text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :table AND sql IS NOT NULL"),
        {"table": table},
    ).all()
    for index in found:
        connection.exec_driver_sql(f"DROP INDEX {index.name}")
    connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {table}_before")
    connection.exec_driver_sql(statement)
    connection.exec_driver_sql(f"INSERT INTO {table} SELECT * FROM {table}_before")
    connection.exec_driver_sql(f"DROP TABLE {table}_before")
    for index in found:
        connection.exec_driver_sql(index.sql)
