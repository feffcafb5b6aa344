"""What the embedded system's tables declare, taken away or named otherwise, while every row stays what it is."""

from __future__ import annotations

import re
from collections.abc import Callable

from faultlab.problem import LabProblem
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
