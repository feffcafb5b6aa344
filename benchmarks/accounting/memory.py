"""How much memory the Python processes of a round hold together: what is shared counts once, the browser not at all."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.accounting.processes import below

_EACH_S = 0.1


@dataclass
class Peak:
    """The most that was held at one time, in MB, and by how many processes."""

    mb: float = 0.0
    processes: int = 0


@contextmanager
def peak_of(root: int) -> Iterator[Peak]:
    """Of a process and all Python below it, looked at ten times a second while the block lasts."""
    peak, ended = Peak(), threading.Event()
    program = (Path("/proc") / str(root) / "exe").resolve()

    def look() -> None:
        while not ended.wait(_EACH_S):
            held = [_held_kb(one) for one in below(root) if _program(one) == program]
            if sum(held) / 1024 > peak.mb:
                peak.mb, peak.processes = sum(held) / 1024, len(held)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield peak
    finally:
        ended.set()
        watcher.join()


def _program(process: int) -> Path | None:
    try:
        return (Path("/proc") / str(process) / "exe").readlink()
    except OSError:
        return None


def _held_kb(process: int) -> int:
    """Its proportional share: of pages that several have each a part."""
    try:
        text = (Path("/proc") / str(process) / "smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    return int(text.partition("\nPss:")[2].split()[0])
