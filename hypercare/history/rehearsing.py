"""A history for a round on trial: what was remembered can be read, and what is written is forgotten."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from hypercare.history.problem import HistoryProblem
from hypercare.history.store import History

_FILE = "history.sqlite"


def copy_of(history: History, folder: Path) -> History:
    """A copy in a folder; an empty one where the history does not exist yet, or is kept by a server.

    Raises:
        HistoryProblem: it cannot be read.
    """
    place = folder / _FILE
    if history.is_file and history.is_there:
        try:
            with closing(sqlite3.connect(str(history.url.database))) as source, closing(sqlite3.connect(place)) as copy:
                source.backup(copy)
        except sqlite3.Error as error:
            raise HistoryProblem(f"the history {history.shown} cannot be read: {error}") from None
    history.close()
    return History(place, history.target)
