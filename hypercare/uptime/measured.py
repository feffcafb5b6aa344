"""A timeline within a window, as seconds and percentages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from hypercare.plan.calendar import Period
from hypercare.uptime.span import Span, Timeline
from hypercare.uptime.state import State

_NONE = timedelta(0)


@dataclass(frozen=True)
class Measured:
    """Service time between two instants, each second of it in one state, each stretch with its receipts.

    `checks` and `successes` are how many looks were made in the window and how many of them found the way up.
    Percentages are exact fractions of one hundred; None where there is nothing that they could be a share of.
    """

    window: Period
    intervals: Sequence[Span]
    seconds: Mapping[State, timedelta]
    checks: int = 0
    successes: int = 0

    @property
    def up(self) -> timedelta:
        return sum((length for state, length in self.seconds.items() if state.is_up), _NONE)

    @property
    def down(self) -> timedelta:
        return self.seconds[State.DOWN]

    @property
    def unknown(self) -> timedelta:
        return self.seconds[State.UNKNOWN]

    @property
    def maintenance(self) -> timedelta:
        return self.seconds[State.MAINTENANCE]

    @property
    def service(self) -> timedelta:
        """All service time of the window, maintenance and what nobody saw among it."""
        return sum(self.seconds.values(), _NONE)

    @property
    def percent(self) -> Fraction | None:
        """Up, of the time that was observed."""
        return _percent(self.up, self.up + self.down)

    @property
    def lower(self) -> Fraction | None:
        """As if it had been down whenever nobody looked."""
        return _percent(self.up, self.service - self.maintenance)

    @property
    def upper(self) -> Fraction | None:
        """As if it had been up whenever nobody looked."""
        return _percent(self.up + self.unknown, self.service - self.maintenance)

    @property
    def coverage(self) -> Fraction | None:
        """How much of the time that is judged was observed."""
        return _percent(self.up + self.down, self.service - self.maintenance)

    @property
    def naive(self) -> Fraction | None:
        """What successes divided by checks would say: blind to how long, to gaps, to hours and to maintenance."""
        return Fraction(100 * self.successes, self.checks) if self.checks else None


def measured(
    timeline: Timeline, service: Sequence[Period], window: Period, *, checks: int = 0, successes: int = 0
) -> Measured:
    """The part of a timeline that lies in the window and in service time (periods in order and apart).

    Service time of the window about which the timeline says nothing is unknown.
    """
    intervals = list(_intervals(timeline, service, window))
    seconds = dict.fromkeys(State, _NONE)
    for interval in intervals:
        seconds[interval.state] += interval.length
    return Measured(window, intervals, seconds, checks, successes)


def rounded(percent: Fraction | None) -> float | None:
    """With three decimals, and 100 or 0 only where it is exactly that: nobody reads a full hundred after an outage."""
    if percent is None:
        return None
    near = float(round(percent, 3))
    if near == 100 and percent < 100:
        return 99.999
    return 0.001 if near == 0 and percent > 0 else near


def _percent(part: timedelta, whole: timedelta) -> Fraction | None:
    tick = timedelta(microseconds=1)
    return Fraction(100 * (part // tick), whole // tick) if whole > _NONE else None


def _intervals(timeline: Timeline, service: Sequence[Period], window: Period) -> Iterator[Span]:
    """Pieces in service time; neighbours that touch in one state are one, with the receipts of all."""
    before: Span | None = None
    for piece in _clipped(timeline, service, window):
        if before is not None and before.end == piece.start and before.state is piece.state:
            receipts = dict.fromkeys((*before.receipts, *piece.receipts))
            before = Span(before.start, piece.end, piece.state, tuple(receipts))
            continue
        if before is not None:
            yield before
        before = piece
    if before is not None:
        yield before


def _clipped(timeline: Timeline, service: Sequence[Period], window: Period) -> Iterator[Span]:
    place = 0
    for period in service:
        start, end = max(period.start, window.start), min(period.end, window.end)
        if end <= start:
            continue
        while place < len(timeline) and timeline[place].end <= start:
            place += 1
        yield from _filled(timeline, place, start, end)


def _filled(timeline: Timeline, place: int, start: datetime, end: datetime) -> Iterator[Span]:
    reached = start
    while reached < end:
        if place == len(timeline) or timeline[place].start >= end:
            yield Span(reached, end, State.UNKNOWN)
            return
        span = timeline[place].between(reached, end)
        if span.start > reached:
            yield Span(reached, span.start, State.UNKNOWN)
        yield span
        reached, place = span.end, place + 1
