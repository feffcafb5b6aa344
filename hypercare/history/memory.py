"""What is kept from round to round under a name: how far something has come, and what a check remembers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from hypercare.history import tables
from hypercare.history.engine import put
from hypercare.history.instants import instant_of, stored
from hypercare.history.store import History


@dataclass(frozen=True)
class Watermark:
    """`value` is its owner's; `at` is when it was put there."""

    value: str
    at: datetime


def watermark(history: History, name: str) -> Watermark | None:
    """The watermark of this name; None where none was ever put."""
    rows = tables.watermarks.c
    query = select(rows.value, rows.at).where(rows.target == history.target, rows.name == name)
    with history.reading() as connection:
        found = connection.execute(query).first()
    return Watermark(found.value, instant_of(found.at)) if found else None


def put_watermark(history: History, name: str, value: str, at: datetime) -> None:
    """Put a watermark in place of the one of this name."""
    row = {"target": history.target, "name": name, "value": value, "at": stored(at)}
    with history.writing() as connection:
        put(connection, tables.watermarks, [row])


class Memory:
    """Small pieces of JSON in the history, which is opened when first needed; without one nothing is remembered.

    One that `only_recalls` is of a look at the desk, which changes nothing that a round will see.
    """

    def __init__(self, history: Callable[[], History] | None = None, *, only_recalls: bool = False) -> None:
        self._history = history
        self._only_recalls = only_recalls

    def recall(self, name: str) -> Any:
        """What was kept last; None where nothing ever was."""
        if self._history is None or (self._only_recalls and not self._history().is_there):
            return None
        mark = watermark(self._history(), name)
        return None if mark is None else json.loads(mark.value)

    def keep(self, name: str, value: Any, at: datetime) -> None:
        """Keep it as of `at`; what was kept later stays, when an instant of the past is looked at again."""
        if self._history is None or self._only_recalls:
            return
        mark = watermark(self._history(), name)
        if mark is None or mark.at <= at:
            put_watermark(self._history(), name, json.dumps(value, sort_keys=True), at)
