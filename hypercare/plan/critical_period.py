"""The critical period after a go-live: on which day of the plan a date is, in each wave of branches that go live."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# The plan speaks of fourteen days, however long the period of a business is.
LAST_DAY = 14


class Phase(StrEnum):
    STABILISATION = "days 1-3"
    VALIDATION = "days 4-7"
    OPTIMISATION = "days 8-14"
    AFTER = "after day 14"
    BEFORE = "before go-live"


@dataclass(frozen=True)
class DayRange:
    """Days of the plan, the first and the last of them included; without a last one, all that come after."""

    first: int
    last: int | None = None

    def __contains__(self, day: object) -> bool:
        return isinstance(day, int) and self.first <= day and (self.last is None or day <= self.last)

    def is_over_before(self, other: DayRange) -> bool:
        return self.last is not None and self.last < other.first


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
        """The day by which it is told which rounds are due: past the period they stay until operations are normal."""
        return self.day_of_plan(day) if self.is_normal(day) else min(self.number_of(day), LAST_DAY)

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


def branches_in(periods: Collection[CriticalPeriod], ranges: Collection[DayRange], day: date) -> frozenset[str] | None:
    """The branches for which it is one of these days of the plan; None where it is so for the whole business."""
    those = [one for one in periods if any(one.day_of_plan(day) in days for days in ranges)]
    if any(not one.branches for one in those):
        return None
    return frozenset[str]().union(*(one.branches for one in those))
