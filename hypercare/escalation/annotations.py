"""What people said: answers to questions, actions that they took, and what they signed off. Only ever added to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, select

from hypercare.history import tables
from hypercare.history.instants import instant_of, stored
from hypercare.history.store import History

DAILY = "daily"


@dataclass(frozen=True)
class Answer:
    """What a person answered for an item and a day; a later answer stands in place of it."""

    item: str
    answer: str
    by: str
    at: datetime


@dataclass(frozen=True)
class ActionTaken:
    """Something that was done, about an incident or about none."""

    note: str
    by: str
    at: datetime
    incident: int | None = None


@dataclass(frozen=True)
class SignOff:
    """Somebody read the report and stands for it."""

    what: str
    note: str
    by: str
    at: datetime


@dataclass(frozen=True)
class DayAnnotations:
    """All of it for one business day: answers by item, actions in order, the newest sign-off of the daily report."""

    answers: Mapping[str, Answer]
    actions: tuple[ActionTaken, ...]
    sign_off: SignOff | None


def answers_between(history: History, first: date, last: date) -> list[tuple[date, Answer]]:
    """What was answered for these days, both included, with the day; of several answers for a day the last."""
    table = tables.attestations
    query = (
        select(table)
        .where(table.c.target == history.target, table.c.day.between(first, last))
        .order_by(table.c.day, table.c.id)
    )
    with history.reading() as connection:
        rows = connection.execute(query).mappings().all()
    found = {
        (row["day"], row["item"]): Answer(row["item"], row["answer"], row["by"], instant_of(row["at"])) for row in rows
    }
    return [(day, answer) for (day, _), answer in found.items()]


def sign_offs_of(history: History, what: str, day: date) -> list[SignOff]:
    """Who signed a report of that name that begins on the day, in order."""
    table = tables.sign_offs
    query = (
        select(table)
        .where(table.c.target == history.target, table.c.what == what, table.c.day == day)
        .order_by(table.c.id)
    )
    with history.reading() as connection:
        rows = connection.execute(query).mappings().all()
    return [SignOff(row["what"], row["note"], row["by"], instant_of(row["at"])) for row in rows]


class Annotations:
    """What people said of one target. Days are those of the business, instants aware."""

    def __init__(self, history: History) -> None:
        self._history = history

    def answer(self, item: str, day: date, answer: str, by: str, at: datetime) -> None:
        self._add(tables.attestations, item=item, day=day, answer=answer, by=by, at=stored(at))

    def act(self, day: date, note: str, by: str, at: datetime, incident: int | None = None) -> None:
        self._add(tables.actions, day=day, note=note, by=by, at=stored(at), incident_id=incident)

    def sign_off(self, what: str, day: date, note: str, by: str, at: datetime) -> None:
        self._add(tables.sign_offs, what=what, day=day, note=note, by=by, at=stored(at))

    def of_day(self, day: date) -> DayAnnotations:
        """Everything that was said of a day, also if it was said later."""
        answers = [
            Answer(row["item"], row["answer"], row["by"], instant_of(row["at"]))
            for row in self._of_day(tables.attestations, day)
        ]
        actions = [
            ActionTaken(row["note"], row["by"], instant_of(row["at"]), row["incident_id"])
            for row in self._of_day(tables.actions, day)
        ]
        signed = [
            SignOff(row["what"], row["note"], row["by"], instant_of(row["at"]))
            for row in self._of_day(tables.sign_offs, day)
            if row["what"] == DAILY
        ]
        return DayAnnotations({one.item: one for one in answers}, tuple(actions), signed[-1] if signed else None)

    def incidents_acted_on(self) -> frozenset[int]:
        """The numbers of all incidents about which somebody wrote down what was done."""
        actions = tables.actions.c
        mine = (actions.target == self._history.target, actions.incident_id.is_not(None))
        query = select(actions.incident_id).where(*mine).distinct()
        with self._history.reading() as connection:
            return frozenset(connection.execute(query).scalars())

    def _add(self, table: Table, **values: object) -> None:
        with self._history.writing() as connection:
            connection.execute(table.insert().values(target=self._history.target, **values))

    def _of_day(self, table: Table, day: date) -> list[Mapping[str, Any]]:
        query = select(table).where(table.c.target == self._history.target, table.c.day == day).order_by(table.c.id)
        with self._history.reading() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]
