"""How a check ended in earlier rounds."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from hypercare.history import tables
from hypercare.history.store import History
from hypercare.outcome.outcome import Outcome

_LOOKED_BACK_ON = 60
_LEAST_PASSED = 3


def has_held(history: History, check: str) -> bool:
    """Whether the check passed in several of the last rounds, and more often than it could not be judged."""
    results, rounds = tables.results.c, tables.rounds.c
    asked = (
        select(results.outcome)
        .select_from(tables.results.join(tables.rounds, rounds.id == results.round_id))
        .where(rounds.target == history.target, results.check == check)
        .order_by(results.id.desc())
        .limit(_LOOKED_BACK_ON)
    )
    with history.reading() as connection:
        ends = Counter(connection.execute(asked).scalars())
    passed = ends[Outcome.PASSED.value]
    return passed >= _LEAST_PASSED and passed > ends[Outcome.NOT_COVERED.value]
