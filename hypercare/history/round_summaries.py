"""What each round found, whole, so that the report of its day is made on any machine that shares the history."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy import select

from hypercare.history import tables
from hypercare.history.engine import put
from hypercare.history.store import History


def keep_summary(history: History, round_id: str, text: str) -> None:
    """Keep the summary of a round; one that was kept before is replaced.

    Raises:
        HistoryProblem: the history cannot be written.
    """
    row = {"round_id": round_id, "content": zlib.compress(text.encode("utf-8"))}
    with history.writing() as connection:
        put(connection, tables.summaries, [row])


def summaries_of_day(history: History, day: date) -> tuple[str, ...]:
    """The summary.json of each of the rounds of a business day that have ended, in the order of their instants.

    What cannot be read any more is left out: a report of the other rounds is worth more than none.

    Raises:
        HistoryProblem: the history cannot be read.
    """
    if not history.is_there:
        return ()
    rounds, summaries = tables.rounds.c, tables.summaries.c
    asked = (
        select(summaries.content)
        .join_from(tables.summaries, tables.rounds, rounds.id == summaries.round_id)
        .where(rounds.target == history.target, rounds.day == day, rounds.finished.is_not(None))
        .order_by(rounds.as_of, rounds.finished)
    )
    with history.reading() as connection:
        found = connection.execute(asked).scalars().all()
    return tuple(_readable(found))


def _readable(contents: Iterable[bytes]) -> Iterator[str]:
    for content in contents:
        try:
            yield zlib.decompress(content).decode("utf-8")
        except (zlib.error, UnicodeDecodeError):
            continue
