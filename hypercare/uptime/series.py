"""The samples of one prober for one way, as a timeline.

What a look saw holds until the next one, but at most for `reach` intervals; what lies beyond is unknown. A failure
that was tried again at once, or that two looks in a row saw, is an outage from its first look on. A single failure that
nobody tried again is flaky when the next look found the way up, and unknown when there was no next look.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from hypercare.uptime.sample import Sample
from hypercare.uptime.span import Evidence, Receipt, Span
from hypercare.uptime.state import State

_INSTANT = timedelta(microseconds=1)
# A stretch that ends within a second before the next one begins touches it: monitors write whole seconds.
_TOUCHING = timedelta(seconds=1)


def timeline_of_series(samples: Iterable[Sample], until: datetime, reach: float) -> list[Span]:
    """The timeline from the first sample on, to `until` at least; in whatever order the samples come."""
    ordered = in_order(samples)
    states = decided(ordered, reach)
    reaches = {interval: interval * reach for interval in {sample.interval for sample in ordered}}
    spans: list[Span] = []
    begun = 0
    for number, sample in enumerate(ordered):
        after = ordered[number + 1] if number + 1 < len(ordered) else None
        spoken = sample.newest + reaches[sample.interval]
        goes_on = after is not None and after.at <= spoken and states[number + 1] is states[number]
        if goes_on:
            continue
        next_at = after.at if after is not None else max(until, sample.newest)
        end = next_at if _touches(sample, after, spoken) else min(spoken, next_at)
        spans.append(_span_of_run(ordered[begun : number + 1], states[number], end))
        if end < next_at:
            spans.append(_silence(sample, end, next_at))
        begun = number + 1
    return [span for span in spans if span.end > span.start]


def _touches(sample: Sample, after: Sample | None, spoken: datetime) -> bool:
    """Whether a stretch, which speaks of its own time only, goes on to the very beginning of the next one."""
    is_stretch = sample.last is not None and not sample.interval
    return is_stretch and after is not None and after.at - spoken <= _TOUCHING


def in_order(samples: Iterable[Sample]) -> list[Sample]:
    """By time, one an instant: of several the one that says most."""
    ordered = sorted(samples, key=lambda sample: sample.at)
    if any(sample.last for sample in ordered):
        return list(_untangled(ordered))
    if any(before.at == after.at for before, after in pairwise(ordered)):
        ordered.sort(key=_rank)
    return [sample for number, sample in enumerate(ordered) if not number or ordered[number - 1].at != sample.at]


def decided(ordered: Sequence[Sample], reach: float) -> list[State]:
    """The state that each sample stands for, failures judged by their neighbours."""
    states = [sample.state for sample in ordered]
    number = 0
    while number < len(ordered):
        end = number + 1
        if ordered[number].state is State.DOWN:
            while end < len(ordered) and ordered[end].state is State.DOWN and _follows(ordered, end, reach):
                end += 1
            run = ordered[number:end]
            if not any(sample.confirmed for sample in run) and sum(sample.count for sample in run) < 2:
                states[number] = _of_single_failure(ordered, end, reach)
        number = end
    return states


def _of_single_failure(ordered: Sequence[Sample], following: int, reach: float) -> State:
    answered = following < len(ordered) and _follows(ordered, following, reach) and ordered[following].state.is_up
    return State.FLAKY if answered else State.UNKNOWN


def _follows(ordered: Sequence[Sample], number: int, reach: float) -> bool:
    """Whether a sample came while the one before it could still speak."""
    return ordered[number].at <= ordered[number - 1].speaks_until(reach)


def _rank(sample: Sample) -> tuple[object, ...]:
    """By time; at one instant the heaviest first, and then whatever makes the order certain."""
    interval = -sample.interval.total_seconds()
    return (sample.at, -sample.state.weight, not sample.confirmed, interval, -sample.count, sample.newest, sample.says)


def _untangled(ordered: list[Sample]) -> Iterator[Sample]:
    """Samples put together are parted where another one falls between them; one an instant is left."""
    waiting = [(_rank(sample), number, sample) for number, sample in enumerate(ordered)]
    heapq.heapify(waiting)
    numbers = itertools.count(len(waiting))
    before: datetime | None = None
    while waiting:
        sample = heapq.heappop(waiting)[2]
        following = waiting[0][2].at if waiting else None
        rest: Sample | None = None
        if sample.at == before:
            rest = _parted(sample, sample.at)[1]
        else:
            if following is not None and following <= sample.newest:
                sample, rest = _parted(sample, following)
            before = sample.at
            yield sample
        if rest is not None:
            heapq.heappush(waiting, (_rank(rest), next(numbers), rest))


def _parted(sample: Sample, at: datetime) -> tuple[Sample, Sample | None]:
    """What was looked at before an instant (one look at least) and the rest, as if evenly spaced."""
    if sample.last is None or sample.last == sample.at:
        return sample, None
    if sample.count < 2:
        return replace(sample, last=max(sample.at, at - _INSTANT)), None
    step = (sample.last - sample.at) / (sample.count - 1)
    early = min(max(1, -((sample.at - at) // step)), sample.count - 1)
    first = replace(sample, last=sample.at + step * (early - 1), count=early)
    begin = min(sample.at + step * early, sample.last)
    return first, replace(sample, at=begin, count=sample.count - early)


def _span_of_run(run: Sequence[Sample], state: State, end: datetime) -> Span:
    first, last = run[0], run[-1]
    telling = next((sample.says for sample in run if sample.says), "")
    newest = end if last.newest < end <= last.newest + _TOUCHING else min(last.newest, end)
    receipt = Receipt(
        Evidence.SAMPLES,
        first.prober,
        first.at,
        newest,
        state,
        first.way,
        first.branch,
        sum(sample.count for sample in run),
        telling,
    )
    return Span(first.at, end, state, (receipt,))


def _silence(after: Sample, start: datetime, end: datetime) -> Span:
    receipt = Receipt(Evidence.SILENCE, after.prober, start, end, State.UNKNOWN, after.way, after.branch)
    return Span(start, end, State.UNKNOWN, (receipt,))
