"""The `availability` resource: how long the system was down, and whether it is as stable as in its first week."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from hypercare.history.daily_figures import figure_by_day
from hypercare.history.store import History
from hypercare.outcome.durations import rounded_duration
from hypercare.outcome.finding import Row
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from hypercare.target_file.sections.uptime import UptimeSection
from hypercare.target_file.target import Target
from hypercare.uptime.measured import Measured
from hypercare.uptime.state import State
from hypercare.uptime_history.uptime import Accounts, accounts_of

DAYS_OF_FIRST_WEEK = 7
_LEAST_DAYS = 3
_PROBE = "Let `hypercare probe` run each minute; see docs/uptime.md."
# What is worse by less than this is chance: percentage points of uptime, and errors a day.
_LEAST_POINTS = 1.0
_TIMES, _LEAST_ERRORS = 2, 10


@dataclass(frozen=True)
class Downtime:
    """How long the system was down in a stretch of service hours, and how long its objective lets it be."""

    measured: Measured
    goal: float

    @property
    def down(self) -> timedelta:
        return self.measured.down

    @property
    def service(self) -> timedelta:
        return self.measured.service - self.measured.maintenance

    @property
    def allowed(self) -> timedelta:
        return self.service * (1 - self.goal / 100)

    @property
    def minutes(self) -> int:
        return round(self.down / timedelta(minutes=1))

    def require_observed(self) -> None:
        """Raises NotCovered where what nobody observed could have been more downtime than is allowed."""
        if self.down + self.measured.unknown > self.allowed:
            raise NotCovered(
                f"It was down for {self.minutes} minutes as far as is known, but nobody observed it for "
                f"{rounded_duration(self.measured.unknown)} of {rounded_duration(self.service)} of service.",
                remedy=_PROBE,
            )

    def rows(self) -> list[Row]:
        return [
            {
                "from": span.start.isoformat(timespec="minutes"),
                "to": span.end.isoformat(timespec="minutes"),
                "minutes": round(span.length / timedelta(minutes=1)),
            }
            for span in self.measured.intervals
            if span.state is State.DOWN
        ]


@dataclass(frozen=True)
class Weeks:
    """A number in the first week and since: percentages of uptime, or errors a day."""

    first: float
    since: float
    days_since: int


class Availability:
    """Reads the suite's own history: samples of probers, and figures of the evenings.

    Every question raises NotCovered where the history has too little, and HistoryProblem where it cannot be read.
    """

    def __init__(self, target: Target, history: Callable[[], History]) -> None:
        self._target = target
        self._history = history

    def downtime(self, period: Period) -> Downtime:
        """In the service hours of a period; raises NotCovered where nobody observed it."""
        found = self._accounts(period).measured()
        if found.service and found.service == found.maintenance:
            raise NotCovered("All service time of the period was announced maintenance, which is not judged.")
        if found.percent is None:
            raise NotCovered("Nobody has observed the system in this period.", remedy=_PROBE)
        return Downtime(found, self._goal)

    def uptime_by_week(self) -> Weeks:
        """The percentage of uptime in the first week, and since."""
        first, since = self._weeks()
        accounts = self._accounts(Period(first.start, since.end))
        parts = [accounts.measured(window=one) for one in (first, since)]
        percents = [one.percent for one in parts]
        if percents[0] is None or percents[1] is None:
            when = "in the first week" if percents[0] is None else "since the first week"
            raise NotCovered(f"There is not enough history: nobody observed the system {when}.", remedy=_PROBE)
        return Weeks(float(percents[0]), float(percents[1]), self._days_since(since))

    def is_less_up(self, weeks: Weeks) -> bool:
        """Whether it is worse by more than chance, and below the objective."""
        return weeks.since < self._goal and weeks.since < weeks.first - _LEAST_POINTS

    def errors_by_week(self, today: int) -> Weeks:
        """The errors a day in the logs in the first week and since, medians of what each evening counted."""
        first, since = self._weeks()
        history = self._present_history()
        by_day = figure_by_day(history, "errors", "evening", first.start, since.end)
        calendar = self._target.calendar
        now = calendar.date_of(self._target.as_of)
        begins = calendar.date_of(since.start)
        before = [float(value) for day, value in by_day.items() if day < begins]
        later = {day: float(value) for day, value in by_day.items() if begins <= day < now}
        if len(before) < _LEAST_DAYS:
            raise NotCovered(
                f"There is not enough history: the errors of {len(before)} days of the first week were counted.",
                remedy="Nothing to mend: each evening round counts those of its day.",
            )
        later[now] = float(today)
        # No day of the first week is a measure by itself, but what its worst day had is not worse than it.
        return Weeks(max(max(before), _TIMES * median(before)), median(later.values()), len(later))

    def has_more_errors(self, weeks: Weeks) -> bool:
        return weeks.since > weeks.first + _LEAST_ERRORS

    def _weeks(self) -> tuple[Period, Period]:
        calendar, as_of = self._target.calendar, self._target.as_of
        start, cut = (self._midnight(days) for days in (0, DAYS_OF_FIRST_WEEK))
        if as_of <= cut:
            raise NotCovered(
                f"There is not enough history: it is day {calendar.number_of(calendar.date_of(as_of))}, and the first "
                "week is not over.",
                remedy="Nothing to mend: it is compared from day 8 on.",
            )
        return Period(start, cut), Period(cut, as_of)

    def _midnight(self, days: int) -> datetime:
        day: date = self._target.calendar.go_live + timedelta(days=days)
        return self._target.calendar.at(day, time.min)

    def _days_since(self, since: Period) -> int:
        calendar = self._target.calendar
        return (calendar.date_of(since.end) - calendar.date_of(since.start)).days + 1

    def _accounts(self, window: Period) -> Accounts:
        return accounts_of(self._present_history(), self._target.config, window)

    def _present_history(self) -> History:
        history = self._history()
        if not history.is_there:
            raise NotCovered("There is no history yet, of rounds or of probes.", remedy=_PROBE)
        return history

    @property
    def _goal(self) -> float:
        return (self._target.config.uptime or UptimeSection()).goal
