"""The `performance` resource: how fast people were answered, as the checks speak of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from hypercare.hourly.hours import hours_of
from hypercare.logs.log_state import Remembering
from hypercare.logs.logs import Logs
from hypercare.outcome.evidence import attach_rows
from hypercare.outcome.found import Found
from hypercare.outcome.series import Along, Series
from hypercare.outcome.signals import NotCovered
from hypercare.performance.comparing import Slowdown, baselines_of_day, baselines_of_days, slowdown
from hypercare.performance.day_figures import SLOTS_OF_AN_HOUR, DayFigures
from hypercare.performance.load import LEAST_REQUESTS, Load, load_of
from hypercare.performance.pauses import Pause, pauses_of
from hypercare.performance.request_history import RequestHistory
from hypercare.performance.response_trend import LEAST_DAYS, RouteTrend, most_days, rising, trends_of
from hypercare.target_file.open_hours import closed_on
from hypercare.target_file.target import Target

_DAYS_OF_A_BASELINE = 14
_LEAST_DAYS_OF_A_BASELINE = 3
_LAST_FIRST_DAY = 3
_NEXT_DAY = "Nothing to mend: what each day was like is remembered, and judged as soon as there are enough."


@dataclass(frozen=True)
class Usual:
    """What earlier days of the kind of today came to by this hour: the fewest requests, and the usual median."""

    requests: int
    median: float
    days: int


class Performance:
    """Asks the requests of each day since go-live; they are read once a session, when first asked for.

    Every question raises NotCovered when no log tells of requests and ChannelDown when one cannot be read.
    """

    def __init__(self, target: Target, logs: Logs, memory: Remembering | None = None) -> None:
        self._target = target
        self._limits = target.config.limits
        self._history = RequestHistory(target, logs, memory)
        self.where = ", ".join(one.name for one in target.config.logs if one.tells_of_requests)

    @property
    def today(self) -> DayFigures:
        return self._history.days()[-1]

    def against_first_day(self) -> tuple[date, Slowdown]:
        """Today beside the first day after go-live of which requests are known.

        Raises:
            NotCovered: there is no such day but today, or too little was asked on either.
        """
        days, calendar = self._history.days(), self._target.calendar
        first = next((day for day in days if day.day >= calendar.go_live), days[-1])
        if first is days[-1]:
            raise NotCovered("There is not enough history: today is the first day that is known.", remedy=_NEXT_DAY)
        if calendar.number_of(first.day) > _LAST_FIRST_DAY:
            raise NotCovered(
                f"Of the first days after go-live nothing is known; the log begins on day "
                f"{calendar.number_of(first.day)}.",
                remedy="Nothing to mend: what becomes slower is told by comparing each day with those before it.",
            )
        found = self._compared(slowdown(days[-1], baselines_of_day(first, self._least), self._limits))
        return first.day, found

    def against_its_own_past(self) -> Slowdown:
        """Today beside the median of up to fourteen days before, kind by kind.

        Raises:
            NotCovered: fewer than three days are known, or too little was asked.
        """
        days = self._history.days()
        before = days[-1 - _DAYS_OF_A_BASELINE : -1]
        if len(before) < _LEAST_DAYS_OF_A_BASELINE:
            raise NotCovered(
                f"There is not enough history: {len(before)} of the {_LEAST_DAYS_OF_A_BASELINE} earlier days that a "
                "baseline needs are known.",
                remedy=_NEXT_DAY,
            )
        baselines = baselines_of_days(before, self._least, _LEAST_DAYS_OF_A_BASELINE)
        return self._compared(slowdown(days[-1], baselines, self._limits))

    def trends(self) -> Sequence[RouteTrend]:
        """How each kind of request goes from day to day, the steepest first.

        Raises:
            NotCovered: none was asked for often enough on seven days.
        """
        days = self._history.days()
        found = trends_of(days, self._limits)
        if not found:
            raise NotCovered(
                f"There is not enough history: no kind of request was asked for {self._least} times on more than "
                f"{most_days(days, self._limits)} of the {LEAST_DAYS} days that a trend needs.",
                remedy=_NEXT_DAY,
            )
        attach_rows("response times by day", [one.row() for one in found])
        return found

    def rising(self, trends: Sequence[RouteTrend]) -> Found:
        """Those of the kinds of request that surely take longer from day to day."""
        rows = [one.row() for one in rising(trends, self._limits)]
        return Found.of_rows(rows, where=self.where, of=len(trends))

    def load(self) -> Load:
        """How today's busiest hour was carried.

        Raises:
            NotCovered: too little was asked in any hour.
        """
        found = load_of(self._history.days())
        if found is None:
            raise NotCovered(
                f"No hour of today had {LEAST_REQUESTS} requests: from so few nothing is told of load.",
                remedy="Nothing to mend: it is told on a day with more work.",
            )
        return found

    def pauses(self) -> Sequence[Pause]:
        """Stretches of today in which nobody asked for anything, though on other days somebody always did."""
        return pauses_of(self._history.days(), self._target.config.business, self._target.as_of)

    def usual_by_now(self) -> Usual | None:
        """By the same days of the week in the last four weeks; None where none of them is known, or today is closed or
        was not read whole."""
        days = self._history.days()
        today = days[-1].day
        if not days[-1].complete or closed_on(self._target.config.business, today) is not None:
            return None
        alike = [one for one in days[-29:-1] if one.complete and one.day.weekday() == today.weekday()]
        if not alike:
            return None
        until = self._slots_passed(self._target.as_of)
        requests = min(sum(one.slots[:until]) for one in alike)
        return Usual(requests, median(one.median for one in alike), len(alike))

    def by_channel(self) -> Mapping[str, int]:
        return {name: round(value) for name, value in self.today.by_channel.items()}

    def through_the_day(self) -> Series:
        """Median and p95 of each hour of the calendar day until now; an hour without an answer is not known."""
        calendar, today = self._target.calendar, self.today
        whole = list(hours_of(calendar.day(today.day)))
        hours = [one.start.astimezone(calendar.zone) for one in whole]
        found = [today.by_hour.get(one.hour) for one in hours]
        now = self._target.as_of
        return Series(
            label="Response times through the day",
            along=Along.HOURS,
            unit="ms",
            points=[one.isoformat() for one in hours],
            lines={
                "median": [None if one is None else round(one.median, 1) for one in found],
                "p95": [None if one is None else round(one.p95, 1) for one in found],
            },
            unfinished=any(one.start < now < one.end for one in whole),
            gap="" if today.complete else "There were too many requests to read all of them: this is a sample.",
        )

    def _slots_passed(self, at: datetime) -> int:
        local = at.astimezone(self._target.calendar.zone)
        return local.hour * SLOTS_OF_AN_HOUR + local.minute * SLOTS_OF_AN_HOUR // 60

    @property
    def _least(self) -> int:
        return self._limits.response_least_requests

    def _compared(self, found: Slowdown) -> Slowdown:
        if not found.compared:
            raise NotCovered(
                f"There is not enough history: no kind of request was asked for {self._least} times both today and "
                "then.",
                remedy=_NEXT_DAY,
            )
        attach_rows("response times beside the baseline", [one.row() for one in found.compared])
        return found
