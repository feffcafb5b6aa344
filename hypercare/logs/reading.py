"""Reading a stretch of time from a log: bytes are filtered first, and only what may matter is parsed."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import chain
from pathlib import Path

from hypercare.extras import install
from hypercare.log_levels.gravity import is_followed
from hypercare.log_sources.fetched import PLACE
from hypercare.logs.blocks import Block, blocks_from_end, lines_of
from hypercare.logs.coverage import Understood, measured, unknown_level
from hypercare.logs.encoding import in_utf8, text_of
from hypercare.logs.filters import ByteFilter
from hypercare.logs.log_files import LogFile, LogPieces
from hypercare.logs.occurrences import hour_of, hours_between
from hypercare.logs.pieces import Piece, readable, unpacked
from hypercare.logs.record import Record, RecordFormat
from hypercare.logs.record_spans import LINES_OF_A_RECORD, spans_of_records, start_of_record
from hypercare.logs.sampling import Sample, sample_of
from hypercare.logs.understanding import Understanding, spread, understand
from hypercare.outcome.finding import SAMPLE_SIZE
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from hypercare.target_file.sections.logs import LogSource

_LOG = logging.getLogger(__name__)
# Lines of several processes interleave, and a clock may be put back: a block is left out only when it is older by more.
DISORDER = timedelta(minutes=90)
_NEAR_ENOUGH = 1 << 14
_PROBES = 9
_LAST_LINES = 40
_FIRST_PART = 64 << 10
_MANY_OLDER = 4 << 20
_LINES_OF_A_TAIL = 5_000
_MANY_HOURS = timedelta(days=40)
_PREFIX_OF_SQL_SERVER = 35  # characters: a time and the process


@dataclass(frozen=True)
class Window:
    """From `start` on, but for some times; `end` is None when whatever was written up to the present belongs to it."""

    start: datetime
    end: datetime | None
    without: tuple[Period, ...] = ()

    def holds(self, record: Record) -> bool:
        if record.recent or record.at is None:
            return self.end is None
        if any(record.at in period for period in self.without):
            return False
        return self.start <= record.at and (self.end is None or record.at < self.end)


@dataclass
class Tally:
    """How many lines a reader has gone through, be they parsed or not."""

    lines: int = 0
    unknown: Counter[str] = field(default_factory=Counter)


@dataclass
class _Read:
    """How much of a piece was read, and from where on."""

    offset: int
    size: int = 0

    def append(self, block: Block) -> None:
        self.offset = block.offset
        self.size += len(block.body)


@dataclass(frozen=True)
class LogReader:
    """Reads one log. How it is written is told from a sample when it is first asked, which may raise LogUnreadable.

    `fetched` is where its lines are if it is no file.
    """

    source: LogSource
    now: datetime
    scratch: Path
    fetched: LogPieces | None = None
    tally: Tally = field(default_factory=Tally, compare=False)

    @cached_property
    def pieces(self) -> LogPieces:
        return self.fetched or LogFile(self.source.file, self.scratch)

    @cached_property
    def form(self) -> RecordFormat:
        return RecordFormat(self.source, self.now, understand(self.source, self.now, self._sample))

    @cached_property
    def understood(self) -> Understood:
        """What of the sample could be judged."""
        return measured(self.form, self._sample)

    @property
    def understanding(self) -> Understanding:
        return self.form.understood

    @property
    def has_lasting_offsets(self) -> bool:
        """Whether its bytes stay where they are: of two bytes a letter they are made others, each time anew."""
        return not self.understanding.encoding.startswith("utf-16")

    def unknown_word(self, record: Record) -> str | None:
        """The level of a record that is none that is known, where the sample showed that levels stand there."""
        if not record.gravity and (record.fields or self.understanding.text_levels.is_column):
            return unknown_level(record, self.form)
        return None

    def person_in(self, record: Record) -> str:
        """To whom it happened, where the log of an application says so."""
        if not record.fields or self.source.holds == "database":
            return ""
        return str(self.form.value(record.fields, "user") or "")

    @property
    def level_gap(self) -> NotCovered | None:
        figures, tally = self.understood, self.tally
        if tally.unknown.total() <= figures.unknown.total():
            return figures.level_gap
        # What was read has more of them than the sample, and is what they are told of.
        records = max(figures.records, tally.lines)
        return replace(figures, unknown=figures.unknown | tally.unknown, records=records).level_gap

    @property
    def sample_lines(self) -> list[str]:
        encoding = self.understanding.parts_encoding
        return [line.decode(encoding, "replace") for line in spread(self._sample.lines)]

    @cached_property
    def _sample(self) -> Sample:
        return sample_of(self.pieces, self.scratch, self.source.encoding)

    def records(self, window: Window, chosen: ByteFilter | None = None) -> Iterator[Record]:
        """The records of the window that `chosen` finds worth parsing, or all of them.

        Raises:
            LogUnreadable: the log is missing or may not be read.
        """
        for piece, block in self._blocks(window):
            begin = self.where_window_begins(block.body, window.start - DISORDER, block.begins)
            self.tally.lines += block.lines - block.body.count(b"\n", 0, begin)
            yield from (record for record, _ in self.records_of(piece, block, begin, chosen) if window.holds(record))

    def records_of(
        self, piece: Piece, block: Block, begin: int, chosen: ByteFilter | None
    ) -> Iterator[tuple[Record, int]]:
        """The records of a block from its byte `begin` on that are chosen, each with the byte at which it starts."""
        places = None if chosen is None else chosen(block)
        for start, end in spans_of_records(block.body, places, begin, self.form.head):
            yield self._placed(piece, block, start, end), start

    def blocks_since(self, piece: Piece, stop: int, start: datetime) -> Iterator[Block | None]:
        """The blocks of a piece down to its byte `stop`, newest first, but for those that are older than an instant.

        Ends with None where so many are older that no more are read.
        """
        older = 0
        with self._noted(piece) as read:
            for block in blocks_from_end(piece, self.form.head, stop):
                read.append(block)
                begins = self._time_near(block.body, 0)
                is_young = block.last or (begins is not None and begins >= start)
                if is_young or not self.is_older(block.body, start):
                    older = 0
                    yield replace(block, begins=begins)
                    continue
                older += len(block.body)
                if older >= _MANY_OLDER or block.offset == stop:
                    yield None
                    return

    def newest(self) -> datetime | None:
        """The latest time that the last lines of the log state; None when no line states one."""
        with self.pieces.opened() as pieces:
            for packed in readable(pieces)[:3]:
                with self.plain(packed) as piece:
                    for block in blocks_from_end(piece, self.form.head):
                        latest = self.latest_near_end(block.body)
                        if latest is not None:
                            return latest
        return None

    def last_times(self, start: datetime) -> list[datetime]:
        """The times of the lines since `start` in the order in which they were written, as far as one block goes."""
        with self.pieces.opened() as pieces:
            block = None
            for packed in readable(pieces)[:1]:
                with self.plain(packed) as piece:
                    block = next(blocks_from_end(piece, self.form.head), None)
            if block is None:
                return []
            recent = block.body[self.where_window_begins(block.body, start) :]
            lines = (line for line in recent.splitlines() if self.form.head.match(line))
            times = [at for at in map(self.form.time_at, lines) if at is not None]
        return [at for at in times if at >= start]

    def is_current_there(self) -> bool:
        """Whether the log stands under its own name, or only as rotated pieces."""
        with self.pieces.opened() as pieces:
            return self.pieces.file is None or pieces[0].path == self.pieces.file

    def packed_gap(self, start: datetime) -> NotCovered | None:
        """What of the log since an instant is packed in a way that nothing here unpacks, or could not be fetched."""
        gap = self.pieces.gap_since(start)
        if gap is not None or self.fetched is not None:
            return gap
        with self.pieces.opened() as pieces:
            names = [one.path.name for one in pieces if not one.can_be_unpacked and one.written >= start]
        if not names:
            return None
        return NotCovered(
            f"{', '.join(names[:SAMPLE_SIZE])} of the log {self.source.name} cannot be unpacked: no library for it"
            " is installed.",
            remedy=f"Install it: {install('logs')}.",
        )

    @contextmanager
    def plain(self, packed: Piece) -> Iterator[Piece]:
        """A piece as it can be read: unpacked, and in bytes of one encoding."""
        with (
            unpacked(packed, self.scratch) as piece,
            in_utf8(piece, self.form.understood.encoding, self.scratch) as plain,
        ):
            yield plain

    def _blocks(self, window: Window) -> Iterator[tuple[Piece, Block]]:
        with self.pieces.opened(window.start) as pieces:
            for packed in readable(pieces):
                with self.plain(packed) as piece:
                    for block in self.blocks_since(piece, 0, window.start - DISORDER):
                        if block is None:
                            return
                        yield piece, block

    @contextmanager
    def _noted(self, piece: Piece) -> Iterator[_Read]:
        """Tell the own log how much of a piece was read, however soon who reads has enough."""
        read = _Read(piece.size)
        try:
            yield read
        finally:
            name, path = self.source.name, piece.path
            _LOG.debug("log %s: %d bytes of %s read, from byte %d on", name, read.size, path, read.offset)

    def where_window_begins(self, body: bytes, start: datetime, begins: datetime | None = None) -> int:
        """The place of a record before which all are older than `start`: halved to, as records are nearly in order.

        `begins` is the time of the first one, where it is known.
        """
        low, high = 0, len(body)
        first = begins or self._time_near(body, 0)
        if first is not None and first >= start:
            return 0
        while high - low > _NEAR_ENOUGH:
            middle = body.rfind(b"\n", low, (low + high) // 2) + 1 or low
            at = self._time_near(body, middle)
            if middle > low and at is not None and at < start:
                low = middle
            else:
                high = (low + high) // 2
        return start_of_record(body, low, self.form.head)

    def first_time(self, piece: Piece) -> datetime | None:
        """The time of the first record of a piece that states one; None where its first part has none."""
        part = piece.read(0, min(piece.size, _FIRST_PART))
        return self._time_near(part, 0) if part else None

    def last_with_a_time(self, body: bytes, begin: int) -> int | None:
        """Where the last record of a block starts that states a time; None where none of its last lines does."""
        end = len(body)
        for _ in range(_LINES_OF_A_TAIL):
            start = body.rfind(b"\n", begin, max(end - 1, begin)) + 1 or begin
            if self.form.head.match(body, start) and self.form.time_at(body[start:end]) is not None:
                return start
            if start <= begin:
                break
            end = start
        return None

    def lines_by_hour(self, block: Block, begin: int, end: int) -> Counter[int]:
        """How many lines stand between two bytes of a block, by the hour since 1970 in which they were written."""
        if begin >= end:
            return Counter()
        body = block.body
        first = (block.begins if begin == 0 else None) or self._time_near(body, begin) or self.now
        last = self._time_above(body, end) or self.now
        left = block.lines - body.count(b"\n", 0, begin)
        if end < len(body):
            left -= body.count(b"\n", end) + (not body.endswith(b"\n"))
        found: Counter[int] = Counter()
        if last - first > _MANY_HOURS:
            first = last
        for hour in hours_between(first, last):
            place = min(max(self.where_window_begins(body, hour, block.begins), begin), end)
            number = lines_of(body[begin:place])
            found[hour_of(hour) - 1] += number
            left, begin = left - number, place
        found[hour_of(last)] += left
        return +found

    def is_older(self, body: bytes, start: datetime) -> bool:
        """Whether all of a few lines spread over a block, and its last ones, are from before an instant."""
        spots = (self._time_near(body, len(body) * number // _PROBES) for number in reversed(range(_PROBES)))
        states_times = False
        for at in chain(spots, self._times_near_end(body)):
            if at is not None and at >= start:
                return False
            states_times = states_times or at is not None
        return states_times

    def latest_near_end(self, body: bytes) -> datetime | None:
        return max((at for at in self._times_near_end(body) if at is not None), default=None)

    def _times_near_end(self, body: bytes) -> Iterator[datetime | None]:
        end = len(body)
        for _ in range(_LAST_LINES):
            start = body.rfind(b"\n", 0, max(end - 1, 0)) + 1
            if self.form.head.match(body, start):
                yield self.form.time_at(body[start:end])
            if start == 0:
                return
            end = start

    def _time_near(self, body: bytes, spot: int) -> datetime | None:
        """The time of the first record at or below `spot`."""
        start = body.rfind(b"\n", 0, spot) + 1
        for _ in range(LINES_OF_A_RECORD):
            end = body.find(b"\n", start)
            end = len(body) if end < 0 else end
            if self.form.head.match(body, start):
                at = self.form.time_at(body[start:end])
                if at is not None:
                    return at
            start = end + 1
            if start >= len(body):
                break
        return None

    def _time_above(self, body: bytes, end: int) -> datetime | None:
        for _ in range(LINES_OF_A_RECORD):
            if end <= 0:
                break
            start = body.rfind(b"\n", 0, end - 1) + 1
            at = self.form.time_at(body[start:end]) if self.form.head.match(body, start) else None
            if at is not None:
                return at
            end = start
        return None

    def fetched_record(self, line: bytes) -> Record:
        """The record that a line of a fetched log holds, with the place by which its source finds it again."""
        record = self.form.record(line, "")
        return replace(record, place=str(record.fields.get(PLACE) or ""))

    def _placed(self, piece: Piece, block: Block, start: int, end: int) -> Record:
        body = block.body
        place = f"{piece.path.name}, byte {block.offset + start:,}"
        record = self.form.record(body[start:end], place)
        if self.fetched is not None:
            return replace(record, place=f"{piece.path.name}, {record.fields.get(PLACE, '')}")
        at_end = block.last and end >= len(body)
        if is_followed(record.message):
            next_line = text_of(body[end : body.find(b"\n", end)], self.understanding.parts_encoding)
            record = replace(record, message=f"{record.message} {next_line[_PREFIX_OF_SQL_SERVER:].strip()}")
        if record.timed:
            return replace(record, recent=True) if at_end and record.told_below else record
        below = self._time_near(body, end) if end < len(body) else None
        recent = block.last and below is None
        at = self._time_above(body, start) or below
        return replace(record, at=at, recent=recent)
