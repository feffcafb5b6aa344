"""Seals in the suite's history; where that cannot be reached nothing is sealed, and all is asked as ever."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select

from hypercare.history import tables
from hypercare.history.engine import put
from hypercare.history.instants import instant_of, stored
from hypercare.history.problem import HistoryProblem
from hypercare.history.store import History

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class SealedDay:
    """What a question kept of a day: `fingerprint` is of its records as they were `at` the last comparison."""

    fingerprint: str
    figures: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None


@dataclass(frozen=True)
class SealedMonth:
    """`through` is the last day that is sealed, by its number; `slices` has what is known of each that has a record.

    `versions` is of the rows as the engine tells them; empty where it does not. `compared` is the last day that was
    compared, where a round had to stop in the middle of the month; 0 where none had to.
    """

    month: date
    through: int
    slices: Mapping[str, Sequence[Any]]
    sealed: datetime
    checked: datetime
    versions: str = ""
    compared: int = 0


class SealStore:
    """The seals of one target. One that `only_recalls` is of a look at the desk and keeps nothing.

    `rules` is the version of the code that judges: what another version found in order is asked again.
    """

    def __init__(
        self, history: Callable[[], History] | None = None, *, rules: str = "", only_recalls: bool = False
    ) -> None:
        self._history = history
        self.rules = rules
        self.keeps = history is not None and not only_recalls

    @property
    def recalls(self) -> bool:
        """Whether there may be seals; a look at the desk makes no history."""
        return self._history is not None and (self.keeps or self._history().is_there)

    def days(self, question: str, basis: str) -> Mapping[date, SealedDay]:
        """The days that a question has sealed, as far as they were judged by the same."""
        rows = tables.sealed_days.c
        query = select(rows.day, rows.fingerprint, rows.figures, rows.at).where(
            *self._of(rows, question), rows.basis == basis
        )
        return {row.day: SealedDay(row.fingerprint, row.figures, instant_of(row.at)) for row in self._read(query)}

    def keep_days(self, question: str, basis: str, days: Mapping[date, SealedDay], oldest: date, at: datetime) -> None:
        """Seal days of a question, and forget those before the oldest that it asks for."""
        rows = tables.sealed_days.c
        table_rows = [
            {
                "target": self._target,
                "question": question,
                "day": day,
                "basis": basis,
                "fingerprint": one.fingerprint,
                "figures": dict(one.figures),
                "at": stored(at),
            }
            for day, one in days.items()
        ]

        def write(history: History) -> None:
            with history.writing() as connection:
                connection.execute(delete(tables.sealed_days).where(*self._of(rows, question), rows.day < oldest))
                put(connection, tables.sealed_days, table_rows)

        self._write(write)

    def months(self, entity: str, basis: str) -> Mapping[date, SealedMonth]:
        """The months of an entity that were sealed by the same basis."""
        rows = tables.sealed_months.c
        query = select(rows.month, rows.contents, rows.sealed, rows.checked).where(
            rows.target == self._target, rows.entity == entity, rows.basis == basis
        )
        return {
            row.month: SealedMonth(
                row.month,
                row.contents["through"],
                row.contents["slices"],
                instant_of(row.sealed),
                instant_of(row.checked),
                row.contents.get("versions", ""),
                row.contents.get("compared", 0),
            )
            for row in self._read(query)
        }

    def keep_months(self, entity: str, basis: str, months: Sequence[SealedMonth]) -> None:
        """Put months in place of those that were sealed before."""
        table_rows = [
            {
                "target": self._target,
                "entity": entity,
                "month": one.month,
                "basis": basis,
                "contents": {
                    "through": one.through,
                    "slices": dict(one.slices),
                    "versions": one.versions,
                    "compared": one.compared,
                },
                "sealed": stored(one.sealed),
                "checked": stored(one.checked),
            }
            for one in months
        ]

        def write(history: History) -> None:
            with history.writing() as connection:
                put(connection, tables.sealed_months, table_rows)

        self._write(write)

    @property
    def _target(self) -> str:
        return "" if self._history is None else self._history().target

    def _of(self, rows: Any, question: str) -> Sequence[Any]:
        return rows.target == self._target, rows.question == question

    def _read(self, query: Any) -> Sequence[Any]:
        if self._history is None or not self.recalls:
            return []
        try:
            with self._history().reading() as connection:
                return connection.execute(query).all()
        except HistoryProblem as problem:
            _LOG.warning("nothing is known to be sealed: %s", problem)
            return []

    def _write(self, write: Callable[[History], None]) -> None:
        if self._history is None or not self.keeps:
            return
        try:
            write(self._history())
        except HistoryProblem as problem:
            _LOG.warning("nothing is sealed: %s", problem)
