"""How each day of a target stood, by the rounds that the history has of it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from hypercare.history import tables
from hypercare.history.store import History


def statuses_of_days(history: History) -> dict[date, set[str]]:
    """With what status the rounds of each business day ended; rounds of some items only are no day's word.

    Raises:
        HistoryProblem: the history cannot be read.
    """
    if not history.is_there:
        return {}
    rounds = tables.rounds.c
    asked = (
        select(rounds.day, rounds.status)
        .where(rounds.target == history.target, rounds.finished.is_not(None), rounds.status.is_not(None))
        .where(rounds.partial.is_not(True))
        .distinct()
    )
    found: dict[date, set[str]] = {}
    with history.reading() as connection:
        for day, status in connection.execute(asked):
            found.setdefault(day, set()).add(status)
    return found
