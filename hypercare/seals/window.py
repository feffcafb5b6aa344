"""Which days of the watch a question has to ask, and what is known of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, false, literal_column, or_

from hypercare.operations_model.instants import Instant
from hypercare.plan.calendar import Period

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Watch:
    """Records of an entity by the days on which one of their instants lies, and what else a question about them reads.

    `parts` are entities that belong to them, each by a field of the entity's name (lines and payments of a sale): when
    one of a part changes, comes or goes, the day of its whole has changed. `beside` are small entities that are
    compared with (branches): when anything in them changes, every day has.

    `owners` are what the records themselves belong to or come from, each by the field that names it ("order" of a cost)
    and, where one of their fields alone is read, by that as well ("entered_by.branch"): when one of them changes or
    goes, the days of its records have changed.
    """

    entity: str
    field: str
    parts: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()


@dataclass(frozen=True)
class Day:
    """A day of the watch, as long as it is over by the end of it."""

    date: date
    period: Period


@dataclass(frozen=True)
class Window:
    """The `days` to ask, oldest first, out of the `whole` watch.

    `sealed` is what the question kept of each day that it need not ask again; nothing was amiss on any of them. `left`
    is how many days are for later rounds, since there is too much to look at in one. A window that does not seal is the
    whole watch, and nothing is kept of it.
    """

    whole: Period
    days: tuple[Day, ...]
    sealed: Mapping[date, Mapping[str, Any]] = field(default_factory=dict)
    left: int = 0
    keep: Callable[[Mapping[date, Mapping[str, Any]]], None] | None = None

    @property
    def seals(self) -> bool:
        """Whether it is worth while to ask day by day."""
        return self.keep is not None

    @property
    def remembered(self) -> Mapping[str, int]:
        """The sums of what was kept of the sealed days, to be added to what is counted now."""
        total: Counter[str] = Counter()
        for figures in self.sealed.values():
            total.update(figures)
        return total

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the watch is left out."""
        return len(self.ranges) == 1 and self.ranges[0] == self.whole

    @property
    def ranges(self) -> tuple[Period, ...]:
        """The days as few half-open ranges, oldest first; none lies beside another."""
        return merged([day.period for day in self.days])

    def within(self, instant: Instant) -> ColumnElement[bool]:
        """Whether an instant lies on a day that is to be asked, told on the raw column."""
        return or_(false(), *(instant.within(one) for one in self.ranges))

    def day_of(self, instant: Instant) -> ColumnElement[int]:
        """The number of the instant's day among `days`, null for none of them; to be grouped by."""
        return case((self.within(instant), number_of_day(instant, [day.period for day in self.days])))

    def judged(self, rows: Iterable[Row]) -> None:
        """Say what was found day by day: each row has "day" (as `day_of` gives it), "wrong", and figures to be kept.

        Days that are over, on which nothing is wrong, are sealed; a day without a row had nothing to look at, and is
        sealed as well. Figures are whole numbers ("looked_at", "worth" ...), which `remembered` adds up later. Rows of
        the day None (without an instant, or of the future) belong to no day and are left out.
        """
        if self.keep is None:
            return
        found: dict[date, Mapping[str, int]] = {day.date: {} for day in self.days}
        for row in rows:
            if row["day"] is None:
                continue
            day = self.days[int(row["day"])].date
            if row["wrong"]:
                found.pop(day, None)
            else:
                found[day] = {name: int(value or 0) for name, value in row.items() if name not in {"day", "wrong"}}
        self.keep(found)


def number_of_day(instant: Instant, days: Sequence[Period]) -> ColumnElement[int]:
    """The number of the last of these periods that begins no later than the instant: one of few comparisons a record.

    They are told apart by their bounds and not by a date function: 23 and 25 hours are right on every engine.
    """
    return _number(instant, days, 0)


def _number(instant: Instant, days: Sequence[Period], first: int) -> ColumnElement[int]:
    if len(days) <= 1:
        return literal_column(str(first))
    middle = len(days) // 2
    later = _number(instant, days[middle:], first + middle)
    return case((instant.since(days[middle].start), later), else_=_number(instant, days[:middle], first))


def merged(periods: Iterable[Period]) -> tuple[Period, ...]:
    """The periods as few half-open ranges, oldest first: what touches or overlaps is one."""
    ranges: list[Period] = []
    for one in sorted(periods):
        if ranges and one.start <= ranges[-1].end:
            ranges[-1] = Period(ranges[-1].start, max(ranges[-1].end, one.end))
        else:
            ranges.append(one)
    return tuple(ranges)
