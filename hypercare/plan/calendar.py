"""Business time: days, periods and phases in the business's own zone, right across DST."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from hypercare.plan.days import DayRange

# The plan speaks of fourteen days, however long the period of a business is.
LAST_DAY = 14


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
class CriticalPeriod:
    """`days` of close watching from `go_live` on. What follows begins when a person says so, by `normal_from`.

    `branches` are those that went live then; without any, it is the whole business.
    """

    go_live: date
    days: int = LAST_DAY
    normal_from: date | None = None
    branches: frozenset[str] = frozenset()

    def number_of(self, day: date) -> int:
        """N of "day N"; zero or less before go-live."""
        return (day - self.go_live).days + 1

    def day_of_plan(self, day: date) -> int:
        """The day of the plan: a longer period goes on as its last, a shorter one leaves out the rest."""
        if self.is_normal(day):
            assert self.normal_from is not None
            return LAST_DAY + (day - self.normal_from).days + 1
        number = self.number_of(day)
        return min(number, LAST_DAY) if number <= self.days else LAST_DAY + number - self.days

    def day_of_rounds(self, day: date) -> int:
        """The day by which it is told which rounds are due: past the period they stay until operations are normal, and
        what is made ready is looked at as on its eve. Branches that join a business in operation have one eve."""
        if self.is_normal(day):
            return self.day_of_plan(day)
        number = min(self.number_of(day), LAST_DAY)
        return number if self.branches else max(number, 0)

    def is_normal(self, day: date) -> bool:
        return self.normal_from is not None and self.normal_from <= day

    def phase_of(self, day: date) -> Phase:
        number = self.day_of_plan(day)
        if number < 1:
            return Phase.BEFORE
        if number <= 3:
            return Phase.STABILISATION
        if number <= 7:
            return Phase.VALIDATION
        return Phase.OPTIMISATION if number <= LAST_DAY else Phase.AFTER


@dataclass(frozen=True)
class Calendar:
    """Days of the business. Day 1 is the day of go-live.

    `waves` are branches that go live later and have a day 1 of their own.

    Where people work over midnight, `day_starts` is when the books of a new day begin: what is sold before it belongs
    to the day before. Everything else goes by the days of the calendar.
    """

    zone: ZoneInfo
    go_live: date
    day_starts: time = time.min
    critical_days: int = LAST_DAY
    normal_from: date | None = None
    waves: tuple[CriticalPeriod, ...] = ()

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

    @property
    def critical_period(self) -> CriticalPeriod:
        """That of the whole business, or of the branches that no later wave names."""
        return CriticalPeriod(self.go_live, self.critical_days, self.normal_from)

    @property
    def critical_periods(self) -> tuple[CriticalPeriod, ...]:
        return (self.critical_period, *self.waves)

    def number_of(self, day: date) -> int:
        """N of "day N"; zero or less before go-live."""
        return self.critical_period.number_of(day)

    def phase_of(self, day: date) -> Phase:
        return self.critical_period.phase_of(day)

    def is_in(self, ranges: Collection[DayRange], day: date) -> bool:
        """Whether it is one of these days of the plan, for the business or for a wave of branches."""
        return any(one.day_of_plan(day) in days for one in self.critical_periods for days in ranges)

    def has_rounds_of(self, ranges: Collection[DayRange], day: date) -> bool:
        """Whether rounds of these days of the plan are held."""
        return any(one.day_of_rounds(day) in days for one in self.critical_periods for days in ranges)

    def branches_in(self, ranges: Collection[DayRange], day: date) -> frozenset[str] | None:
        """The branches for which it is one of these days of the plan; None where it is so for the whole business."""
        those = [one for one in self.critical_periods if any(one.day_of_plan(day) in days for days in ranges)]
        if any(not one.branches for one in those):
            return None
        return frozenset[str]().union(*(one.branches for one in those))
