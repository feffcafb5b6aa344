"""The share of a day for which a target's database may be at work for us."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property


class DayShare:
    """`allowed_s` is what all rounds of a day may take together; `earlier` tells what those before this one took."""

    def __init__(self, allowed_s: float, earlier: Callable[[], float] = lambda: 0.0) -> None:
        self.allowed_s = allowed_s
        self._earlier = earlier
        self._own_s = 0.0

    def spend(self, seconds: float) -> None:
        """The database was at work for so long."""
        self._own_s += seconds

    @cached_property
    def earlier_s(self) -> float:
        return self._earlier()

    @property
    def is_used_up(self) -> bool:
        return self.earlier_s + self._own_s >= self.allowed_s
