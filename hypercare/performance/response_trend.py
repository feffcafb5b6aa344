"""Whether a kind of request takes longer from day to day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, log, sqrt

from hypercare.outcome.finding import Row
from hypercare.performance.day_figures import DayFigures
from hypercare.performance.day_tally import OTHER_REQUESTS
from hypercare.performance.trend import Trend, trend_of
from hypercare.target_file.sections.limits import LimitsSection

DAYS_LOOKED_BACK_ON = 28
LEAST_DAYS = 7
_CONFIDENCE = 0.95
# What grows by less than this from the first to the last day is not worth a look, however sure it is.
_LEAST_GROWTH = 1.3


@dataclass(frozen=True)
class RouteTrend:
    """The medians of one kind of request, day by day, in milliseconds, and the line through their logarithms."""

    name: str
    medians: Mapping[date, float]
    trend: Trend
    confidence: float

    @property
    def growth(self) -> float:
        """How many times as long it takes at the end of the line as at its start."""
        first, last = min(self.medians), max(self.medians)
        return exp(self.trend.slope * (last - first).days)

    @property
    def longer_by_ms(self) -> float:
        values = sorted(self.medians.values())
        middle = values[len(values) // 2]
        return middle * (sqrt(self.growth) - 1 / sqrt(self.growth))

    @property
    def percent_a_day(self) -> float:
        return _percent(self.trend.slope)

    def row(self) -> Row:
        first, last = min(self.medians), max(self.medians)
        return {
            "request": self.name,
            "days": len(self.medians),
            "first_ms": round(self.medians[first]),
            "last_ms": round(self.medians[last]),
            "percent_a_day": self.percent_a_day,
            "between": f"{_percent(self.trend.low)} and {_percent(self.trend.high)}",
            "confidence": f"{100 * self.confidence:.3g} %",
        }


def trends_of(days: Sequence[DayFigures], limits: LimitsSection) -> list[RouteTrend]:
    """Of each kind that was asked for often enough on enough days, the steepest first.

    The more kinds there are, the surer each has to be, so that together they cry wolf in one of twenty looks at most.
    """
    medians: dict[str, dict[date, float]] = {}
    for day in days[-DAYS_LOOKED_BACK_ON:]:
        for name, figures in day.routes.items():
            if figures.count >= limits.response_least_requests and figures.median > 0 and name != OTHER_REQUESTS:
                medians.setdefault(name, {})[day.day] = figures.median
    enough = {name: values for name, values in medians.items() if len(values) >= LEAST_DAYS}
    confidence = 1 - (1 - _CONFIDENCE) / max(len(enough), 1)
    found = []
    for name, values in enough.items():
        trend = trend_of([(day.toordinal(), log(value)) for day, value in values.items()], confidence)
        if trend is not None:
            found.append(RouteTrend(name, values, trend, confidence))
    return sorted(found, key=lambda one: (-one.trend.slope, one.name))


def rising(trends: Sequence[RouteTrend], limits: LimitsSection) -> list[RouteTrend]:
    """Those that surely rise, by a share and by half of what is felt as slower: a trend is to be told before it is."""
    least = limits.degraded_least.total_seconds() * 1000 / 2
    return [
        one for one in trends
        if one.trend.is_upward and one.growth >= _LEAST_GROWTH and one.longer_by_ms >= least
    ]  # fmt: skip


def most_days(days: Sequence[DayFigures], limits: LimitsSection) -> int:
    """On how many days the kind of request that has most of them was asked for often enough."""
    counts: dict[str, int] = {}
    for day in days:
        for name, figures in day.routes.items():
            counts[name] = counts.get(name, 0) + (figures.count >= limits.response_least_requests)
    return max(counts.values(), default=0)


def _percent(slope: float) -> float:
    return round(100 * (exp(slope) - 1), 1)
