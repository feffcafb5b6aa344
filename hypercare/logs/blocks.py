"""A piece of a log read from its end, in blocks of whole records, each with where it lies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hypercare.logs.pieces import Piece

BLOCK = 4 << 20
_LONGEST_CARRIED = 64 << 20


@dataclass(frozen=True)
class Block:
    """Whole records of one piece. `last` marks the end of the newest piece: what is there was written last."""

    body: bytes
    offset: int
    last: bool


def blocks_from_end(piece: Piece, head: re.Pattern[bytes]) -> Iterator[Block]:
    """The blocks of a piece, newest first; `head` matches where a record begins.

    A block starts at a record's own first line, so that the lines below a record stay with it. A file that
    shrinks while it is read ends the reading early.
    """
    end = piece.size
    carried = b""
    last = piece.newest
    while end > 0:
        start = max(0, end - BLOCK)
        read = piece.read(start, end)
        if len(read) < end - start:
            return  # it was cut; what is left is read at the next look
        body = read + carried
        cut = 0 if start == 0 or len(body) > _LONGEST_CARRIED else _first_record(body, head)
        if cut is None:
            carried = body
        else:
            carried = body[:cut]
            yield Block(body[cut:], start + cut, last)
            last = False
        end = start


def _first_record(body: bytes, head: re.Pattern[bytes]) -> int | None:
    line = body.find(b"\n") + 1
    while line:
        if head.match(body, line):
            return line
        line = body.find(b"\n", line) + 1
    return None
