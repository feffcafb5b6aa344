"""Readers of the logs that a target file names, be they files or fetched, and what a session keeps of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hypercare.log_sources.arrivals import RememberedArrivals
from hypercare.log_sources.fetched import FetchedLog
from hypercare.logs.fetched_errors import FetchedErrors
from hypercare.logs.filters import ByteFilter
from hypercare.logs.incremental import IncrementalReader, Judged, Reading
from hypercare.logs.log_files import FetchedPieces
from hypercare.logs.log_state import Remembering
from hypercare.logs.pieces import LogUnreadable
from hypercare.logs.reading import LogReader, Window
from hypercare.outcome.finding import Finding
from hypercare.outcome.intake import took_in
from hypercare.outcome.signals import ChannelDown, MonitorFault, NotCovered
from hypercare.target_file.sections.logs import LogSource
from hypercare.target_file.target import Target

if TYPE_CHECKING:
    from hypercare.database.database import Database

_FORMATS = {"json", "jsonl", "json lines", "ndjson", "python", "text", "plain", "access", "combined", "common"}


@dataclass
class LogReaders:
    """Makes a reader for each question; what was read of errors is kept, and in `memory` from round to round.

    `database` gives the target's, for tables of errors; without it one is opened, until `close`.
    """

    target: Target
    memory: Remembering | None = None
    database: Callable[[], Database] | None = None
    _fetched: dict[str, FetchedLog] = field(default_factory=dict)
    _incremental: dict[str, IncrementalReader] = field(default_factory=dict)
    _fetched_errors: dict[str, FetchedErrors] = field(default_factory=dict)
    _own_database: Database | None = None

    def each(self, *holding: str) -> Iterator[LogReader]:
        """Raises NotCovered where no log is named, MonitorFault where the form of one is unknown."""
        sources = self.target.config.logs
        if not sources:
            raise NotCovered("the target file names no logs", remedy="Add a [[logs]] section for each log.")
        for source in sources:
            if source.holds in holding:
                yield self.of(source)

    def of(self, source: LogSource) -> LogReader:
        """A reader for one question. Raises MonitorFault where the form of the log is unknown."""
        if source.format.lower() not in _FORMATS:
            raise MonitorFault(
                f"the log {source.name} has the unknown format {source.format!r}",
                remedy='Write format = "json", "python", "text" or "access".',
            )
        scratch = self.target.state / "unpacked-logs"
        pieces = None
        if source.path is None:
            usual = self.target.since_last_round.start - source.late_by
            silent = self.target.as_of - (source.silent_after or source.late_by)
            pieces = FetchedPieces(self._log(source), min(usual, silent), scratch)
        return LogReader(source, self.target.now(), scratch, pieces)

    def errors_in(
        self, reader: LogReader, key: str, window: Window, chosen: Callable[[], ByteFilter | None], judged: Judged
    ) -> Reading:
        """What is known of the errors in a log by now, of which only what is new is read. Raises LogUnreadable."""
        name, as_of, redacted = reader.source.name, self.target.as_of, self.target.redactor.text
        is_remembered = not self.target.is_replay and reader.has_lasting_offsets
        if isinstance(reader.fetched, FetchedPieces):
            if not is_remembered:
                return FetchedErrors(None, as_of).read(reader, reader.fetched, key, window, judged)
            fetched = self._fetched_errors.setdefault(name, FetchedErrors(self.memory, as_of, redacted))
            return fetched.read(reader, reader.fetched, key, window, judged)
        if not is_remembered:
            return IncrementalReader(None, as_of).read(reader, key, window, chosen(), judged)
        incremental = self._incremental.setdefault(name, IncrementalReader(self.memory, as_of, redacted))
        return incremental.read(reader, key, window, chosen(), judged)

    def close(self) -> None:
        if self._own_database is not None:
            self._own_database.close()
            self._own_database = None

    def _log(self, source: LogSource) -> FetchedLog:
        if source.name not in self._fetched:
            from hypercare.log_sources.factory import entry_source

            entries = entry_source(source, self.target, self.database or self._opened_database)
            assert entries is not None
            arrivals = RememberedArrivals(source, None if self.target.is_replay else self.memory)
            self._fetched[source.name] = FetchedLog(source, entries, self.target.now, arrivals)
        return self._fetched[source.name]

    def _opened_database(self) -> Database:
        from hypercare.database.database import Database

        self._own_database = self._own_database or Database(self.target)
        return self._own_database


@contextmanager
def translated(reader: LogReader) -> Iterator[None]:
    """Turn a log that cannot be read into a way in that is down."""
    try:
        yield
    except LogUnreadable as trouble:
        raise ChannelDown("logs", _unreadable(reader.source, trouble), address=str(trouble.path)) from None


@contextmanager
def unless_remote_is_down(reader: LogReader, down: list[ChannelDown]) -> Iterator[None]:
    """Go on without a log that is no file and cannot be read, which is noted; any other stops whoever reads."""
    try:
        yield
    except ChannelDown as closed:
        if reader.fetched is None:
            raise
        down.append(closed)


def _unreadable(source: LogSource, trouble: LogUnreadable) -> Finding:
    return Finding(
        sentence=f"The log {source.name} cannot be read: {trouble.reason}.",
        sample=({"log": source.name, "file": str(trouble.path), "trouble": trouble.reason},),
        where=str(trouble.path),
        next_step="See whether the application still writes it, whether the disk is full, and who may read it."
        if source.path is not None
        else "See whether it is there and answers this machine; until then an error would go unseen.",
        cause=f"log-unreadable:{source.name}",
    )


def note_intake(reader: LogReader) -> None:
    """Tell how much was read of a log; as many parts are understood as of its sample."""
    figures = reader.understood
    read = reader.tally.lines or figures.lines
    parts = figures.scaled(read)
    understood = 0 if figures.time_gap else parts["with a time"] if figures.level_gap is None else parts["with a level"]
    took_in(reader.source.name, "lines", read, min(read, understood), parts)
