"""From numbers to places: percentages across, pixels down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10


@dataclass(frozen=True)
class Tick:
    y: float
    text: str


@dataclass(frozen=True)
class Scale:
    """Values from zero to `top` on a height of so many pixels, below `margin` pixels for what stands above."""

    top: float
    height: float
    margin: float = 18.0

    @classmethod
    def over(cls, values: Sequence[float], height: float) -> Scale:
        """One that all of the values fit on, with a round number at its top."""
        largest = max(values, default=0.0)
        step = _round_step(largest)
        steps = max(1, -(-largest // step))
        return cls(step * steps, height)

    def y(self, value: float) -> float:
        """Pixels from the top of the drawing."""
        share = min(max(value / self.top, 0.0), 1.0)
        return round(self.margin + (1 - share) * self.height, 1)

    @property
    def bottom(self) -> float:
        return self.margin + self.height

    @property
    def ticks(self) -> Sequence[Tick]:
        """The round numbers above zero, two or three of them."""
        step = _round_step(self.top)
        many = round(self.top / step)
        return [Tick(self.y(number * step), short(number * step)) for number in range(1, many + 1)]


def _round_step(largest: float) -> float:
    """So that two to four steps of 1, 2, 5, 10, 20 ... reach it."""
    if largest <= 0:
        return 1.0
    power = 10.0 ** floor(log10(largest / 3))
    step = next((one * power for one in (1, 2, 5, 10) if largest / (one * power) <= 4), 10 * power)
    return step if step >= 1 or largest < 1 else 1.0


def short(number: float) -> str:
    """As an axis says it: 1500 is "1,500", 2000000 is "2 M"."""
    if abs(number) >= 1_000_000:
        return f"{number / 1_000_000:g} M"
    return f"{number:,.0f}" if number >= 10 or number == int(number) else f"{number:g}"


def percent(part: float, whole: float) -> float:
    """Of a width, with two decimals; nothing of nothing."""
    return round(100 * part / whole, 2) if whole > 0 else 0.0
