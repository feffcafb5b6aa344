"""Durations counted in classes, each a twentieth longer than the one before: small to keep, and good to two percent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, exp, log
from typing import Self

_WIDTH = log(1.05)
_SHORTEST_MS = 0.01


@dataclass
class Histogram:
    """How many durations fell into which class, by the class's number."""

    classes: Counter[int] = field(default_factory=Counter)

    def add(self, milliseconds: float) -> None:
        self.classes[round(log(max(milliseconds, _SHORTEST_MS)) / _WIDTH)] += 1

    @property
    def count(self) -> int:
        return self.classes.total()

    def at_share(self, share: float) -> float:
        """The milliseconds that `share` of the durations did not exceed (nearest rank); zero where there is none."""
        rank, passed = max(1, ceil(share * self.count)), 0
        for number in sorted(self.classes):
            passed += self.classes[number]
            if passed >= rank:
                return exp(number * _WIDTH)
        return 0.0

    def as_json(self) -> list[list[int]]:
        return [[number, many] for number, many in sorted(self.classes.items())]

    @classmethod
    def from_json(cls, value: Sequence[Sequence[int]]) -> Self:
        return cls(Counter({int(number): int(many) for number, many in value}))
