"""Reading a log step by step: each reading takes in what was written since the one before, of this round or another."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from hypercare.history.problem import HistoryProblem
from hypercare.logs.blocks import Block
from hypercare.logs.checkpoints import checkpoint_at
from hypercare.logs.filters import ByteFilter
from hypercare.logs.log_state import MOST_RECORDS, LogState, PieceState, Remembering, recalled, remember
from hypercare.logs.occurrences import ErrorKind, Occurrences, hour_of, microseconds
from hypercare.logs.pieces import Piece, readable
from hypercare.logs.reading import DISORDER, LogReader, Window
from hypercare.logs.record import Record

_LOG = logging.getLogger(__name__)
# What a record was judged to be, with its sample; None for one that is no error.
Judged = Callable[[Record], tuple[ErrorKind, str] | None]


@dataclass(frozen=True)
class Reading:
    """What was seen in a log by now, piece by piece with its name. `complete` is False when there was too much.

    `owners` are those that the source itself knows, by the fingerprint of the error.
    """

    pieces: Sequence[tuple[str, Occurrences]]
    complete: bool = True
    owners: Mapping[str, str] = field(default_factory=dict)


@dataclass
class IncrementalReader:
    """Keeps up with one log; without `memory` from question to question only. `redacted` is for what is remembered."""

    memory: Remembering | None
    as_of: datetime
    redacted: Callable[[str], str] = str
    state: LogState | None = None
    _asked_memory: bool = False
    _told_memory: bool = False

    def read(self, reader: LogReader, key: str, window: Window, chosen: ByteFilter | None, judged: Judged) -> Reading:
        """All that was seen by now from the start of a window on; `key` says what the reading depends on.

        Raises:
            LogUnreadable: the log is missing or may not be read.
        """
        state = self._state_for(reader.source.name, key, window.start)
        one = _Pass(reader, replace(window, start=state.since, without=()), chosen, judged, list(state.pieces))
        with reader.pieces.opened() as pieces:
            for piece in readable(pieces):
                if not one.goes_on_after(piece):
                    break
        if one.room <= 0:
            self.state = None
            return Reading(one.seen, complete=False)
        self.state = LogState(key, state.since, one.states).shortened(self.as_of)
        self._remember(reader.source.name, self.state)
        return Reading(one.seen)

    def _remember(self, log: str, state: LogState) -> None:
        if self.memory is None or self._told_memory:
            return
        self._told_memory = True
        try:
            remember(self.memory, log, state, self.as_of, self.redacted)
        except (HistoryProblem, SQLAlchemyError) as error:
            self._do_without_memory(log, error)

    def _do_without_memory(self, log: str, error: Exception) -> None:
        """A history that is not at hand keeps nobody from reading a log."""
        self.memory = None
        _LOG.debug("log %s: nothing of it can be remembered: %s", log, error)

    def _state_for(self, log: str, key: str, start: datetime) -> LogState:
        if self.memory is not None and not self._asked_memory:
            self._asked_memory = True
            try:
                self.state = recalled(self.memory, log)
            except (HistoryProblem, SQLAlchemyError) as error:
                self._do_without_memory(log, error)
        if self.state is None or self.state.key != key or self.state.since > start:
            return LogState(key, start)
        return self.state


@dataclass
class _PieceReading:
    """What is read of a piece: what will not change any more, up to its byte `end`, and its last records, which may."""

    settled: Occurrences = field(default_factory=Occurrences)
    tail: Occurrences = field(default_factory=Occurrences)
    end: int | None = None
    newest: int | None = None
    is_whole: bool = False
    is_older: bool = False
    records: int = 0


@dataclass
class _Pass:
    """Goes once through the pieces of a log from the newest on, and reads what `left` does not have."""

    reader: LogReader
    window: Window
    chosen: ByteFilter | None
    judged: Judged
    left: list[PieceState]
    found: list[PieceState] = field(default_factory=list)
    seen_in: list[tuple[str, Occurrences]] = field(default_factory=list)
    begins: list[datetime | None] = field(default_factory=list)
    room: int = MOST_RECORDS

    @property
    def seen(self) -> Sequence[tuple[str, Occurrences]]:
        return [*self.seen_in, *((self.reader.pieces.name, one.seen) for one in self._gone)]

    @property
    def states(self) -> list[PieceState]:
        return [*self.found, *self._gone]

    @property
    def _gone(self) -> list[PieceState]:
        """What was read of pieces that are not there any more, unless something was written in their stead."""
        return [one for one in self.left if one.newest is not None and self._begins_after(one.newest)]

    def _begins_after(self, newest: int) -> bool:
        return all(begin is not None and microseconds(begin) >= newest for begin in self.begins)

    def goes_on_after(self, packed: Piece) -> bool:
        """Read a piece; whether an older one may matter too."""
        identity = packed.packed_identity
        before = next((one for one in self.left if identity is not None and one.packed == identity), None)
        if before is not None:
            self._found(packed, before)
            return before.checkpoint is not None
        with self.reader.plain(packed) as piece:
            before = next((one for one in self.left if one.checkpoint and one.checkpoint.is_start_of(piece)), None)
            read = self._read(piece, before.checkpoint.end if before and before.checkpoint else 0)
            self.room -= read.records
            if before is None and piece.size and not (read.is_older and not read.settled.lines):
                self.begins.append(self.reader.first_time(piece))
            self._take_in(piece, identity, before, read)
        return self.room > 0 and (before is not None or not read.is_older)

    def _found(self, piece: Piece, state: PieceState) -> None:
        if state in self.left:
            self.left.remove(state)
        self.found.append(state)
        self.seen_in.append((piece.path.name, state.seen))

    def _take_in(
        self, piece: Piece, identity: tuple[int, ...] | None, before: PieceState | None, read: _PieceReading
    ) -> None:
        name = piece.path.name
        if not read.is_whole or (not read.end and identity is None):
            if before is not None:
                self._found(piece, before)
            self.seen_in += [(name, read.settled), (name, read.tail)]
            return
        state = before or PieceState()
        state.seen.update(read.settled)
        state.newest = max((one for one in (state.newest, read.newest) if one is not None), default=None)
        if identity is not None:  # nothing is written into it any more
            state.seen.update(read.tail)
            state.packed = identity
            is_needed = not read.is_older or bool(state.seen.lines)
            state.checkpoint = checkpoint_at(piece, piece.size) if is_needed else None
        else:
            self.seen_in.append((name, read.tail))
            end = read.end or 0
            state.checkpoint = state.checkpoint.further(piece, end) if state.checkpoint else checkpoint_at(piece, end)
        self._found(piece, state)

    def _read(self, piece: Piece, stop: int) -> _PieceReading:
        read = _PieceReading()
        lowest = piece.size
        for block in self.reader.blocks_since(piece, stop, self.window.start - DISORDER):
            if block is None:
                read.is_older = True
                break
            self._add(read, piece, block)
            lowest = block.offset
            if read.records >= self.room:
                break
        read.is_whole = read.is_older or lowest <= stop
        return read

    def _add(self, read: _PieceReading, piece: Piece, block: Block) -> None:
        reader, body = self.reader, block.body
        begin = reader.where_window_begins(body, self.window.start - DISORDER, block.begins)
        cut = len(body)
        if read.end is None:
            last = reader.last_with_a_time(body, begin)
            cut = begin if last is None else last
            read.end = None if last is None else block.offset + last
            newest = reader.latest_near_end(body)
            read.newest = None if newest is None else microseconds(newest)
        for record, start in reader.records_of(piece, block, begin, self.chosen):
            if self.window.holds(record):
                read.records += 1
                self._judge(record, read.settled if start < cut else read.tail)
        read.settled.lines.update(reader.lines_by_hour(block, begin, cut))
        read.tail.lines.update(reader.lines_by_hour(block, cut, len(body)))

    def _judge(self, record: Record, into: Occurrences) -> None:
        word = self.reader.unknown_word(record)
        if word:
            into.unknown[hour_of(record.at or self.reader.now), word] += 1
        found = self.judged(record)
        if found is not None:
            kind, sample = found
            place = record.place.partition(", ")[2]
            says = (sample, record.trace_id, place)
            into.add(kind, record.at, recent=record.recent, says=says, person=self.reader.person_in(record))
