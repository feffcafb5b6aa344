"""Several timelines made one: the probers of a way, and the ways of a system."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from hypercare.uptime.span import Receipt, Span, Timeline, joined
from hypercare.uptime.state import State

Verdict = Callable[[Sequence[Span]], Span]


def probers_of_one_way(timelines: Sequence[Timeline]) -> list[Span]:
    """One way as several probers saw it: down when more than half of those that know say so.

    Where it is down for half of them or fewer it is degraded: it does not answer everybody.
    """
    return _swept(timelines, _of_probers)


def ways_of_one_system(timelines: Sequence[Timeline]) -> list[Span]:
    """A system is down while any of its ways is, and up only while all of them are known to be.

    A way in maintenance is not asked; one that nobody has looked at yet does not count before its first look.
    """
    return _swept(timelines, _of_ways)


def _of_probers(spans: Sequence[Span]) -> Span:
    observed = [span for span in spans if span.state is not State.UNKNOWN]
    announced = [span for span in observed if span.state is State.MAINTENANCE]
    if not observed or announced:
        return _from(announced or spans)
    down = [span for span in observed if span.state is State.DOWN]
    if len(down) * 2 > len(observed):
        return _from(down)
    if down:
        return _from(observed, State.DEGRADED)
    return _from(observed)


def _of_ways(spans: Sequence[Span]) -> Span:
    judged = [span for span in spans if span.state is not State.MAINTENANCE]
    for decisive in (State.DOWN, State.UNKNOWN):
        those = [span for span in judged if span.state is decisive]
        if those:
            return _from(those)
    return _from(judged or spans)


def _from(spans: Sequence[Span], state: State | None = None) -> Span:
    """In the heaviest state among them, with the receipts of those that stand in it."""
    heaviest = max((span.state for span in spans), key=lambda one: one.weight)
    telling = spans if state is not None else [span for span in spans if span.state is heaviest]
    receipts: tuple[Receipt, ...] = tuple(dict.fromkeys(receipt for span in telling for receipt in span.receipts))
    return Span(telling[0].start, telling[0].end, state or heaviest, receipts)


def _swept(timelines: Sequence[Timeline], verdict: Verdict) -> list[Span]:
    if len(timelines) == 1:
        return joined(timelines[0])
    return joined(_pieces(timelines, verdict))


def _pieces(timelines: Sequence[Timeline], verdict: Verdict) -> Iterator[Span]:
    edges = sorted({edge for timeline in timelines for span in timeline for edge in (span.start, span.end)})
    places = [0] * len(timelines)
    for start, end in pairwise(edges):
        here = list(_at(timelines, places, start))
        if here:
            combined = verdict(here)
            yield Span(start, end, combined.state, combined.receipts)


def _at(timelines: Sequence[Timeline], places: list[int], instant: datetime) -> Iterable[Span]:
    for number, timeline in enumerate(timelines):
        while places[number] < len(timeline) and timeline[places[number]].end <= instant:
            places[number] += 1
        if places[number] < len(timeline) and timeline[places[number]].start <= instant:
            yield timeline[places[number]]
