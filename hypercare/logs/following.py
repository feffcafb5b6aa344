"""Keeping up with a log: each look reads what was written since the last one, in this round or one before."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from hypercare.logs import place_in_file, sightings
from hypercare.logs.filters import ByteFilter
from hypercare.logs.pieces import Block, Piece, opened
from hypercare.logs.place_in_file import ReadUpTo, read_up_to
from hypercare.logs.reading import DISORDER, LogReader, Window
from hypercare.logs.record import Record
from hypercare.logs.sightings import Kind, Sightings, hour_of, microseconds

_LOG = logging.getLogger(__name__)
# What a log says of more than so many errors is not kept, and read again.
MOST_RECORDS = 200_000
_MOST_KINDS = 2_000
_MOST_WORDS = 200
_MOST_PIECES = 60
_KEPT_FOR = timedelta(days=15)

# What a record was judged to be, with its sample; None for one that is no error.
Judged = Callable[[Record], tuple[Kind, str] | None]


class Remembering(Protocol):
    """What keeps small pieces of JSON from round to round."""

    def recall(self, name: str) -> Any: ...

    def keep(self, name: str, value: Any, at: datetime) -> None: ...


@dataclass
class Stretch:
    """What was seen of one piece. `newest` is its latest time, in microseconds since 1970.

    `place` is None for a packed one that is older than what was asked for. `packed` tells a packed one that was read to
    its end and need not be unpacked again.
    """

    seen: Sightings = field(default_factory=Sightings)
    place: ReadUpTo | None = None
    packed: tuple[int, ...] | None = None
    newest: int | None = None


@dataclass
class Followed:
    """How far a log was read, by a reading of which `key` says all that it depends on, of what is from `since` on."""

    key: str
    since: datetime
    stretches: list[Stretch] = field(default_factory=list)


@dataclass(frozen=True)
class Look:
    """What is known of a log by now, piece by piece with its name. `complete` is False when there was too much."""

    pieces: Sequence[tuple[str, Sightings]]
    complete: bool = True


@dataclass
class _Reading:
    """What one look reads of a piece: what will not change any more, and its last records, which may."""

    settled: Sightings = field(default_factory=Sightings)
    tail: Sightings = field(default_factory=Sightings)
    end: int | None = None  # up to where it is settled
    newest: int | None = None
    is_whole: bool = False
    is_older: bool = False
    records: int = 0


@dataclass
class Following:
    """Follows the log of one reader; without `memory` from question to question only."""

    memory: Remembering | None
    as_of: datetime
    state: Followed | None = None
    _recalled: bool = False
    _kept: bool = False

    def look(self, reader: LogReader, key: str, window: Window, chosen: ByteFilter | None, judged: Judged) -> Look:
        """All that is known of the window by now; `window` reaches the present.

        Raises:
            LogUnreadable: the log is missing or may not be read.
        """
        state = self._state_for(reader.source.name, key, window.start)
        round_of = _Round(reader, replace(window, start=state.since, without=()), chosen, judged, list(state.stretches))
        with opened(reader.source.path, reader.scratch) as pieces:
            for piece in pieces:
                if not round_of.goes_on_after(piece):
                    break
        look = round_of.look
        self.state = None if not look.complete else self._settled(replace(state, stretches=round_of.stretches))
        if self.state is not None and self.memory is not None and not self._kept:
            self._kept = True
            _keep(self.memory, _name(reader.source.name), self.state, self.as_of)
        return look

    def _state_for(self, log: str, key: str, start: datetime) -> Followed:
        if self.state is None and not self._recalled and self.memory is not None:
            self.state = _recalled(self.memory, _name(log))
            self._recalled = True
        if self.state is None or self.state.key != key or self.state.since > start:
            return Followed(key, start)
        return self.state

    def _settled(self, state: Followed) -> Followed:
        since = max(state.since, self.as_of - _KEPT_FOR)
        first = microseconds(since)
        kept = [one for one in state.stretches if one.place is None or one.newest is None or one.newest >= first]
        if since > state.since:
            for stretch in kept:
                stretch.seen.forget_before(since)
        return replace(state, since=since, stretches=kept[:_MOST_PIECES])


@dataclass
class _Round:
    """One look: goes through the pieces of a log from the newest on, and reads what `left` does not know."""

    reader: LogReader
    window: Window
    chosen: ByteFilter | None
    judged: Judged
    left: list[Stretch]
    known: list[Stretch] = field(default_factory=list)
    pieces: list[tuple[str, Sightings]] = field(default_factory=list)
    begins: list[datetime | None] = field(default_factory=list)
    room: int = MOST_RECORDS

    @property
    def look(self) -> Look:
        gone = [(self.reader.source.path.name, one.seen) for one in self._gone]
        return Look([*self.pieces, *gone], complete=self.room > 0)

    @property
    def stretches(self) -> list[Stretch]:
        return [*self.known, *self._gone]

    @property
    def _gone(self) -> list[Stretch]:
        """What was read of pieces that are not there any more, but for those in whose stead others were written."""
        return [one for one in self.left if one.newest is not None and all(
            begin is not None and microseconds(begin) >= one.newest for begin in self.begins
        )]  # fmt: skip

    def goes_on_after(self, packed: Piece) -> bool:
        """Read a piece; whether an older one may matter too."""
        identity = packed.packed_identity
        known = next((one for one in self.left if identity is not None and one.packed == identity), None)
        if known is not None:
            self._know(packed, known)
            return known.place is not None
        with self.reader.plain(packed) as piece:
            known = next((one for one in self.left if one.place and one.place.is_start_of(piece)), None)
            read = self._read(piece, known.place.end if known and known.place else 0)
            self.room -= read.records
            if known is None and not (read.is_older and not read.settled.lines) and piece.size:
                self.begins.append(self.reader.first_time(piece))
            self._take_in(piece, identity, known, read)
        return self.room > 0 and (known is not None or not read.is_older)

    def _know(self, piece: Piece, stretch: Stretch) -> None:
        if stretch in self.left:
            self.left.remove(stretch)
        self.known.append(stretch)
        self.pieces.append((piece.path.name, stretch.seen))

    def _take_in(self, piece: Piece, identity: tuple[int, ...] | None, known: Stretch | None, read: _Reading) -> None:
        stretch = known or Stretch()
        if not read.is_whole or (read.end is None and identity is None):
            if known is not None:
                self._know(piece, known)
            self.pieces += [(piece.path.name, read.settled), (piece.path.name, read.tail)]
            return
        stretch.seen.update(read.settled)
        stretch.newest = max((one for one in (stretch.newest, read.newest) if one is not None), default=None)
        if identity is not None:  # nothing is written into it any more
            stretch.seen.update(read.tail)
            stretch.packed = identity
            stretch.place = None if read.is_older and not stretch.seen.lines else read_up_to(piece, piece.size)
        else:
            self.pieces.append((piece.path.name, read.tail))
            end = read.end or 0
            stretch.place = stretch.place.further(piece, end) if stretch.place else read_up_to(piece, end)
        self._know(piece, stretch)

    def _read(self, piece: Piece, stop: int) -> _Reading:
        read = _Reading()
        lowest = piece.size
        for block in self.reader.blocks(piece, stop):
            if not block.last and self.reader.is_older(block.body, self.window.start - DISORDER):
                read.is_older = True
                break
            self._add(read, piece, block)
            lowest = block.offset
            if read.records >= self.room:
                break
        read.is_whole = read.is_older or lowest <= stop
        return read

    def _add(self, read: _Reading, piece: Piece, block: Block) -> None:
        reader, body = self.reader, block.body
        begin = reader.where_window_begins(body, self.window.start - DISORDER)
        cut = len(body)
        if read.end is None:
            last = reader.last_with_a_time(body, begin)
            cut = begin if last is None else last
            read.end = None if last is None else block.offset + last
            newest = reader.latest_near_end(body)
            read.newest = None if newest is None else microseconds(newest)
        read.settled.lines.update(reader.lines_by_hour(block, begin, cut))
        read.tail.lines.update(reader.lines_by_hour(block, cut, len(body)))
        for record, start in reader.records_of(piece, block, begin, self.chosen):
            if self.window.holds(record):
                read.records += 1
                self._judge(record, read.settled if start < cut else read.tail)

    def _judge(self, record: Record, into: Sightings) -> None:
        word = self.reader.unknown_word(record)
        if word:
            into.unknown[hour_of(record.at or self.reader.now), word] += 1
        found = self.judged(record)
        if found is not None:
            kind, sample = found
            place = record.place.partition(", ")[2]
            into.add(kind, record.at, recent=record.recent, says=(sample, record.trace_id, place))


def _name(log: str) -> str:
    return f"log: {log}"


def _keep(memory: Remembering, name: str, state: Followed, at: datetime) -> None:
    seen = [one.seen for one in state.stretches]
    many = (sum(one.count for one in seen), sum(len(one.kinds) for one in seen), sum(len(one.unknown) for one in seen))
    if any(number > most for number, most in zip(many, (MOST_RECORDS, _MOST_KINDS, _MOST_WORDS), strict=True)):
        _LOG.debug("%s: too much to be remembered", name)
        return
    stretches = [
        {
            "seen": sightings.as_json(one.seen),
            "place": None if one.place is None else place_in_file.as_json(one.place),
            "packed": one.packed,
            "newest": one.newest,
        }
        for one in state.stretches
    ]
    memory.keep(name, {"key": state.key, "since": state.since.isoformat(), "stretches": stretches}, at)


def _recalled(memory: Remembering, name: str) -> Followed | None:
    value = memory.recall(name)
    if value is None:
        return None
    try:
        return Followed(value["key"], datetime.fromisoformat(value["since"]), [
            Stretch(
                sightings.from_json(one["seen"]),
                None if one["place"] is None else place_in_file.from_json(one["place"]),
                None if one["packed"] is None else tuple(one["packed"]),
                one["newest"],
            )
            for one in value["stretches"]
        ])  # fmt: skip
    except (KeyError, TypeError, ValueError, zlib.error):
        return None  # of another version; the log is read anew
