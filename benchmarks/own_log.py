"""What a line of the own log costs, unasked for and written: as a ratio to the smallest question to a database."""

from __future__ import annotations

import logging
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import create_engine, text

from hypercare.own_log import writing

TIMES, ROUNDS = 2_000, 7
LOG = logging.getLogger("hypercare.database.database")


def seconds_of(call: Callable[[], object]) -> float:
    """The median time of one call."""
    times = []
    for _ in range(ROUNDS + 1):
        begun = time.perf_counter()
        for _ in range(TIMES):
            call()
        times.append((time.perf_counter() - begun) / TIMES)
    return statistics.median(times[1:])


def log_one() -> None:
    LOG.debug("question about %s: %d rows in %.0f ms", "sales", 3, 1.5)


def main() -> None:
    """The smallest thing that a check does is one question to a database in memory."""
    with create_engine("sqlite://").connect() as connection:
        question = seconds_of(lambda: connection.execute(text("SELECT 1")).all())
    silent = seconds_of(log_one)
    with tempfile.TemporaryDirectory() as folder, writing(Path(folder) / "own.log", 0):
        written = seconds_of(log_one)
    print(f"{'one smallest question':24} {question * 1e6:8.2f} µs  1.0000")
    print(f"{'a line nobody asked for':24} {silent * 1e6:8.2f} µs  {silent / question:.4f}")
    print(f"{'a line that is written':24} {written * 1e6:8.2f} µs  {written / question:.4f}")


if __name__ == "__main__":
    main()
