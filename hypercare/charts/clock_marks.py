"""Marks of the clock along a stretch of time, few enough to stand beside each other on a phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from hypercare.charts.scale import percent
from hypercare.charts.words import HOUR, clock

_MOST = 4
_STEPS = (1, 2, 3, 4, 6, 8, 12, 24)
# So near an end, in percent, a mark would run into that of the end.
_NEAR = 16.0


@dataclass(frozen=True)
class Mark:
    """`x` is in percent."""

    x: float
    text: str


@dataclass(frozen=True)
class Clock:
    """A stretch of time as the width of a picture."""

    start: datetime
    end: datetime

    def x(self, instant: datetime) -> float:
        """Where an instant stands, in percent; what lies outside stands at the end that is nearer."""
        inside = min(max(instant, self.start), self.end)
        return percent((inside - self.start).total_seconds(), (self.end - self.start).total_seconds())

    def holds(self, instant: datetime | None) -> bool:
        return instant is not None and self.start <= instant <= self.end

    def marks(self) -> list[Mark]:
        """Its ends, and round hours between them."""
        hours = (self.end - self.start) / HOUR
        step = next((one for one in _STEPS if hours / one <= _MOST), _STEPS[-1])
        at = self.start.replace(minute=0, second=0, microsecond=0)
        between = []
        while at < self.end:
            if at.hour % step == 0 and _NEAR < self.x(at) < 100 - _NEAR:
                between.append(Mark(self.x(at), clock(at)))
            at += timedelta(hours=1)
        return [Mark(0.0, clock(self.start)), *between, Mark(100.0, clock(self.end))]
