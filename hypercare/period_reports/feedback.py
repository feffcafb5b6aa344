"""What people think of the system, as it was written down: good, bad, and what they wish for. Only ever added to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select

from hypercare.history import tables
from hypercare.history.instants import stored
from hypercare.history.store import History

# What people said is one table; an item of this area is no line of the plan.
_AREA = "feedback"


class Kind(StrEnum):
    POSITIVE = "positive"
    NEGATIVE = "negative"
    SUGGESTION = "suggestion"


@dataclass(frozen=True)
class Feedback:
    kind: Kind
    day: date
    text: str
    by: str


def add_feedback(history: History, one: Feedback, at: datetime) -> None:
    values = {"item": f"{_AREA}.{one.kind}", "day": one.day, "answer": one.text, "by": one.by, "at": stored(at)}
    with history.writing() as connection:
        connection.execute(tables.attestations.insert().values(target=history.target, **values))


def feedback_between(history: History, first: date, last: date) -> Sequence[Feedback]:
    """All that was written down of these days, both included, in order."""
    table = tables.attestations
    query = (
        select(table.c.item, table.c.day, table.c.answer, table.c.by)
        .where(
            table.c.target == history.target,
            table.c.day.between(first, last),
            table.c.item.in_([f"{_AREA}.{kind}" for kind in Kind]),
        )
        .order_by(table.c.day, table.c.id)
    )
    with history.reading() as connection:
        rows = connection.execute(query).all()
    return [Feedback(Kind(item.partition(".")[2]), day, answer, by) for item, day, answer, by in rows]
