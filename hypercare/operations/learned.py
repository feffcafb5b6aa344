"""What earlier days tell, day by day: how often something was so. A day that is over is read once, and remembered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from hypercare.seals import Seals, Watch, Window


@dataclass(frozen=True)
class Counted:
    """How many records of the `day` among those asked are so; of some it `is_new`, so that they tell nothing yet."""

    day: int | None
    is_new: bool
    so: str
    many: int


def learned(seals: Seals, name: str, watch: Watch, ask: Callable[[Window], Iterable[Counted]]) -> Counter[str]:
    """How many records of the watch are so that are not new; `ask` counts those of the days that have to be read."""
    earlier: dict[date, Counter[str]] = {}

    def read(window: Window) -> dict[date, dict[str, int]]:
        whole: dict[date, Counter[str]] = {day.date: Counter() for day in window.days}
        earlier.update({day: Counter() for day in whole})
        for one in ask(window):
            if one.day is None:
                continue
            day = window.days[one.day].date
            whole[day][one.so] += one.many
            earlier[day][one.so] += 0 if one.is_new else one.many
        return {day: dict(counts) for day, counts in whole.items()}

    total: Counter[str] = Counter()
    for day, counts in seals.daily(name, watch, read).items():
        total.update(earlier.get(day, counts))
    return total
