"""Keeps a question that would read too much from being put to a database in which people work.

Where all tables together are small nothing is asked of the engine but their sizes. A question that names a large one is
explained first; what was fine is remembered by its words and the sizes of the tables, and not explained again. Once our
share of the day is used up, a question may read no more than a few records.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import SQLAlchemyError

from hypercare.database.day_share import DayShare
from hypercare.database.rows_to_read import rows_to_read
from hypercare.database.table_sizes import TableSizes, table_sizes
from hypercare.database.trouble import DayShareUsedUp, NotPut, TooMuchToRead
from hypercare.outcome.database_load import load_listened_to

_LOG = logging.getLogger(__name__)
_A_QUESTION = re.compile(r"\s*(?:/\*.*?\*/\s*)?\(?\s*(?:SELECT|WITH)\b", re.IGNORECASE)
_OF_THE_SERVER = re.compile(r"\b(?:pg_catalog|pg_\w+|information_schema|sqlite_master|performance_schema)\b", re.I)
_WORD = re.compile(r"\w+")
_MOST_REMEMBERED = 5000
# What any system can bear at any time of the day, so that what is most urgent can still be told.
_FEW_ROWS = 10_000


@dataclass
class Guard:
    """`most_rows` is what one question may read, `share` what all of them may take of the day.
    `memory` is the file of what was fine before, None where nothing is to be remembered."""

    most_rows: int
    round: str = ""
    memory: Path | None = None
    share: DayShare | None = None
    _sizes: TableSizes | None = None
    _asked_sizes: bool = False
    _fine: set[str] = field(default_factory=set)
    _new: bool = False
    _asking: threading.local = field(default_factory=threading.local)

    def watch(self, engine: Engine) -> None:
        """Look at each statement of the engine before it is put."""

        @event.listens_for(engine, "before_cursor_execute")
        def _considered(connection: Connection, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            if not getattr(self._asking, "own", False) and _A_QUESTION.match(statement):
                self._asking.own = True
                try:
                    self._consider(connection, statement, parameters)
                finally:
                    self._asking.own = False

    def close(self) -> None:
        """Remember what was fine."""
        if self.memory is None or not self._new or self._sizes is None:
            return
        fine = sorted(self._fine)[:_MOST_REMEMBERED]
        with suppress(OSError):
            unfinished = self.memory.with_suffix(".new")
            unfinished.write_text(json.dumps({"tables": self._sizes.fingerprint, "fine": fine}), encoding="utf-8")
            unfinished.replace(self.memory)

    def _consider(self, connection: Connection, statement: str, parameters: Any) -> None:
        sizes = self._known_sizes(connection)
        if sizes is None:
            return
        is_used_up = self.share is not None and sizes.of_all > _FEW_ROWS and self.share.is_used_up
        most = min(self.most_rows, _FEW_ROWS) if is_used_up else self.most_rows
        if not self._may_be_large(statement, sizes, most):
            return
        shape = hashlib.sha256(statement.encode()).hexdigest()[:20]
        if shape in self._fine and not is_used_up:
            return
        rows: int | None = None
        with _by_the_way(connection):
            rows = rows_to_read(connection, statement, parameters, sizes)
        if rows is None:
            return
        if rows <= self.most_rows:
            self._new = self._new or shape not in self._fine
            self._fine.add(shape)
        if rows <= most:
            return
        tables = ", ".join(self._large_in(statement, sizes)[:3])
        _LOG.info("a question of about %d rows of %s is held back", rows, tables)
        if self.share is not None and rows <= self.most_rows:
            raise _told(DayShareUsedUp(tables, timedelta(seconds=self.share.allowed_s)))
        raise _told(TooMuchToRead(tables, rows, self.most_rows, self.round))

    def _known_sizes(self, connection: Connection) -> TableSizes | None:
        if not self._asked_sizes:
            self._asked_sizes = True
            with _by_the_way(connection):
                self._sizes = table_sizes(connection)
            self._recall()
        return self._sizes

    def _recall(self) -> None:
        if self.memory is None or self._sizes is None:
            return
        with suppress(OSError, ValueError):
            remembered: Mapping[str, Any] = json.loads(self.memory.read_text(encoding="utf-8"))
            if remembered.get("tables") == self._sizes.fingerprint:
                self._fine |= set(remembered.get("fine", ()))

    @staticmethod
    def _may_be_large(statement: str, sizes: TableSizes, most_rows: int) -> bool:
        """Whether the tables that it names have more rows than may be read, or a view stands before such a one.

        A join of two small tables may go through more than both have; the time limit ends that.
        """
        if sizes.of_all <= most_rows or _OF_THE_SERVER.search(statement):
            return False
        named = {word.lower() for word in _WORD.findall(statement)}
        if named & sizes.views:
            return True
        return sum(max(0, sizes.rows[name]) for name in named & sizes.rows.keys()) > most_rows

    @staticmethod
    def _large_in(statement: str, sizes: TableSizes) -> list[str]:
        named = {word.lower() for word in _WORD.findall(statement)} & sizes.rows.keys()
        return sorted(named, key=lambda name: sizes.rows[name], reverse=True)


def _told(held_back: NotPut) -> NotPut:
    load = load_listened_to()
    if load is not None:
        load.held_back.append(held_back.reason)
    return held_back


@contextmanager
def _by_the_way(connection: Connection) -> Iterator[None]:
    """What the engine refuses here (EXPLAIN of a view, the size of a damaged table) keeps no question back."""
    try:
        with nullcontext() if connection.dialect.name == "sqlite" else connection.begin_nested():
            yield
    except (SQLAlchemyError, ValueError) as error:
        _LOG.info("the engine does not say what a question would read: %s", type(error).__name__)
