"""How many looks were made in a window, and how many of them found the way up: the naive way to count."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate

from hypercare.plan.calendar import Period
from hypercare.uptime.sample import Sample
from hypercare.uptime.state import State


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
