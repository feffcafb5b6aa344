"""How long the looks of one check may take in all, so that it ends in words of its own before it is cut off."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from hypercare.outcome.signals import NotCovered

# A check that found something looks once more, and both looks have to fit.
_SHARE = 0.45


@dataclass
class TimeBudget:
    """Not running outside of `running`; then nothing is out of time."""

    check_limit: timedelta
    _ends: float | None = None

    @contextmanager
    def running(self) -> Iterator[None]:
        """For the length of what one check asks of a resource; one within another goes on with the first."""
        if self._ends is not None:
            yield
            return
        self._ends = time.monotonic() + self.seconds
        try:
            yield
        finally:
            self._ends = None

    @property
    def seconds(self) -> float:
        return self.check_limit.total_seconds() * _SHARE

    @property
    def left(self) -> float:
        return float("inf") if self._ends is None else max(0.0, self._ends - time.monotonic())

    def has(self, seconds: float) -> bool:
        """Whether something that takes as long may still be begun."""
        return self.left >= seconds

    def gap(self, done: str) -> NotCovered:
        """To be raised for what was left undone."""
        return NotCovered(
            f"{done} in the {self.seconds:.0f} s that one look of a check may take, since each took so long.",
            remedy="See why it takes so long; if it has to, raise [rounds] check_limit.",
        )
