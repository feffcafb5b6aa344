"""Starts, stops and crashes as the logs tell of them, remembered from round to round, and what was no orderly one."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from hypercare.history.problem import HistoryProblem
from hypercare.logs.errors import essence, shortened
from hypercare.logs.log_state import Remembering
from hypercare.logs.logs import Logs
from hypercare.outcome.finding import Row
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from hypercare.stability.process_words import SIGNS, ProcessEvent, event_in
from hypercare.target_file.target import Target

_LOG = logging.getLogger(__name__)
_NAME = "starts and crashes"
_VERSION = 1
_READ_BACK = timedelta(days=7)
_DAYS_REMEMBERED = timedelta(days=60)
_MOST_EVENTS = 1_000
# Several lines of one start; a start that takes longer tells of itself once more at most.
_ONE_START = timedelta(minutes=2)
_LEAST_STOPS = 2
_MOST_WITHOUT_STOP = 0.25
# Where one instance takes over from another, the new one starts before the old one stops.
_TAKING_OVER = timedelta(minutes=5)
# Several instances of a new version start one after the other, and are done sooner than that.
LOOP_OF, LOOP_WITHIN, _LOOP_LASTS = 4, timedelta(hours=1), timedelta(minutes=15)


@dataclass(frozen=True)
class Event:
    """What one line tells of a process; `place` is where it stands in its log."""

    at: datetime
    log: str
    kind: ProcessEvent
    says: str
    place: str

    def row(self) -> Row:
        return {
            "at": self.at.isoformat(timespec="seconds"),
            "log": self.log,
            "says": self.says,
            "where": self.place,
        }


class Restarts:
    """Reads the logs of application and database for what they tell of their processes, once a session.

    `memory` holds the events of the last sixty days, so that a round reads what came since the one before.
    """

    def __init__(self, target: Target, logs: Logs, memory: Remembering | None = None) -> None:
        self._target = target
        self._logs = logs
        self._memory = None if target.is_replay else memory
        self._events: Sequence[Event] | None = None
        self.where = ", ".join(one.name for one in target.config.logs if one.holds != "access")

    @property
    def events(self) -> Sequence[Event]:
        """In the order of time.

        Raises:
            NotCovered: no log tells of the application or the database, or its lines cannot be placed in time.
            ChannelDown: a log cannot be read.
        """
        if self._events is None:
            self._events = self._read()
        return self._events

    def starts(self, period: Period) -> int:
        """How often a process began in a period, as far as its log says so."""
        return sum(one.at in period for one in first_of_each_start(self.events))

    def crashes(self, period: Period) -> Found:
        """Lines that tell of a crash."""
        crashed = [one for one in self.events if one.kind is ProcessEvent.CRASH and one.at in period]
        return Found.of_rows((one.row() for one in crashed), where=self.where)

    def unexplained_starts(self, period: Period) -> Found:
        """Starts without a stop before them, where the log has a stop before nearly each of its other starts."""
        found: list[Event] = []
        for events in self._by_log():
            bare = [one for one, stopped in starts_with_stop(events) if not stopped]
            all_starts = list(starts_with_stop(events))
            stops = sum(one.kind is ProcessEvent.STOP for one in events)
            is_usual = stops >= _LEAST_STOPS and len(bare) <= max(1, _MOST_WITHOUT_STOP * len(all_starts))
            found += [one for one in bare if is_usual and one.at in period]
        return Found.of_rows((one.row() for one in found), where=self.where)

    def loops(self, period: Period) -> Found:
        """Starts of which four or more followed each other within an hour, without a stop in between."""
        found: list[Event] = []
        for events in self._by_log():
            bare = [one for one, stopped in starts_with_stop(events) if not stopped and one.at in period]
            near = (
                bare[place : place + LOOP_OF]
                for place in range(len(bare) - LOOP_OF + 1)
                if _LOOP_LASTS <= bare[place + LOOP_OF - 1].at - bare[place].at <= LOOP_WITHIN
            )
            found += sorted({one for some in near for one in some}, key=lambda one: one.at)
        return Found.of_rows((one.row() for one in found), where=self.where)

    def _by_log(self) -> Iterator[list[Event]]:
        for log in dict.fromkeys(one.log for one in self.events):
            yield [one for one in self.events if one.log == log]

    def _read(self) -> Sequence[Event]:
        target = self._target
        until, remembered = self._recalled()
        period = Period(until or self._first_instant(), target.as_of)
        gaps: list[NotCovered] = []
        found = list(remembered)
        for record in self._logs.each_record(period, SIGNS, gaps):
            says = essence(record)
            kind = event_in(says)
            if kind is not None and record.at is not None and record.at in period:
                text = target.redactor.text(shortened(says))
                found.append(Event(record.at, record.source, kind, text, record.place))
        if gaps and not found:
            raise gaps[0]
        events = sorted(found, key=lambda one: one.at)
        self._remember(events)
        return events

    def _first_instant(self) -> datetime:
        calendar = self._target.calendar
        today = calendar.date_of(self._target.as_of)
        first = max(today - _READ_BACK, min(calendar.go_live, today))
        return calendar.at(first, time.min)

    @property
    def _key(self) -> str:
        sources = [one.model_dump(mode="json") for one in self._target.config.logs if one.holds != "access"]
        return sha256(json.dumps([_VERSION, sources], sort_keys=True).encode()).hexdigest()[:16]

    def _recalled(self) -> tuple[datetime | None, Sequence[Event]]:
        if self._memory is None:
            return None, ()
        try:
            value = self._memory.recall(_NAME)
            if value is None or value["key"] != self._key:
                return None, ()
            until = datetime.fromisoformat(value["until"])
            return (until, [_event(one) for one in value["events"]]) if until <= self._target.as_of else (None, ())
        except (HistoryProblem, SQLAlchemyError, KeyError, TypeError, ValueError) as error:
            _LOG.debug("nothing is known of earlier starts: %s", error)
            return None, ()

    def _remember(self, events: Sequence[Event]) -> None:
        if self._memory is None:
            return
        as_of = self._target.as_of
        late = [one for one in events if one.at >= as_of - _DAYS_REMEMBERED][-_MOST_EVENTS:]
        rows = [[one.at.isoformat(), one.log, one.kind.value, one.says, one.place] for one in late]
        try:
            self._memory.keep(_NAME, {"key": self._key, "until": as_of.isoformat(), "events": rows}, as_of)
        except (HistoryProblem, SQLAlchemyError) as error:
            _LOG.debug("starts cannot be remembered: %s", error)


def starts_with_stop(events: Sequence[Event]) -> Iterator[tuple[Event, bool]]:
    """The starts in one log, each with whether a stop stands between it and the start before, or right after it; of the
    first nobody knows, so it is left out."""
    stops = [one.at for one in events if one.kind is ProcessEvent.STOP]  # each is that of one start
    before: Event | None = None
    for event in (one for one in events if one.kind is ProcessEvent.START):
        since = None if before is None else before.at
        if since is not None and event.at - since <= _ONE_START:
            continue
        later = [at for at in stops if at > event.at + _TAKING_OVER]
        stopped, stops = len(later) < len(stops), later
        if since is not None or stopped:
            yield event, stopped
        before = event


def first_of_each_start(events: Sequence[Event]) -> Iterator[Event]:
    """The first line of each start, in each log."""
    last: dict[str, datetime] = {}
    for event in events:
        if event.kind is ProcessEvent.START:
            if event.log not in last or event.at - last[event.log] > _ONE_START:
                yield event
            last[event.log] = event.at


def _event(row: Sequence[Any]) -> Event:
    at, log, kind, says, place = row
    return Event(datetime.fromisoformat(at), log, ProcessEvent(kind), says, place)
