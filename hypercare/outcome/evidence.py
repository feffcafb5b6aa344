"""Where the resources put what they saw: screenshots, exchanges, SQL, rows.

A check at the desk keeps no evidence; a round attaches it to the Allure and the HTML report. Whoever collects
registers a sink for the length of a check, so that the resources know nothing of pytest or Allure.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hypercare.outcome.finding import MOST_ROWS, SAMPLE_SIZE
from hypercare.safe_text import as_cell


@dataclass(frozen=True)
class Attachment:
    """`body` is text or bytes, or the path of a file that exists until the check ends."""

    name: str
    media_type: str
    body: str | bytes | Path


Sink = Callable[[Attachment], None]
_sinks: list[Sink] = []


@contextmanager
def collecting(sink: Sink) -> Iterator[None]:
    """Send everything that is attached inside the block to `sink`."""
    _sinks.append(sink)
    try:
        yield
    finally:
        _sinks.remove(sink)


def is_collecting() -> bool:
    """Whether anybody collects; lets a resource save itself the work of making evidence."""
    return bool(_sinks)


def rows_wanted() -> int:
    """How many rows of a finding are worth asking for: those of its file where somebody collects, else its sample."""
    return MOST_ROWS if is_collecting() else SAMPLE_SIZE


def attach(name: str, body: str | bytes | Path, media_type: str = "text/plain") -> None:
    for sink in _sinks:
        sink(Attachment(name, media_type, body))


def attach_rows(name: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Attach rows as CSV with a header line."""
    if not rows or not is_collecting():
        return
    text = io.StringIO()
    columns = list(dict.fromkeys(column for row in rows for column in row))
    writer = csv.DictWriter(text, fieldnames=columns)
    writer.writeheader()
    writer.writerows({name: as_cell(value) for name, value in row.items()} for row in rows)
    attach(name, text.getvalue(), "text/csv")
