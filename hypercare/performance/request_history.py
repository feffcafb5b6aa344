"""The requests of each day since go-live, of which each round reads what came since the one before."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from hypercare.history.problem import HistoryProblem
from hypercare.logs.gaps import require_none
from hypercare.logs.log_state import Remembering
from hypercare.logs.logs import Logs
from hypercare.logs.request_pass import is_of_people
from hypercare.logs.requests import Request, Requests
from hypercare.outcome.intake import took_in
from hypercare.outcome.signals import NotCovered
from hypercare.performance.day_figures import DayFigures
from hypercare.performance.day_tally import DayTally
from hypercare.plan.calendar import Period
from hypercare.target_file.target import Target

_LOG = logging.getLogger(__name__)
_NAME = "requests by day"
_VERSION = 1
# So far back is read where nothing is remembered, and so many days are remembered besides that of go-live.
_READ_BACK_DAYS = 14
_DAYS_REMEMBERED = 60
_MOST_LINES = 400_000


@dataclass
class _Remembered:
    """Days that are over, oldest first; the tally of the last one that was read, and up to which instant it was."""

    days: dict[date, DayFigures] = field(default_factory=dict)
    open: DayTally | None = None
    until: datetime | None = None


class RequestHistory:
    """Reads the logs of requests once a session; `memory` holds from round to round what they came to.

    A look back at a past instant reads the logs anew, as what was remembered later is not to count.
    """

    def __init__(self, target: Target, logs: Logs, memory: Remembering | None) -> None:
        self._target = target
        self._logs = logs
        self._memory = None if target.is_replay else memory
        self._days: Sequence[DayFigures] | None = None
        self._intake: list[tuple[str, int, int]] = []

    def days(self) -> Sequence[DayFigures]:
        """Each day of which requests are known, oldest first; the last is today up to now.

        Raises:
            NotCovered: no log tells of requests, or of none how long it took.
            ChannelDown: a log cannot be read.
        """
        if self._days is None:
            self._days = self._read()
        for log, lines, understood in self._intake:
            took_in(log, "requests", lines, understood)
        return self._days

    def _read(self) -> Sequence[DayFigures]:
        target = self._target
        remembered = self._recalled()
        start = remembered.until or self._first_instant()
        requests = Requests("logs of requests")
        tallies, whole_since = self._tallied(Period(start, target.as_of), requests, remembered.open)
        today = target.calendar.date_of(target.as_of)
        if not requests.understood and not remembered.days and not any(one.count for one in tallies.values()):
            require_none(requests.gaps)
        if sum(one.timed for one in tallies.values()) == 0 and any(one.untimed for one in tallies.values()):
            raise NotCovered(
                "No request in the logs states how long it took.",
                remedy="Have the duration written, and say in [[logs]] fields or pattern where it stands.",
            )
        for day, tally in tallies.items():
            tally.complete = tally.complete and target.calendar.at(day, time.min) >= whole_since
        first_read = min(tallies, default=today)
        for day, tally in sorted(tallies.items()):
            # A first look that came no further back than into a day knows only an end of it.
            if day < today and (tally.complete or day != first_read or remembered.open is not None):
                remembered.days[day] = tally.figures()
        last = tallies.get(today) or DayTally(today)
        self._remember(remembered.days, last)
        earlier = [figures for day, figures in sorted(remembered.days.items()) if day < today]
        return [*earlier, last.figures()]

    def _first_instant(self) -> datetime:
        calendar = self._target.calendar
        today = calendar.date_of(self._target.as_of)
        first = max(today - timedelta(days=_READ_BACK_DAYS), min(calendar.go_live, today))
        return calendar.at(first, time.min)

    def _tallied(
        self, period: Period, requests: Requests, begun: DayTally | None
    ) -> tuple[dict[date, DayTally], datetime]:
        """The requests of a period by their days, and from when on none is missing."""
        zone, trials = self._target.calendar.zone, self._target.config.canary.users
        in_time = self._target.config.limits.response_p95
        tallies = {} if begun is None else {begun.day: begun}
        # What came before the period is in `begun`, so nothing of its day is missing if it was whole.
        reading = _BoundedReading(period.start if begun is None else min(period.start, self._start_of(begun.day)))
        for request in self._logs.each_request(period, requests, self._note_read, reading.is_enough):
            at = request.record.at
            if at is None or not period.start <= at < period.end or not is_of_people(request, trials):
                continue
            local = at.astimezone(zone)
            tally = tallies.get(local.date())
            if tally is None:
                tally = tallies[local.date()] = DayTally(local.date())
            tally.add(request, local, in_time)
        return tallies, reading.whole_since

    def _start_of(self, day: date) -> datetime:
        return self._target.calendar.at(day, time.min)

    def _note_read(self, log: str, lines: int, understood: int) -> None:
        self._intake.append((log, lines, understood))

    @property
    def _key(self) -> str:
        config = self._target.config
        sources = [one.model_dump(mode="json") for one in config.logs if one.tells_of_requests]
        basis = [_VERSION, config.business.timezone, sorted(config.canary.users), sources]
        return sha256(json.dumps(basis, sort_keys=True).encode()).hexdigest()[:16]

    def _recalled(self) -> _Remembered:
        if self._memory is None:
            return _Remembered()
        try:
            value = self._memory.recall(_NAME)
            return _Remembered() if value is None or value.get("key") != self._key else self._from_json(value)
        except (HistoryProblem, SQLAlchemyError, KeyError, TypeError, ValueError) as error:
            _LOG.debug("nothing is known of the requests of earlier days: %s", error)
            return _Remembered()

    def _from_json(self, value: Mapping[str, Any]) -> _Remembered:
        until = datetime.fromisoformat(value["until"])
        if until > self._target.as_of:
            return _Remembered()
        days = [DayFigures.from_json(one) for one in value["days"]]
        return _Remembered({one.day: one for one in days}, DayTally.from_json(value["open"]), until)

    def _remember(self, days: Mapping[date, DayFigures], last: DayTally) -> None:
        if self._memory is None:
            return
        as_of, go_live = self._target.as_of, self._target.calendar.go_live
        oldest = last.day - timedelta(days=_DAYS_REMEMBERED)
        value = {
            "key": self._key,
            "until": as_of.isoformat(),
            "days": [one.as_json() for day, one in sorted(days.items()) if day >= oldest or day == go_live],
            "open": last.as_json(),
        }
        try:
            self._memory.keep(_NAME, value, as_of)
        except (HistoryProblem, SQLAlchemyError) as error:
            _LOG.debug("the requests of the day cannot be remembered: %s", error)


class _BoundedReading:
    """Takes so many requests of each log at most, the newest of them: a log is read in pieces from its end on, each
    piece in order. `whole_since` is from when on none is missing in any.
    """

    def __init__(self, whole_since: datetime) -> None:
        self.whole_since = whole_since
        self._log, self._many = "", 0
        self._oldest: datetime | None = None

    def is_enough(self, request: Request) -> bool:
        at = request.record.at
        if request.record.source != self._log:
            self._log, self._many, self._oldest = request.record.source, 0, None
        if at is not None:
            if self._oldest is not None and at < self._oldest and self._many >= _MOST_LINES:
                self.whole_since = max(self.whole_since, self._oldest)
                return True
            self._oldest = at if self._oldest is None else min(self._oldest, at)
        self._many += 1
        return False
