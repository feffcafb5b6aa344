"""A question put so that the engine only says how it would go about it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ClauseElement, Executable


class Explained(Executable, ClauseElement):
    """`how` are the engine's words for it: EXPLAIN, EXPLAIN QUERY PLAN, ..."""

    inherit_cache = False

    def __init__(self, statement: Select[Any], how: str = "EXPLAIN") -> None:
        self.statement = statement
        self.how = how


@compiles(Explained)
def _explained(element: Explained, compiler: Any, **options: Any) -> str:
    return f"{element.how} {compiler.process(element.statement, **options)}"
