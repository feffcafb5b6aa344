"""What probers saw: one look, looks put together, and how many there were in a window: the naive way to count."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from hypercare.plan.calendar import Period
from hypercare.uptime.state import State

REACH = 1.5


@dataclass(frozen=True)
class Sample:
    """One look, or `count` looks that followed each other and saw the same, from `at` to `last`.

    `interval` is how long the prober meant to wait until its next look. `confirmed` says that a failure was tried again
    at once and failed again. Without a `branch` it holds for the whole business. Instants are aware, kept in UTC.
    """

    way: str
    prober: str
    at: datetime
    state: State
    interval: timedelta = timedelta(seconds=60)
    confirmed: bool = True
    branch: str = ""
    latency_ms: float | None = None
    says: str = ""
    last: datetime | None = None
    count: int = 1

    def __post_init__(self) -> None:
        if self.at.tzinfo is not UTC:
            object.__setattr__(self, "at", self.at.astimezone(UTC))
        if self.last is not None:
            object.__setattr__(self, "last", self.last.astimezone(UTC))

    @property
    def newest(self) -> datetime:
        """The instant of the last look that this speaks of."""
        return self.last or self.at

    def speaks_until(self, reach: float) -> datetime:
        """Until when it can speak at most: `reach` intervals after the last look."""
        return self.newest + self.interval * reach


def put_together(samples: Iterable[Sample], reach: float = REACH) -> list[Sample]:
    """The same looks in fewer samples, from which every uptime comes out as before.

    Looks of one prober at one way are put together while each came within `reach` intervals of the one before and saw
    the same at the same interval. The latency becomes their mean.
    """
    series: defaultdict[tuple[str, str, str], list[Sample]] = defaultdict(list)
    for sample in samples:
        series[sample.way, sample.branch, sample.prober].append(sample)
    return [one for members in series.values() for one in _runs(sorted(members, key=lambda one: one.at), reach)]


def _runs(ordered: list[Sample], reach: float) -> Iterable[Sample]:
    run = ordered[0]
    for sample in ordered[1:]:
        if _same(run, sample) and run.newest < sample.at <= run.speaks_until(reach):
            run = _merged(run, sample)
        else:
            yield run
            run = sample
    yield run


def _same(one: Sample, other: Sample) -> bool:
    return (one.state, one.confirmed, one.interval) == (other.state, other.confirmed, other.interval)


def _merged(run: Sample, sample: Sample) -> Sample:
    count = run.count + sample.count
    latencies = [(one.latency_ms, one.count) for one in (run, sample) if one.latency_ms is not None]
    measured = sum(number for _, number in latencies)
    latency = sum(latency * number for latency, number in latencies) / measured if measured else None
    return replace(run, last=sample.newest, count=count, latency_ms=latency, says=run.says or sample.says)


class Tally:
    """The looks of a place, at least one; announced maintenance is no look."""

    def __init__(self, samples: Iterable[Sample]) -> None:
        ordered = sorted(samples, key=lambda sample: sample.at)
        self.first = ordered[0].at
        judged = [sample for sample in ordered if sample.state is not State.MAINTENANCE]
        single = [sample for sample in judged if sample.last is None]
        self._runs = [sample for sample in judged if sample.last is not None]
        self._instants = [sample.at for sample in single]
        self._checks = [0, *accumulate(sample.count for sample in single)]
        self._successes = [0, *accumulate(sample.count if sample.state.is_up else 0 for sample in single)]

    def within(self, window: Period) -> tuple[int, int]:
        """Checks and successes."""
        begin, end = bisect_left(self._instants, window.start), bisect_left(self._instants, window.end)
        checks, successes = self._checks[end] - self._checks[begin], self._successes[end] - self._successes[begin]
        for run in self._runs:
            number = _looks_within(run, window)
            checks += number
            successes += number if run.state.is_up else 0
        return checks, successes


def _looks_within(run: Sample, window: Period) -> int:
    """How many of the looks that were put together lie in the window, as if they had been evenly spaced."""
    if run.at >= window.start and run.newest < window.end:
        return run.count
    if run.newest < window.start or run.at >= window.end or run.count < 2:
        return int(run.at in window)
    step = (run.newest - run.at) / (run.count - 1)
    return sum(run.at + step * number in window for number in range(run.count))
