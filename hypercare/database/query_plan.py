"""A question put so that the engine only says how it would go about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ClauseElement, Executable

# What reading a table of a few pages costs by the engine's own reckoning.
_TINY = 25.0
_CONDITIONS = {"Index Cond", "Recheck Cond", "TID Cond"}
_OF_OTHER_STEPS = {"Subquery Scan", "CTE Scan", "WorkTable Scan"}


class Explained(Executable, ClauseElement):
    """`how` are the engine's words for it: EXPLAIN, EXPLAIN QUERY PLAN, ..."""

    inherit_cache = False

    def __init__(self, statement: Select[Any], how: str = "EXPLAIN") -> None:
        self.statement = statement
        self.how = how


@compiles(Explained)
def _explained(element: Explained, compiler: Any, **options: Any) -> str:
    return f"{element.how} {compiler.process(element.statement, **options)}"


def counts_by_index(plan: Mapping[str, Any]) -> bool:
    """Whether what a plan of PostgreSQL counts is found without going through all of a table that is not tiny."""
    counting = (step for step in _steps(plan) if step["Node Type"] == "Aggregate")
    counted = [part for step in counting for part in _steps(step)]
    return bool(counted) and not any(part["Total Cost"] > _TINY and _goes_through_all(part) for part in counted)


def _goes_through_all(step: Mapping[str, Any]) -> bool:
    name = str(step["Node Type"])
    return name.endswith("Scan") and not _CONDITIONS & step.keys() and name not in _OF_OTHER_STEPS


def _steps(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _steps(part)
