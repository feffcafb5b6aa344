"""Several processes open and write one history at once: nothing is lost, and one trouble is one incident."""

import pytest
from sqlalchemy import func, select, text

from hypercare.history import tables
from hypercare.history.store import History
from tests.history.opening_and_writing import open_and_write

pytestmark = pytest.mark.server

PROCESSES, ROUNDS_EACH, RESULTS_EACH = 3, 3, 20


def count(history: History, column) -> int:
    with history.reading() as connection:
        return connection.execute(select(func.count(column))).scalar_one()


@pytest.mark.long
def test_rounds_written_at_once_are_all_there(place, at_once):
    at_once(open_and_write, [[place, f"p{n}", RESULTS_EACH, ROUNDS_EACH] for n in range(PROCESSES)])
    history = History(place, "shop")
    rounds = PROCESSES * ROUNDS_EACH
    assert count(history, tables.rounds.c.finished) == rounds
    assert count(history, tables.results.c.id) == rounds * RESULTS_EACH
    assert count(history, tables.figures.c.name) == rounds * RESULTS_EACH
    assert count(history, tables.incidents.c.id) == 1
    with history.reading() as connection:
        (kinds,) = connection.execute(
            select(func.count()).select_from(tables.incident_events).where(tables.incident_events.c.kind == "opened")
        ).one()
        sums = connection.execute(select(tables.watermarks.c.value)).scalars().all()
        revisions = connection.execute(text("SELECT COUNT(*) FROM history_revision")).scalar_one()
    assert (kinds, revisions) == (1, 1)
    assert sums == [str(rounds * RESULTS_EACH)]  # read, added to and written back: no addition was lost
    history.close()
