"""Counts of the watched records, of which only the days that changed are read; those of all others are remembered."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from hypercare.operations_model.instants import Instant
from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import one_if
from hypercare.seals import Seals, Watch, Window
from hypercare.seals.window import Day

# A row of the answer: the numbers of its day and whether it is new, and what is counted of it by keys.
Counts = Mapping[str, int]
CountsByAge = Mapping[tuple[int, bool], Counts]
Ask = Callable[[Window], CountsByAge]
_PAST, _NEW = "past", "new"
_DAYS_OF_A_WEEK = 7
_AT_A_TIME = 5


@dataclass(frozen=True)
class CountsOfDays:
    """How many of the old and of the new records there are of each key; new are those since yesterday evening. While
    it `is_partial`, there are more days than could be looked at as yet."""

    past: Counter[str] = field(default_factory=Counter)
    new: Counter[str] = field(default_factory=Counter)
    is_partial: bool = False


def counted_by_day(seals: Seals, name: str, watch: Watch, ask: Ask, beside: Watch | None = None) -> CountsOfDays:
    """The counts of all days of a watch, each of its own day or as they were remembered.

    `ask` counts them by the number of their day in a window, and whether they are new. A day is read again when its
    records have changed, or those `beside` them that are of this day. Since some neighbours are of another day, each
    day is read again once a week where a watch beside is given.

    Raises what a question of the database raises.
    """
    name = f"habits: {name}"
    window = seals.window(name, watch)
    if beside is not None and window.keep is not None:
        neighbours = seals.window(f"{name}, beside", beside)
        window = _with_more(seals.model, window, {day.date for day in neighbours.days})
        if neighbours.keep is not None:
            neighbours.keep({day.date: {} for day in neighbours.days})
    by_day: dict[date, dict[str, Counter[str]]] = defaultdict(lambda: {_PAST: Counter(), _NEW: Counter()})
    for (number, is_new), counts in ask(window).items():
        by_day[window.days[number].date][_NEW if is_new else _PAST].update(counts)
    if window.keep is not None:
        window.keep({day.date: {part: dict(one) for part, one in by_day[day.date].items()} for day in window.days})
    counted = CountsOfDays(is_partial=window.left > 0)
    for day in by_day.values():
        counted.past.update(day[_PAST])
        counted.new.update(day[_NEW])
    for figures in window.sealed.values():
        # What was new when it was read is old by now.
        counted.past.update(figures[_PAST])
        counted.past.update(figures[_NEW])
    return counted


def by_day_and_age(model: Model, window: Window, at: Instant, *columns: ColumnElement[Any]) -> Select[Any]:
    """A question for columns of each record with its "day" and whether it "is_new", to be counted by all of them."""
    new = one_if(at.since(model.since_yesterday_evening.start))
    return select(window.day_of(at).label("day"), new.label("is_new"), *columns).where(window.within(at))


def _with_more(model: Model, window: Window, changed: Collection[date]) -> Window:
    """With the sealed days that changed otherwise, and those whose turn it is on this day of the week: days that follow
    one another, so that they are read in one go."""
    turn = model.calendar.date_of(model.as_of).toordinal() % _DAYS_OF_A_WEEK
    again = [day for day in window.sealed if day in changed or day.toordinal() // _AT_A_TIME % _DAYS_OF_A_WEEK == turn]
    days = [Day(day, model.calendar.day(day)) for day in again]
    sealed = {day: figures for day, figures in window.sealed.items() if day not in again}
    return replace(window, days=tuple(sorted((*window.days, *days), key=lambda one: one.date)), sealed=sealed)


def counts_of(rows: Sequence[Mapping[str, Any]], key: Callable[[Mapping[str, Any]], Counts]) -> CountsByAge:
    """The rows of a question by day and age."""
    found: dict[tuple[int, bool], Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row["day"] is not None:
            found[int(row["day"]), bool(row["is_new"])].update(key(row))
    return found
