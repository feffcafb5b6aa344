"""Reads sales of past months a few days at a time: no statement is long, and a round stops when it has read enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hypercare.operations_model.model import Model
from hypercare.seals.month_contents import Slice, has_more_sales, slices_of

# One statement reads the sales of no more days than hold so many, as far as is known; one day in any case.
AT_ONCE = 250_000
# A day may be much quieter than those that follow.
_GROWS_BY = 8


@dataclass(frozen=True)
class ReadDays:
    """What is known of some days of a month, by their numbers; `is_all` where these are all that were wanted."""

    slices: Mapping[str, Slice]
    days: Sequence[int]
    is_all: bool


class MonthReading:
    """Of one round, which reads no more than `most` sales, and some days at least."""

    def __init__(self, model: Model, most: int) -> None:
        self._model = model
        self._most = most
        self._read: int | None = None

    @property
    def is_over(self) -> bool:
        """Whether as much was read as a round may."""
        return self._read is not None and self._read >= self._most

    def of(self, month: date, days: Sequence[int], sales_a_day: int | None = None) -> ReadDays:
        """The days in this order, as far as it goes; `sales_a_day` are as many as a day has, where that is known."""
        slices: dict[str, Slice] = {}
        at_once = self._days_at_once(month, days, sales_a_day)
        done = 0
        while done < len(days) and not self.is_over:
            run = _run(days[done : done + at_once])
            found = slices_of(self._model, month.replace(day=run[0]), month.replace(day=run[-1]))
            slices.update(found)
            done += len(run)
            read = sum(one.count + one.taken_back for one in found.values())
            self._read = (self._read or 0) + read
            at_once = min(_GROWS_BY * at_once, max(1, AT_ONCE * len(run) // max(1, read)))
        return ReadDays(slices, days[:done], done == len(days))

    def _days_at_once(self, month: date, days: Sequence[int], sales_a_day: int | None) -> int:
        if sales_a_day is not None:
            return max(1, AT_ONCE // max(1, sales_a_day))
        if not days or has_more_sales(self._model, month.replace(day=min(days)), month.replace(day=max(days)), AT_ONCE):
            return 1
        return len(days)


def _run(days: Sequence[int]) -> Sequence[int]:
    """The first of them that follow each other."""
    for place in range(1, len(days)):
        if days[place] != days[place - 1] + 1:
            return days[:place]
    return days
