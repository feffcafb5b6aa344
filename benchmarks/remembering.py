"""What the history costs: recording a result as a round does, opening, and looking back over a year of rounds."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypercare.history import tables
from hypercare.history.instants import stored
from hypercare.history.round_queries import past_of_item, past_rounds, unsteady_items
from hypercare.history.store import History
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.suite.result_journal import ResultJournal, round_note

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
YEAR, ITEMS = timedelta(days=365), 60


def milliseconds(what: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    what()
    return (time.perf_counter() - begun) * 1000


def recording(folder: Path) -> None:
    history = History(folder / "recorded.sqlite", "shop")
    journal = ResultJournal(history, folder, round_note("r", "shop", "morning", NOW.date(), as_of=NOW, started=NOW))
    print(f"{'opening a new history':36} {milliseconds(journal.begin):8.1f} ms")
    results = [
        CheckResult(nodeid=f"test_{n}", items=("a.b", "c.d"), outcome=Outcome.PASSED, level=Level.L2)
        for n in range(300)
    ]
    each = [milliseconds(lambda one=one: journal.keep(one)) for one in results]
    print(f"{'a result, on disk and in the history':36} {statistics.median(each):8.1f} ms")
    history.close()
    print(f"{'opening it again':36} {milliseconds(lambda: history.last_finished_round(NOW)):8.1f} ms")
    history.close()


def round_queries(folder: Path) -> None:
    history = History(folder / "year.sqlite", "shop")
    with history.writing() as connection:
        for number in range(365 * 3):
            _add_round(connection, number, NOW - YEAR + number * timedelta(hours=8))
    for name, query in (
        ("rounds of two weeks", lambda: past_rounds(history, NOW - timedelta(days=14), timedelta(minutes=3))),
        ("one item over a year", lambda: past_of_item(history, "item.n7", NOW - YEAR)),
        ("unsteady items of four weeks", lambda: unsteady_items(history, NOW - timedelta(days=28))),
        ("unsteady items of a year", lambda: unsteady_items(history, NOW - YEAR)),
    ):
        print(f"{name:36} {milliseconds(query):8.1f} ms")
    history.close()


def _add_round(connection: Any, number: int, at: datetime) -> None:
    text = stored(at)
    row = {"id": str(number), "target": "shop", "round": "morning", "day": at.date(), "as_of": text}
    connection.execute(tables.rounds.insert(), {**row, "started": text, "finished": text, "status": "healthy"})
    rest = {"level": "L2", "sentence": "", "count": None, "duration_s": 0.4, "ended": text, "round_id": str(number)}
    ends = ["flaky" if number * one % 97 == 3 else "passed" for one in range(ITEMS)]
    rows = [{**rest, "item": f"item.n{n}", "check": f"test_{n}", "outcome": end} for n, end in enumerate(ends)]
    connection.execute(tables.results.insert(), rows)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="remembering-") as folder:
        recording(Path(folder))
        round_queries(Path(folder))
