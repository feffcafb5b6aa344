"""A sample of a log: whole lines from the head, the middle and the end of its newest pieces."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hypercare.logs.encoding import encoding_of, in_utf8
from hypercare.logs.log_files import LogPieces
from hypercare.logs.pieces import readable, unpacked

_PART = 48 << 10
_ENOUGH_LINES = 40
_MOST_PIECES = 3


@dataclass(frozen=True)
class Sample:
    """Whole lines of a log from several places, and the first bytes of its file, where its encoding may be named."""

    first: bytes = b""
    lines: tuple[bytes, ...] = ()


def sample_of(log: LogPieces, scratch: Path, encoding: str | None) -> Sample:
    """Raises LogUnreadable where the log is missing or may not be read."""
    first = b""
    lines: list[bytes] = []
    with log.opened() as pieces:
        for packed in readable(pieces)[:_MOST_PIECES]:
            with unpacked(packed, scratch) as raw:
                head = raw.read(0, min(raw.size, 4096))
                first = first or head
                with in_utf8(raw, encoding or encoding_of(head, head), scratch) as piece:
                    found = [
                        line
                        for start, end in _places(piece.size)
                        for line in _lines(piece.read(start, end), begins=start == 0, ends=end >= piece.size)
                    ]
            lines = found + lines
            if len(lines) >= _ENOUGH_LINES:
                break
    named = [line for line in first.split(b"\n") if line.startswith(b"#Fields:")]
    return Sample(first, (*named[:1], *lines))


def _places(size: int) -> list[tuple[int, int]]:
    if size <= 4 * _PART:
        return [(0, size)]
    middle = size // 2
    return [(0, _PART), (middle, middle + _PART), (size - 2 * _PART, size)]


def _lines(part: bytes, *, begins: bool, ends: bool) -> list[bytes]:
    """Whole lines: the first of a part that begins within the file may be half of one, and so may its last."""
    lines = part.split(b"\n")
    return lines[(0 if begins else 1) : (None if ends else -1)]
