"""The errors of a log that is fetched: each entry counts once, however often it is fetched and however late it came."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from hypercare.history.problem import HistoryProblem
from hypercare.log_sources.fetched import FetchedLine
from hypercare.logs.incremental import Judged, Reading
from hypercare.logs.log_files import FetchedPieces
from hypercare.logs.log_state import LogState, PieceState, Remembering, recalled, remember
from hypercare.logs.occurrences import Occurrences, hour_of
from hypercare.logs.reading import LogReader, Window

_LOG = logging.getLogger(__name__)


@dataclass
class FetchedErrors:
    """Keeps up with one fetched log; without `memory` from question to question only.

    What is fetched again, since some of it may come late, is known by its ids. What stated a time that had been read
    already counts as having come at once after that reading: no review would see it otherwise.
    """

    memory: Remembering | None
    as_of: datetime
    redacted: Callable[[str], str] = str
    state: LogState | None = None
    _asked_memory: bool = False
    _told_memory: bool = False

    def read(self, reader: LogReader, pieces: FetchedPieces, key: str, window: Window, judged: Judged) -> Reading:
        """All that was seen by now from the start of a window on; `key` says what the reading depends on.

        Raises:
            LogUnreadable: the source is down.
        """
        state = self._state_for(reader.source.name, key, window.start)
        before = state.read_until
        pieces.fetch(state.since if before is None else before - reader.source.late_by)
        log = pieces.log
        if log.gap is not None or log.fetched_at is None:
            return Reading([(pieces.name, one.seen) for one in state.pieces])
        seen = state.pieces[0].seen if state.pieces else Occurrences()
        lines = log.lines if before is None else log.come_since(before)
        for line in lines:
            if _short(line.id) not in state.ids:
                self._judge(reader, line, state, judged, seen)
        ids = frozenset(_short(one.id) for one in log.come_since(log.fetched_at))
        read_so_far = LogState(key, state.since, [PieceState(seen)], log.fetched_at, ids, state.owners)
        self.state = read_so_far.shortened(self.as_of)
        self._remember(reader.source.name, self.state)
        return Reading([(pieces.name, seen)], owners=self.state.owners)

    def _judge(self, reader: LogReader, line: FetchedLine, state: LogState, judged: Judged, into: Occurrences) -> None:
        at = line.at if state.read_until is None else max(line.at, state.read_until)
        if at < state.since:
            return
        record = replace(reader.fetched_record(line.line), at=at)
        into.lines[hour_of(at)] += 1
        word = reader.unknown_word(record)
        if word:
            into.unknown[hour_of(at), word] += 1
        found = judged(record)
        if found is None:
            return
        kind, sample = found
        says = (sample, record.trace_id, record.place)
        into.add(kind, at, recent=False, says=says, person=reader.person_in(record))
        owner = str(record.fields.get("owner") or "")
        if owner:
            state.owners[kind.fingerprint] = owner

    def _state_for(self, log: str, key: str, start: datetime) -> LogState:
        if self.memory is not None and not self._asked_memory:
            self._asked_memory = True
            try:
                self.state = recalled(self.memory, log)
            except (HistoryProblem, SQLAlchemyError) as error:
                self.memory = None
                _LOG.debug("log %s: nothing of it can be remembered: %s", log, error)
        if self.state is None or self.state.key != key or self.state.since > start:
            return LogState(key, start)
        return self.state

    def _remember(self, log: str, state: LogState) -> None:
        if self.memory is None or self._told_memory:
            return
        self._told_memory = True
        try:
            remember(self.memory, log, state, self.as_of, self.redacted)
        except (HistoryProblem, SQLAlchemyError) as error:
            self.memory = None
            _LOG.debug("log %s: nothing of it can be remembered: %s", log, error)


def _short(own_id: str) -> int:
    return int.from_bytes(hashlib.blake2b(own_id.encode("utf-8", "replace"), digest_size=7).digest())
