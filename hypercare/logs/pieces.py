"""A log and its rotated pieces: found, and opened so that a rotation in the meantime loses and doubles nothing."""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from hypercare.outcome.signals import MonitorFault
from hypercare.packed_files import PACKED, can_be_unpacked, parts_of

_COMPARED = 4096  # bytes at each end
_TRIES = 5
_PAUSE = 0.1  # seconds; a rotation renames and creates within a few milliseconds
BLOCK = 1 << 18
_LONGEST_RECORD = 64 << 20
_PART = 4 << 10
_SPREAD = 8


class LogUnreadable(Exception):
    """A log cannot be read at all; `reason` is a few plain words."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


@dataclass(frozen=True)
class Piece:
    """One open file of a log. `newest` marks the one that is being written."""

    path: Path
    file: IO[bytes]
    size: int
    newest: bool

    def read(self, start: int, end: int) -> bytes:
        # Not mapped into memory: a log that is cut to zero while it is mapped kills the reader with SIGBUS.
        return os.pread(self.file.fileno(), end - start, start)

    @property
    def packed_identity(self) -> tuple[int, ...] | None:
        """What tells a packed file, which is written once, from any other; None of one that is not packed."""
        if self.path.suffix not in PACKED:
            return None
        status = os.fstat(self.file.fileno())
        return status.st_ino, status.st_size, status.st_mtime_ns

    @property
    def can_be_unpacked(self) -> bool:
        """Whether it is not packed, or something here unpacks it."""
        return can_be_unpacked(self.path.suffix)

    @property
    def written(self) -> datetime:
        """When it was last written, or what it was packed from."""
        return datetime.fromtimestamp(os.fstat(self.file.fileno()).st_mtime, UTC)

    def is_copy_of(self, other: Piece) -> bool:
        """Whether it holds what stands at the start of another: one that is copied or packed at this moment."""
        if self.path.suffix in PACKED:
            if self.path.stem != other.path.name:
                return False
            begin = next(parts_of(self.file, self.path.suffix, _COMPARED), b"")
            return other.read(0, len(begin)) == begin
        if not 0 < self.size <= other.size:
            return False
        ends = ((0, min(self.size, _COMPARED)), (max(0, self.size - _COMPARED), self.size))
        return all(self.read(*end) == other.read(*end) for end in ends)


def rotated(path: Path) -> list[Path]:
    """The rotated pieces beside `path`, newest first: x.1, x.2.gz, x-20260115, and app.2026-01-15.log for app.log."""
    # Behind a date the time, seconds since 1970 or a number of its own.
    tail = r"(?P<mark>\d{1,3}|\d{4}-?\d\d-?\d\d(?:[-_.T]?\d{1,10}(?:[-:]\d\d){0,2})?)"
    packed = rf"(?:{'|'.join(map(re.escape, PACKED))})?"
    whole = re.compile(rf"{re.escape(path.name)}[.-]{tail}{packed}")
    inside = re.compile(rf"{re.escape(path.stem)}[.-]{tail}{re.escape(path.suffix)}{packed}")
    found: list[tuple[tuple[int, int], Path]] = []
    for other in path.parent.iterdir():
        match = whole.fullmatch(other.name) or inside.fullmatch(other.name)
        if match and other.is_file():
            found.append((_age(match["mark"]), other))
    return [piece for _, piece in sorted(found, key=lambda pair: (pair[0], pair[1].name))]


def _age(mark: str) -> tuple[int, int]:
    # Counted pieces grow older as the count grows, dated ones as the date shrinks.
    return (0, int(mark)) if len(mark) <= 3 else (1, -int(re.sub(r"\D", "", mark).ljust(18, "0")))


@contextmanager
def opened(path: Path, scratch: Path) -> Iterator[list[Piece]]:
    """All pieces of a log, newest first, each an open file that a rotation no longer touches.

    Packed pieces are unpacked into nameless files in `scratch` only when the caller gets to them.

    Raises:
        LogUnreadable: the log is missing or may not be read.
    """
    pieces: list[Piece] = []
    try:
        for _ in range(_TRIES):
            pieces = _open_all(path)
            if not pieces or _still_current(path, pieces[0]):
                break
            _close(pieces)
        if not pieces:
            raise LogUnreadable(path, "there is no such file")
        yield pieces
    finally:
        _close(pieces)


def _open_all(path: Path) -> list[Piece]:
    current = _open_current(path)
    pieces = [] if current is None else [current]
    identities = {_identity(piece.file) for piece in pieces}
    try:
        older = rotated(path)
    except OSError:
        older = []
    for other in older:
        try:
            file = other.open("rb")
        except OSError:
            continue  # it was rotated away a moment ago, and is met again under its next name
        if _identity(file) in identities:
            file.close()
            continue
        identities.add(_identity(file))
        pieces.append(Piece(other, file, os.fstat(file.fileno()).st_size, newest=not pieces))
    return _without_copies(pieces)


def _without_copies(pieces: Sequence[Piece]) -> list[Piece]:
    """Without those that a rotation is making at this moment of what still stands beside them."""
    distinct: list[Piece] = []
    for piece in pieces:
        if any(piece.is_copy_of(other) for other in distinct):
            piece.file.close()
        else:
            distinct.append(piece)
    return distinct


def _open_current(path: Path) -> Piece | None:
    for _ in range(_TRIES):
        try:
            if path.is_dir():
                raise LogUnreadable(path, "it is a folder, not a file")
            file = path.open("rb")
        except FileNotFoundError:
            if not path.parent.is_dir():
                raise LogUnreadable(path, "its folder is not there") from None
            time.sleep(_PAUSE)
            continue
        except OSError as error:
            raise LogUnreadable(path, (error.strerror or type(error).__name__).lower()) from None
        return Piece(path, file, os.fstat(file.fileno()).st_size, newest=True)
    return None


def _still_current(path: Path, piece: Piece) -> bool:
    try:
        status = path.stat()
    except OSError:
        return True
    return (status.st_dev, status.st_ino) == _identity(piece.file)


def _identity(file: IO[bytes]) -> tuple[int, int]:
    status = os.fstat(file.fileno())
    return status.st_dev, status.st_ino


def _close(pieces: list[Piece]) -> None:
    for piece in pieces:
        piece.file.close()


def readable(pieces: Sequence[Piece]) -> list[Piece]:
    """Those that something here unpacks, or that are not packed."""
    return [piece for piece in pieces if piece.can_be_unpacked]


@contextmanager
def unpacked(piece: Piece, scratch: Path) -> Iterator[Piece]:
    """The piece itself, or its content in a nameless file. What a damaged pack still gives is read."""
    if piece.path.suffix not in PACKED:
        yield piece
        return
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=scratch) as plain:
        try:
            plain.writelines(parts_of(piece.file, piece.path.suffix))
            plain.flush()
        except OSError as error:
            raise MonitorFault(
                f"{piece.path.name} cannot be unpacked into {scratch}: {(error.strerror or str(error)).lower()}",
                remedy="Make room there; it takes as much as the log has before it is packed.",
            ) from None
        yield Piece(piece.path, plain, os.fstat(plain.fileno()).st_size, piece.newest)
