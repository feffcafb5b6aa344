"""Business time: days, periods and phases in the business's own zone, right across DST."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


@dataclass(frozen=True, order=True)
class Period:
    """A half-open range of aware instants, start included."""

    start: datetime
    end: datetime

    def __contains__(self, instant: object) -> bool:
        return isinstance(instant, datetime) and self.start <= instant < self.end

    @property
    def length(self) -> timedelta:
        # Subtracting two instants of one zone ignores its offset, so both go to UTC first.
        return self.end.astimezone(UTC) - self.start.astimezone(UTC)

    def until(self, instant: datetime) -> Period:
        """This period cut off at `instant`."""
        return Period(self.start, max(self.start, min(self.end, instant)))


class Phase(StrEnum):
    STABILISATION = "days 1-3"
    VALIDATION = "days 4-7"
    OPTIMISATION = "days 8-14"
    AFTER = "after day 14"
    BEFORE = "before go-live"


@dataclass(frozen=True)
class Calendar:
    """Days of the business. Day 1 is the day of go-live.

    Where people work over midnight, `day_starts` is when the books of a new day begin: what is sold before it belongs
    to the day before. Everything else goes by the days of the calendar.
    """

    zone: ZoneInfo
    go_live: date
    day_starts: time = time.min

    def date_of(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    def at(self, day: date, clock: time) -> datetime:
        """The instant of a local clock time; the first of two where DST repeats it."""
        return datetime.combine(day, clock, self.zone).astimezone(UTC)

    def day(self, day: date) -> Period:
        """The local day from midnight to midnight: 23, 24 or 25 hours long."""
        return Period(self.at(day, time.min), self.at(day + timedelta(days=1), time.min))

    def business_date(self, instant: datetime) -> date:
        """The day in whose books an instant stands."""
        local = instant.astimezone(self.zone)
        return local.date() - timedelta(days=int(local.time() < self.day_starts))

    def business_day(self, day: date) -> Period:
        """The day as the books have it."""
        return Period(self.at(day, self.day_starts), self.at(day + timedelta(days=1), self.day_starts))

    def today(self, as_of: datetime) -> Period:
        """The business day of `as_of`, up to `as_of`."""
        return self.business_day(self.business_date(as_of)).until(as_of)

    def same_hours(self, as_of: datetime, days_earlier: int) -> Period:
        """An earlier business day from its beginning to the clock time that `as_of` shows."""
        earlier = self.business_date(as_of) - timedelta(days=days_earlier)
        clock = as_of.astimezone(self.zone).time()
        end = self.at(earlier + timedelta(days=int(clock < self.day_starts)), clock)
        return Period(self.at(earlier, self.day_starts), end)

    def number_of(self, day: date) -> int:
        """N of "day N"; zero or less before go-live."""
        return (day - self.go_live).days + 1

    def phase_of(self, day: date) -> Phase:
        number = self.number_of(day)
        if number < 1:
            return Phase.BEFORE
        if number <= 3:
            return Phase.STABILISATION
        if number <= 7:
            return Phase.VALIDATION
        return Phase.OPTIMISATION if number <= 14 else Phase.AFTER
