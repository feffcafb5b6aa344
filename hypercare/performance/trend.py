"""A line through the days by Theil and Sen, which a few bad days do not bend, with how sure its slope is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from statistics import NormalDist, median


@dataclass(frozen=True)
class Trend:
    """`slope` a unit of the first coordinate, and between which values it lies with the confidence asked for."""

    slope: float
    low: float
    high: float

    @property
    def is_upward(self) -> bool:
        return self.low > 0


def trend_of(points: Sequence[tuple[float, float]], confidence: float) -> Trend | None:
    """None where there are too few points for anything to be said with that confidence.

    The bounds are Sen's: by how far Kendall's sum goes by chance where there is no trend.
    """
    slopes = sorted((y - x) / (b - a) for (a, x), (b, y) in combinations(sorted(points), 2) if b > a)
    number = len(points)
    if number < 3 or not slopes:
        return None
    spread = sqrt(number * (number - 1) * (2 * number + 5) / 18)
    reach = NormalDist().inv_cdf((1 + confidence) / 2) * spread
    below = int((len(slopes) - reach) / 2)
    if reach >= len(slopes):
        return None
    return Trend(median(slopes), slopes[max(below - 1, 0)], slopes[min(len(slopes) - below, len(slopes) - 1)])
