"""How far a piece of a log was read, told by what it holds: its name and place on the disk may have changed since."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

from hypercare.logs.pieces import Piece

_FIRST = 1024  # bytes
_BEFORE = 256
_MOST_CHECKS = 24


@dataclass(frozen=True)
class Checkpoint:
    """`end` is the byte up to which a piece was read; `first` and `checks` are (place, sum) of some bytes before it."""

    end: int
    first: tuple[int, int]
    checks: tuple[tuple[int, int], ...]

    def is_start_of(self, piece: Piece) -> bool:
        """Whether a piece still begins with what was read: it may be another, cut or written anew."""
        if piece.size < self.end or _sum(piece, 0, self.first[0]) != self.first[1]:
            return False
        return all(_sum(piece, max(0, place - _BEFORE), place) == total for place, total in self.checks)

    def further(self, piece: Piece, end: int) -> Checkpoint:
        """The same once the piece was read up to `end`."""
        return checkpoint_at(piece, end, tuple(place for place, _ in self.checks if place < end))


def checkpoint_at(piece: Piece, end: int, before: tuple[int, ...] = ()) -> Checkpoint:
    """What tells later that a piece was read up to `end`; `before` are places that tell of it as well."""
    length = min(_FIRST, end)
    some = before or tuple(end * number // _MOST_CHECKS for number in range(1, _MOST_CHECKS))
    places = sorted({*some, end})
    while len(places) > _MOST_CHECKS:
        places = places[::2] if places[-1] == places[::2][-1] else [*places[::2], places[-1]]
    checks = tuple((place, _sum(piece, max(0, place - _BEFORE), place)) for place in places)
    return Checkpoint(end, (length, _sum(piece, 0, length)), checks)


def as_json(place: Checkpoint) -> list[Any]:
    return [place.end, list(place.first), [list(check) for check in place.checks]]


def from_json(value: list[Any]) -> Checkpoint:
    """Raises TypeError or ValueError where it is none of ours."""
    end, (length, total), checks = value
    return Checkpoint(end, (length, total), tuple((at, one) for at, one in checks))


def _sum(piece: Piece, start: int, end: int) -> int:
    return zlib.crc32(piece.read(start, end))
