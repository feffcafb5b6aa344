"""Counts by hour: those of today are asked for, those of earlier days are remembered from round to round.

No question reads the past for it: each round asks from where the round before stood, which is the day before at most,
so that days become whole though their last round is held in the afternoon.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from hypercare.history.problem import HistoryProblem
from hypercare.hourly.hours import clock_of, hours_of
from hypercare.hourly.usual_hours import usual_band
from hypercare.logs.log_state import Remembering
from hypercare.outcome.series import Along, Series
from hypercare.plan.calendar import Period
from hypercare.target_file.open_hours import closed_on
from hypercare.target_file.target import Target

_LOG = logging.getLogger(__name__)
_VERSION = 1
_DAYS_REMEMBERED = 60
# What a round went without for longer than this is left unknown, lest one question reads days of records.
_LONGEST_GAP = timedelta(days=2)

Lines = Mapping[str, Sequence[int]]
# By the clock, by line: {"09:00": {"entered": 12}}.
_Day = dict[str, dict[str, int]]


@dataclass
class _Remembered:
    """The counts of each day, and the instant up to which they were counted; null where nothing ever was."""

    days: dict[date, _Day] = field(default_factory=dict)
    until: datetime | None = None


class Hourly:
    """Gives a check the hours that it has to count, and remembers what they came to."""

    def __init__(self, target: Target, memory: Remembering) -> None:
        self._target = target
        self._memory = memory

    def of(self, name: str) -> RememberedHours:
        """The hours of a kind of count, by a name of its own that is the same from round to round."""
        return RememberedHours(self._target, self._memory, name)


class RememberedHours:
    """Hours of one kind of count. `periods` are to be counted, and `series` is given what they came to."""

    def __init__(self, target: Target, memory: Remembering, name: str) -> None:
        self._target = target
        self._memory = memory
        self._name = f"by hour: {name}"
        self._past = self._recalled()
        self.periods: Sequence[Period] = tuple(hours_of(Period(self._start, target.today.end)))

    def series(self, label: str, lines: Lines) -> Series:
        """The hours of today, with what is usual of the first line; `lines` have a count for each of the periods.

        Also remembers them for the days to come.
        """
        self._take(lines)
        today, calendar = self._target.today, self._target.calendar
        day = calendar.business_date(self._target.as_of)
        hours = list(hours_of(today))
        whole = list(hours_of(calendar.business_day(day)))
        counted = len(self.periods) - len(hours)
        clocks = [clock_of(one.start, calendar) for one in whole]
        first = next(iter(lines))
        earlier = {one: {at: found.get(first, 0) for at, found in self._past.days[one].items()} for one in self._whole}
        usual, gap = usual_band(day, first, clocks, earlier)
        missing: list[None] = [None] * (len(whole) - len(hours))
        return Series(
            label=label,
            along=Along.HOURS,
            points=[one.start.astimezone(calendar.zone).isoformat() for one in whole],
            lines={name: [*values[counted:], *missing] for name, values in lines.items()},
            usual=usual,
            unfinished=bool(hours) and hours[-1].end < whole[len(hours) - 1].end,
            gap=gap,
        )

    @property
    def _start(self) -> datetime:
        """Where the last round stood, at the hour; today's start where that is no use."""
        today, until = self._target.today.start, self._past.until
        if until is None or until >= today or until < today - _LONGEST_GAP:
            return today
        day = self._target.calendar.business_day(self._target.calendar.business_date(until))
        return next(one.start for one in hours_of(day) if until in one)

    @property
    def _whole(self) -> list[date]:
        """The earlier days that are known to their end and on which work was done."""
        business, calendar = self._target.config.business, self._target.calendar
        until, start = self._past.until, self._target.today.start
        return [
            day
            for day in sorted(self._past.days)
            if until is not None
            and calendar.business_day(day).end <= min(until, start)
            and closed_on(business, day) is None
        ]

    def _take(self, lines: Lines) -> None:
        calendar, past = self._target.calendar, self._past
        start = self.periods[0].start if self.periods else self._target.today.start
        if past.until is not None and past.until < start:
            # Nobody counted what lies between, so that the day it was in will never be whole.
            past.days.pop(calendar.business_date(past.until), None)
        fresh: dict[date, _Day] = {}
        for number, period in enumerate(self.periods):
            at = fresh.setdefault(calendar.business_date(period.start), {})
            hour = at.setdefault(clock_of(period.start, calendar), {})
            for name, values in lines.items():
                hour[name] = hour.get(name, 0) + values[number]
        for day, hours in fresh.items():
            past.days[day] = {**past.days.get(day, {}), **hours}
        past.until = self._target.as_of
        self._keep()

    # -- memory ----------------------------------------------------------------------------------------------

    def _recalled(self) -> _Remembered:
        try:
            value = self._memory.recall(self._name)
            is_alike = value is not None and value["version"] == _VERSION and value["basis"] == self._basis
            return self._from_json(value) if is_alike else _Remembered()
        except (HistoryProblem, SQLAlchemyError, KeyError, TypeError, ValueError) as error:
            _LOG.debug("nothing is known of the hours of earlier days: %s", error)
            return _Remembered()

    def _from_json(self, value: Mapping[str, Any]) -> _Remembered:
        until = datetime.fromisoformat(value["until"])
        days = {date.fromisoformat(day): hours for day, hours in value["days"].items()}
        if until > self._target.as_of:
            # A look back at a past instant: what was counted later is known, and not of today.
            today = self._target.calendar.business_date(self._target.as_of)
            return _Remembered({day: hours for day, hours in days.items() if day < today}, self._target.today.start)
        return _Remembered(days, until)

    def _keep(self) -> None:
        oldest = self._target.calendar.business_date(self._target.as_of) - timedelta(days=_DAYS_REMEMBERED)
        days = {day.isoformat(): hours for day, hours in sorted(self._past.days.items()) if day >= oldest}
        until = self._target.as_of
        value = {"version": _VERSION, "basis": self._basis, "until": until.isoformat(), "days": days}
        try:
            self._memory.keep(self._name, value, until)
        except (HistoryProblem, SQLAlchemyError) as error:
            _LOG.debug("the hours of the day cannot be remembered: %s", error)

    @property
    def _basis(self) -> str:
        calendar = self._target.calendar
        return f"{calendar.zone.key} {calendar.day_starts}"
