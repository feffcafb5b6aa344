"""What is usual on such a day of the week: the middle of earlier days, and how far apart they lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from statistics import median

from hypercare.outcome.signals import NotCovered

# So many days of the same name tell of the next; else so many of the week, or of week-ends.
_LEAST_OF_ITS_NAME = 3
_LEAST_OF_ITS_KIND = 5
_SATURDAY = 5
# Of a normal distribution the median deviation is this part of the standard one.
_TO_STANDARD = 1.4826
_LEAST_SHARE = 0.12
_SPREADS = 5.0
_TIMES_THE_MIDDLE = 3.0
_NEVER_NOTHING = 10


@dataclass(frozen=True)
class Usual:
    """The `middle` of `days` earlier days and their `spread`, as a standard deviation, told by medians alone, and the
    `least` that any of them had.

    Few days lie close together by chance: the spread is at least that of counting, and a part of the middle.
    """

    middle: float
    spread: float
    days: int
    least: float

    def is_far_below(self, value: float, lowest: float) -> bool:
        """Whether a value is below this share of the middle, and by more than days ever differ."""
        return value < lowest * self.middle and value < self.middle - _SPREADS * self.spread

    def misses_all(self, value: float) -> bool:
        """Whether there is nothing at all, where every day had so much that it cannot be chance."""
        return value == 0 and self.least >= _NEVER_NOTHING

    def is_far_above(self, value: float, times: float = _TIMES_THE_MIDDLE) -> bool:
        return value > times * self.middle and value > self.middle + _SPREADS * self.spread


def usual_of(values: Sequence[float]) -> Usual:
    """What is usual by these values, of which there has to be one."""
    middle = float(median(values))
    deviation = _TO_STANDARD * float(median(abs(value - middle) for value in values))
    return Usual(middle, max(deviation, _LEAST_SHARE * abs(middle), sqrt(abs(middle))), len(values), min(values))


def usual_on(day: date, by_day: Mapping[date, float]) -> Usual | None:
    """What is usual on such a day by earlier ones: those of its name, or while they are few all of the week or of
    week-ends; None where there are too few of either."""
    earlier = {other: value for other, value in by_day.items() if other < day}
    alike = of_its_name(day, earlier)
    if len(alike) >= _LEAST_OF_ITS_NAME:
        return usual_of(alike)
    alike = of_its_kind(day, earlier)
    return usual_of(alike) if len(alike) >= _LEAST_OF_ITS_KIND else None


def named_alike(day: date, by_day: Mapping[date, object]) -> str:
    """The days by which `usual_on` tells: "Thursdays", or "days of the week" while those of the name are few."""
    its_name = sum(other < day and other.weekday() == day.weekday() for other in by_day)
    if its_name >= _LEAST_OF_ITS_NAME:
        return f"{day:%A}s"
    return "week-end days" if day.weekday() >= _SATURDAY else "days of the week"


def of_its_name(day: date, by_day: Mapping[date, float]) -> Sequence[float]:
    """What there was on days of the same name: Mondays."""
    return [value for other, value in by_day.items() if other.weekday() == day.weekday()]


def of_its_kind(day: date, by_day: Mapping[date, float]) -> Sequence[float]:
    """What there was on days of the week, or on week-ends."""
    return [value for other, value in by_day.items() if (other.weekday() >= _SATURDAY) == (day.weekday() >= _SATURDAY)]


def not_enough_history(what: str, days: int) -> NotCovered:
    """That too few days tell what is usual."""
    return NotCovered(
        f"Not enough history: {days} earlier day(s) do not tell {what} on such a day of the week.",
        remedy="Nothing to mend: the check learns from each day.",
    )
