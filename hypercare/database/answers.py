"""The answer of an engine to a question: its rows, and the question as the engine was asked it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CursorResult

_AT_ONCE = 1_000


def rows_of(answer: CursorResult[Any]) -> list[Mapping[str, Any]]:
    """All of them, fetched many at a time."""
    return [dict(row) for some in answer.mappings().partitions(_AT_ONCE) for row in some]


def sql_of(answer: CursorResult[Any]) -> str:
    """The statement and its parameters. It was compiled to be asked, and is not compiled again to be shown."""
    context: Any = answer.context
    compiled = context.compiled
    if compiled is None:
        return ""
    return readable(str(compiled), compiled.construct_params(extracted_parameters=context.extracted_parameters))


def readable(sql: str, parameters: Mapping[str, Any]) -> str:
    shown = "".join(f"\n  {name} = {value!r}" for name, value in parameters.items())
    return f"{sql}\n\nwith{shown}" if shown else sql
