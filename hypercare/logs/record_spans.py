"""Where the records of a block start and end: a record is the line that begins it and those below that belong to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

LINES_OF_A_RECORD = 400


def spans_of_records(
    body: bytes, places: Iterable[int] | None, begin: int, head: re.Pattern[bytes]
) -> Iterator[tuple[int, int]]:
    """Where records from `begin` on start and end, each once and in order: those that hold one of `places`, or all.

    `head` matches where a record begins.
    """
    if places is None:
        start = begin
        while start < len(body):
            end = _end_of_record(body, start, head)
            if body[start:end].strip(b"\x00\r\n "):
                yield start, end
            start = end
        return
    done = begin
    for hit in places:
        if hit < done:
            continue
        start = max(start_of_record(body, hit, head), done)
        done = _end_of_record(body, start, head)
        yield start, max(done, hit + 1)


def start_of_record(body: bytes, spot: int, head: re.Pattern[bytes]) -> int:
    """Where the record begins to which a byte belongs."""
    start = line = body.rfind(b"\n", 0, spot) + 1
    for _ in range(LINES_OF_A_RECORD):
        if head.match(body, line) or line == 0:
            return line
        line = body.rfind(b"\n", 0, line - 1) + 1
    return start


def _end_of_record(body: bytes, start: int, head: re.Pattern[bytes]) -> int:
    line = body.find(b"\n", start) + 1
    for _ in range(LINES_OF_A_RECORD):
        if not line:
            return len(body)
        if head.match(body, line):
            return line
        line = body.find(b"\n", line) + 1
    return line or len(body)
