"""What a prober saw of a way at an instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypercare.uptime.state import State


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
