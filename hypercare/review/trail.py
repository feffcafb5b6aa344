"""What people did, in the history: who, when, what about, by which way and from where. Only ever added to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from hypercare.history import tables
from hypercare.history.instants import instant_of, stored
from hypercare.history.store import History
from hypercare.review.person import Person


@dataclass(frozen=True)
class Act:
    """`what` is the verb, `about` its object: ("acknowledge", "incident 3")."""

    at: datetime
    by: str
    what: str
    about: str
    way: str
    place: str


def write_down(history: History, person: Person, what: str, about: str, at: datetime) -> None:
    """Add one act; within a transaction that writes it is part of that.

    Raises:
        HistoryProblem: the history cannot be written.
    """
    row = {
        "target": history.target,
        "at": stored(at),
        "by": person.name,
        "what": what,
        "about": about,
        "way": person.way.value,
        "place": person.place,
    }
    with history.writing() as connection:
        connection.execute(tables.acts.insert().values(**row))


def newest_acts(history: History, most: int) -> list[Act]:
    """The newest acts, the last one first."""
    acts = tables.acts.c
    columns = (acts.at, acts.by, acts.what, acts.about, acts.way, acts.place)
    query = select(*columns).where(acts.target == history.target).order_by(acts.id.desc()).limit(most)
    with history.reading() as connection:
        return [Act(instant_of(row[0]), *row[1:]) for row in connection.execute(query)]
