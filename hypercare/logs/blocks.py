"""A piece of a log, read from its end in blocks of whole records."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from operator import itemgetter

from hypercare.logs.pieces import Piece

BLOCK = 1 << 20
_LONGEST_RECORD = 64 << 20
_PART = 4 << 10
_SPREAD = 4


@dataclass(frozen=True)
class Block:
    """Whole records of a piece and where they lie. `last` marks the end of the newest piece, which was written last.

    `begins` is the time that its first record states, where somebody has told it.
    """

    body: bytes
    offset: int
    last: bool
    begins: datetime | None = None

    @cached_property
    def lines(self) -> int:
        """How many there are, the last one included where it is not whole."""
        return lines_of(self.body)

    def each_line_has(self, part: bytes) -> bool:
        """Whether all lines have `part` at the same place, as those have that are written by one form."""
        place = self._place_of(part)
        if place is None:
            return False
        parts = list(map(itemgetter(slice(place, place + len(part))), io.BytesIO(self.body)))
        self.__dict__.setdefault("lines", len(parts))  # they have been counted by this
        return parts.count(part) == len(parts)

    def _place_of(self, part: bytes) -> int | None:
        """Where in a line `part` stands; None where some lines that are spread over the block have it elsewhere."""
        places = set()
        for number in range(_SPREAD):
            start = self.body.rfind(b"\n", 0, len(self.body) * number // _SPREAD) + 1
            places.add(self.body.find(part, start) - start)
        return places.pop() if len(places) == 1 and min(places) >= 0 else None


def lines_of(body: bytes) -> int:
    """How many lines some bytes are, the last one included where it is not whole."""
    return len(io.BytesIO(body).readlines())  # two to three times as quick as to count the line ends


def blocks_from_end(piece: Piece, head: re.Pattern[bytes], stop: int = 0) -> Iterator[Block]:
    """The blocks of a piece down to its byte `stop`, newest first; `head` matches where a record begins.

    A block starts at a record's own first line, so that the lines below a record stay with it. A file that
    shrinks while it is read ends the reading early.
    """
    _keep_memory()
    end, last = piece.size, piece.newest
    while end > stop:
        start = _where_block_begins(piece, end, stop, head)
        body = piece.read(start, end)
        if len(body) < end - start:
            return  # it was cut; what is left is read at the next look
        yield Block(body, start, last)
        del body
        last, end = False, start


def _keep_memory() -> None:
    # The C library gives memory back at once unless more of it was asked for before; each block had pages of its own.
    bytes(8 * BLOCK)


def _where_block_begins(piece: Piece, end: int, stop: int, head: re.Pattern[bytes]) -> int:
    """The first record within so many bytes of the end, or further up where one that is larger ends there."""
    length = BLOCK
    while length <= _LONGEST_RECORD:
        start = end - length
        if start <= stop:
            return stop
        begin = _first_record(piece, start, end, head)
        if begin is not None:
            return begin
        length *= 4
    return max(stop, end - length)


def _first_record(piece: Piece, start: int, end: int, head: re.Pattern[bytes]) -> int | None:
    part = _PART
    while True:
        body = piece.read(start, min(start + part, end))
        line = body.find(b"\n") + 1
        # Of a line that goes on behind the part no one knows yet whether it begins a record.
        while line and (body.find(b"\n", line) >= 0 or start + len(body) >= end):
            if line < len(body) and head.match(body, line):
                return start + line
            line = body.find(b"\n", line) + 1
        if start + part >= end:
            return None
        part *= 8
