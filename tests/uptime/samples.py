"""Samples as tests of the uptime need them: so many, so far apart, of such a state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypercare.plan.calendar import Period
from hypercare.uptime.ledger import Ledger
from hypercare.uptime.measured import Measured, rounded
from hypercare.uptime.sample import Sample
from hypercare.uptime.state import State

UP, DEGRADED, FLAKY, DOWN = State.UP, State.DEGRADED, State.FLAKY, State.DOWN
MAINTENANCE, UNKNOWN = State.MAINTENANCE, State.UNKNOWN


def at(text: str) -> datetime:
    """ "10:30" of 2 November 2026, or "05 10:30" of another day of that month, in UTC."""
    day, _, clock = text.rpartition(" ")
    parts = [int(part) for part in clock.split(":")]
    return datetime(2026, 11, int(day or 2), *parts, tzinfo=UTC)


def series(start: str, end: str, state: State = UP, *, every: float = 60, **more: object) -> list[Sample]:
    """Samples from `start` on, each `every` seconds, before `end`."""
    first, last, step = at(start), at(end), timedelta(seconds=every)
    settings = {"way": "web", "prober": "one", "interval": step, **more}
    number = -((first - last) // step)
    return [Sample(at=first + step * count, state=state, **settings) for count in range(number)]  # type: ignore[arg-type]


def measure(ledger: Ledger, start: str, end: str, **more: str) -> Measured:
    """A window in which every hour is service time."""
    window = Period(at(start), at(end))
    return ledger.measured([window], window, **more)


def seconds(found: Measured) -> dict[str, float]:
    """The seconds of every state that has some."""
    return {state.value: length.total_seconds() for state, length in found.seconds.items() if length}


@dataclass(frozen=True)
class Case:
    """What is known, and what follows from it to the second; `naive` is what successes divided by checks would say."""

    name: str
    ledger: Ledger
    window: tuple[str, str]
    seconds: dict[str, float]
    percent: float | None
    coverage: float | None
    bounds: tuple[float | None, float | None]
    naive: float | None

    def check(self) -> None:
        found = measure(self.ledger, *self.window)
        assert seconds(found) == self.seconds
        assert rounded(found.percent) == self.percent
        assert rounded(found.coverage) == self.coverage
        assert (rounded(found.lower), rounded(found.upper)) == self.bounds
        assert rounded(found.naive) == self.naive
