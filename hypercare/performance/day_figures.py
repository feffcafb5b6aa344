"""What is kept of a day's requests once it is over: a few numbers for each kind, and how many came when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import log, sqrt
from typing import Any, Self

MINUTES_OF_A_SLOT = 10
SLOTS_OF_AN_HOUR = 60 // MINUTES_OF_A_SLOT
SLOTS_OF_A_DAY = 24 * SLOTS_OF_AN_HOUR
# Of a normal distribution: the error of a median in terms of the distance between the quartiles.
_ERROR_OF_MEDIAN = 0.93
_LEAST_SPREAD = 0.2
# What was asked for less often on a day is compared with nothing.
_LEAST_REMEMBERED = 5


@dataclass(frozen=True)
class RouteFigures:
    """The answers to one kind of request on one day, in milliseconds."""

    count: int
    lower_quartile: float
    median: float
    upper_quartile: float
    p95: float

    @property
    def error_of_log_median(self) -> float:
        """How far the logarithm of the median may be off by chance (one standard error)."""
        spread = log(self.upper_quartile / self.lower_quartile) if self.lower_quartile > 0 else 1.0
        return _ERROR_OF_MEDIAN * max(spread, _LEAST_SPREAD) / sqrt(max(self.count, 1))


@dataclass(frozen=True)
class BusiestHour:
    """The hour of a day with most requests. `slowdown` is how many times longer than in the day's other hours its
    answers took, request for request of the same kind; None where there was too little to compare it with."""

    hour: int
    count: int
    median: float
    p95: float
    slowdown: float | None = None
    error_of_log_slowdown: float = 0.0
    longer_by_ms: float = 0.0


@dataclass(frozen=True)
class HourFigures:
    """The answers of one hour of the clock, in milliseconds."""

    count: int
    median: float
    p95: float


@dataclass(frozen=True)
class DayFigures:
    """The requests of a day of the calendar, in the business's own zone; durations in milliseconds.

    `slots` are how many came in each ten minutes from midnight on, `best_slot` the most that were answered in time
    within ten minutes. Of a day that is not `complete` there were too many to read: its durations are a sample.
    `by_hour` is known of the day that goes on alone, and has no hour without an answer.
    """

    day: date
    complete: bool
    count: int
    mean: float
    median: float
    p95: float
    routes: Mapping[str, RouteFigures]
    by_channel: Mapping[str, float]
    slots: Sequence[int]
    busiest: BusiestHour | None
    best_slot: int
    by_hour: Mapping[int, HourFigures] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        busiest = self.busiest
        return {
            "day": self.day.isoformat(),
            "complete": self.complete,
            "figures": [self.count, *(round(one, 2) for one in (self.mean, self.median, self.p95)), self.best_slot],
            "routes": {name: _numbers_of(one) for name, one in self.routes.items() if one.count >= _LEAST_REMEMBERED},
            "channels": {name: round(one, 2) for name, one in self.by_channel.items()},
            "slots": list(self.slots),
            "busiest": None if busiest is None else [busiest.hour, busiest.count, busiest.median, busiest.p95],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        count, mean, median, p95, best_slot = value["figures"]
        return cls(
            day=date.fromisoformat(value["day"]),
            complete=value["complete"],
            count=count,
            mean=mean,
            median=median,
            p95=p95,
            routes={name: RouteFigures(*numbers) for name, numbers in value["routes"].items()},
            by_channel=value["channels"],
            slots=value["slots"],
            busiest=None if value["busiest"] is None else BusiestHour(*value["busiest"]),
            best_slot=best_slot,
        )


def _numbers_of(one: RouteFigures) -> list[float]:
    return [one.count, *(round(part, 2) for part in (one.lower_quartile, one.median, one.upper_quartile, one.p95))]
