"""Whether one kind of request became slower: by much, by enough to be felt, and by more than chance and habit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import exp, log, sqrt
from statistics import median

from hypercare.outcome.finding import Row
from hypercare.performance.day_figures import DayFigures, RouteFigures
from hypercare.performance.day_tally import OTHER_REQUESTS
from hypercare.target_file.sections.limits import LimitsSection

# So many standard errors are no chance, however many kinds of request are compared on however many days.
_NO_CHANCE = 4.0
_OF_NORMAL_SPREAD = 1.4826
_LEAST_HABIT = 0.05
_ENOUGH_FOR_A_TAIL = 60
_TAIL_TIMES_LEAST = 4
# All kinds together are slower when they are so by this many times: that is not one kind's chance.
ALL_SLOWER_FROM = 1.5
_LEAST_OF_A_KIND = 5
_LEAST_OF_ALL = 100


@dataclass(frozen=True)
class Baseline:
    """What one kind of request used to take, in milliseconds; `spread` is how far the logarithm of its median is from
    that on an ordinary day."""

    median: float
    p95: float
    spread: float
    requests: int


@dataclass(frozen=True)
class Comparison:
    """One kind of request today and as it used to be."""

    name: str
    today: RouteFigures
    baseline: Baseline

    @property
    def times(self) -> float:
        return self.today.median / self.baseline.median if self.baseline.median else 1.0

    @property
    def tail_times(self) -> float:
        return self.today.p95 / self.baseline.p95 if self.baseline.p95 else 1.0

    def is_slower(self, times: float, least: timedelta) -> bool:
        """Whether the median is, or where the requests are many, one answer in twenty by far."""
        least_ms = least.total_seconds() * 1000
        chance = sqrt(self.today.error_of_log_median**2 + self.baseline.spread**2)
        longer = self.today.median - self.baseline.median
        if self.times >= times and longer >= least_ms and log(self.times) >= _NO_CHANCE * chance:
            return True
        is_tail_known = min(self.today.count, self.baseline.requests) >= _ENOUGH_FOR_A_TAIL
        tail_longer = self.today.p95 - self.baseline.p95
        return is_tail_known and self.tail_times >= 2 * times and tail_longer >= _TAIL_TIMES_LEAST * least_ms

    def row(self) -> Row:
        return {
            "request": self.name,
            "requests": self.today.count,
            "median_ms": round(self.today.median),
            "was_ms": round(self.baseline.median),
            "times": round(self.times, 1),
            "p95_ms": round(self.today.p95),
            "p95_was_ms": round(self.baseline.p95),
        }


@dataclass(frozen=True)
class Slowdown:
    """How today compares, kind by kind, the most slowed first. `slower` are those that became slower; `overall` is how
    many times as long all kinds take, each weighed by how often it was asked, or None where they were too few."""

    compared: Sequence[Comparison]
    slower: Sequence[Comparison]
    overall: float | None
    longer_by_ms: float


def slowdown(today: DayFigures, baselines: Mapping[str, Baseline], limits: LimitsSection) -> Slowdown:
    """Kinds with fewer than `response_least_requests` today are not compared by themselves."""
    pairs = [
        Comparison(name, figures, baselines[name]) for name, figures in today.routes.items()
        if name in baselines and name != OTHER_REQUESTS
    ]  # fmt: skip
    compared = sorted(
        (one for one in pairs if one.today.count >= limits.response_least_requests),
        key=lambda one: (-max(one.times, one.tail_times), one.name),
    )
    slower = [one for one in compared if one.is_slower(limits.degraded_times, limits.degraded_least)]
    several = [one for one in pairs if one.today.count >= _LEAST_OF_A_KIND and one.times > 0]
    many = sum(one.today.count for one in several)
    if many < _LEAST_OF_ALL:
        return Slowdown(compared, slower, None, 0.0)
    times = exp(sum(one.today.count * log(one.times) for one in several) / many)
    longer = sum(one.today.count * (one.today.median - one.baseline.median) for one in several) / many
    return Slowdown(compared, slower, times, longer)


def baselines_of_day(day: DayFigures, least: int) -> dict[str, Baseline]:
    """As one day was, of the kinds that were asked for often enough on it."""
    return {
        name: Baseline(one.median, one.p95, one.error_of_log_median, one.count)
        for name, one in day.routes.items()
        if one.count >= least and one.median > 0
    }


def baselines_of_days(days: Sequence[DayFigures], least: int, least_days: int) -> dict[str, Baseline]:
    """As several days were: the median of their medians, of kinds that were asked for often enough on so many."""
    return dict(_of_days(days, least, least_days))


def _of_days(days: Sequence[DayFigures], least: int, least_days: int) -> Iterator[tuple[str, Baseline]]:
    for name in sorted({name for day in days for name in day.routes}):
        found = [day.routes[name] for day in days if name in day.routes]
        enough = [one for one in found if one.count >= least and one.median > 0]
        if len(enough) < least_days:
            continue
        usual = median(one.median for one in enough)
        deviations = (abs(log(one.median / usual)) for one in enough)
        spread = max(_OF_NORMAL_SPREAD * median(deviations), _LEAST_HABIT)
        # The highest of the tails: one bad day among them is part of what is usual.
        yield name, Baseline(usual, max(one.p95 for one in enough), spread, min(one.count for one in enough))
