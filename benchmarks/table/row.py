"""A row of the table, and how its figures come about: pairs of runs, one after the other in one session."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """`ratio` is held against `at_most` or `at_least`; None where it was not measured, and `note` says why."""

    work: str
    beside: str
    goal: str
    figures: str
    ratio: float | None = None
    spread: str = ""
    at_most: float | None = None
    at_least: float | None = None
    note: str = ""
    unit: str = "x"

    @property
    def verdict(self) -> str:
        if self.ratio is None:
            return "not measured"
        if self.at_most is not None:
            return "reached" if self.ratio <= self.at_most else "missed"
        if self.at_least is not None:
            return "reached" if self.ratio >= self.at_least else "missed"
        return "told"


@dataclass(frozen=True)
class Pairs:
    """What two works cost, measured in turn."""

    ours: tuple[float, ...]
    theirs: tuple[float, ...]

    @property
    def ratios(self) -> list[float]:
        return [one / other for one, other in zip(self.ours, self.theirs, strict=True) if other]

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)

    @property
    def spread(self) -> str:
        return f"{min(self.ratios):.2f} to {max(self.ratios):.2f} of {len(self.ratios)} pairs"

    def figures(self, unit: str = "s") -> str:
        return f"{statistics.median(self.ours):.2f} {unit} beside {statistics.median(self.theirs):.2f} {unit}"


def paired(ours: Callable[[], float], theirs: Callable[[], float], pairs: int, *, warm_up: bool = True) -> Pairs:
    """Both in turn, now one first and now the other, after one of each that is not counted."""
    if warm_up:
        ours()
        theirs()
    mine, others = [], []
    for number in range(pairs):
        if number % 2:
            others.append(theirs())
            mine.append(ours())
        else:
            mine.append(ours())
            others.append(theirs())
    return Pairs(tuple(mine), tuple(others))
