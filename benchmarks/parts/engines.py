"""The same slope on SQLite and MariaDB, and who writes to an SQLite file while a round reads it."""

from __future__ import annotations

import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.accounting.server_time import version_of
from benchmarks.parts import Options
from benchmarks.parts.evening import Evening, slope
from benchmarks.sales_generator.loading import engine_of
from benchmarks.table.row import Row
from benchmarks.table.shops import SIZES, Shop, mariadb, sqlite_shop

NAME = "Other engines"
_LARGEST = SIZES["1m"]
_BETWEEN_WRITES_S = 0.02
_LONGEST_WAIT_MS = 100.0


def rows(options: Options, versions: list[str]) -> Iterator[Row]:
    sizes = [size for size in options.sizes if SIZES[size] <= _LARGEST] or [options.sizes[0]]
    shops = [sqlite_shop(size) for size in sizes]
    versions.append(version_of(engine_of(shops[0].url)))
    evenings = [Evening(shop) for shop in shops]
    yield from slope("SQLite", evenings, options)
    yield _writer(evenings[-1])
    # Short, since the path of a socket may not be long.
    with tempfile.TemporaryDirectory(prefix="m") as folder, mariadb(Path(folder)) as server:
        if server is None:
            yield Row("MariaDB", "", "", "", note="skipped: MariaDB is not installed here")
            return
        held = [server.shop(size) for size in sizes]
        versions.append(f"MariaDB {version_of(engine_of(held[0].url))}")
        yield from slope("MariaDB", [Evening(shop) for shop in held], options)


def _writer(evening: Evening) -> Row:
    with _writing(evening.shop) as alone:
        time.sleep(20)
    with _writing(evening.shop) as beside:
        evening.cost()
    return Row(
        f"a writer beside the round, SQLite of {evening.shop.name} sales in rollback-journal mode",
        "the writer alone",
        f"no wait above {_LONGEST_WAIT_MS:.0f} ms",
        f"longest of {len(beside.waits)}: {beside.longest_ms:.0f} ms beside {alone.longest_ms:.0f} ms",
        beside.longest_ms,
        at_most=_LONGEST_WAIT_MS,
        unit="ms",
        note=f"{beside.over(_LONGEST_WAIT_MS)} of {len(beside.waits)} waits were above {_LONGEST_WAIT_MS:.0f} ms"
        f" with the round, {alone.over(_LONGEST_WAIT_MS)} of {len(alone.waits)} without",
    )


@dataclass
class Writer:
    """How long each small transaction took, in seconds, but for what its thread waited for a processor."""

    waits: list[float] = field(default_factory=list)

    @property
    def longest_ms(self) -> float:
        return max(self.waits, default=0.0) * 1000

    def over(self, milliseconds: float) -> int:
        return sum(1 for wait in self.waits if wait * 1000 > milliseconds)


@contextmanager
def _writing(shop: Shop) -> Iterator[Writer]:
    """Somebody who changes one row fifty times a second, as the application's counter would."""
    writer, ends = Writer(), threading.Event()

    def write() -> None:
        raw = sqlite3.connect(shop.url.removeprefix("sqlite:///"), timeout=60, isolation_level=None)
        raw.execute("PRAGMA journal_mode = DELETE")
        raw.execute("PRAGMA synchronous = OFF")  # what the disk takes is not the question
        while not ends.is_set():
            begun = time.perf_counter() - _waited_for_a_processor()
            raw.execute("BEGIN IMMEDIATE")
            raw.execute("UPDATE traffic_position SET events_done = events_done + 1")
            raw.execute("COMMIT")
            writer.waits.append(time.perf_counter() - _waited_for_a_processor() - begun)
            time.sleep(_BETWEEN_WRITES_S)
        raw.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield writer
    finally:
        ends.set()
        thread.join()


def _waited_for_a_processor() -> float:
    """Seconds of this thread so far, by the kernel: on a machine with other work it is no lock that takes them."""
    return int(Path("/proc/thread-self/schedstat").read_text(encoding="ascii").split()[1]) / 1e9
