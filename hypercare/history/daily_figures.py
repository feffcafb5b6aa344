"""One figure over the days: of each the newest value that a round of a name recorded."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from sqlalchemy import select

from hypercare.history import tables
from hypercare.history.instants import stored
from hypercare.history.store import History


def figure_by_day(
    history: History, name: str, round_name: str, since: datetime, until: datetime
) -> dict[date, Decimal]:
    """Of the rounds as of `since` and before `until`; what is no number is left out."""
    rounds, figures = tables.rounds.c, tables.figures.c
    query = (
        select(rounds.day, figures.value)
        .join(tables.rounds, rounds.id == figures.round_id)
        .where(
            rounds.target == history.target,
            rounds.round == round_name,
            figures.name == name,
            rounds.as_of >= stored(since),
            rounds.as_of < stored(until),
        )
        .order_by(rounds.as_of)
    )
    with history.reading() as connection:
        rows = connection.execute(query).all()
    found = {}
    for day, value in rows:
        try:
            found[day] = Decimal(value)
        except InvalidOperation:
            continue
    return found
