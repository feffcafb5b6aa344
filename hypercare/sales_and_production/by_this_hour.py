"""How much there was on each day by this hour, broken down: a day that is over is read once, and remembered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from sqlalchemy import ColumnElement, FromClause, func, or_, select

from hypercare.operations_model.instants import Instant
from hypercare.operations_model.model import Model
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from hypercare.sales_and_production.days_of_window import days_of
from hypercare.seals import Seals, Watch, Window
from hypercare.seals.window import number_of_day


@dataclass(frozen=True)
class Amounts:
    """How `many` there were, and what they came to in minor units."""

    many: int = 0
    minor: int = 0


@dataclass(frozen=True)
class Series:
    """What is counted: `among` the rows of `source`, by the day of `instant` and by `part`, with the sum of `minor`."""

    source: FromClause
    instant: Instant
    part: ColumnElement[Any]
    minor: ColumnElement[Any]
    among: Sequence[ColumnElement[bool]]


# Amounts by day and part; a part that had nothing on a day is not in it.
ByDay = Mapping[date, Mapping[str, Amounts]]


def by_this_hour(model: Model, seals: Seals, name: str, watch: Watch, series: Callable[[], Series]) -> ByDay:
    """The days of the watch and today, each up to the last full hour of the present, by part as text.

    Raises NotCovered where the day has hardly begun, and what `series` raises.
    """
    clock = model.as_of.astimezone(model.calendar.zone).time().replace(minute=0, second=0, microsecond=0)
    if clock == time.min:
        raise NotCovered("The day has hardly begun, so there is nothing to compare.", remedy="Look again later.")
    asked = series()

    def read(window: Window) -> Mapping[date, Any]:
        return _read(model, name, asked, _mornings(model, window, clock))

    days = seals.daily(f"{name} until {clock:%H:%M}", watch, read)
    return {day: {part: Amounts(*amounts) for part, amounts in parts.items()} for day, parts in days.items()}


def _mornings(model: Model, window: Window, clock: time) -> Mapping[date, Period]:
    days = days_of(model, window)
    return {day: period.until(model.calendar.at(day, clock)) for day, period in days.items()}


def _read(model: Model, name: str, series: Series, mornings: Mapping[date, Period]) -> Mapping[date, Any]:
    days = {day: period for day, period in sorted(mornings.items()) if period.start < period.end}
    if not days:
        return {}
    dates, periods = list(days), list(days.values())
    each = (
        select(
            number_of_day(series.instant, periods).label("day"),
            series.part.label("part"),
            series.minor.label("minor"),
        )
        .select_from(series.source)
        .where(or_(*(series.instant.within(period) for period in periods)), *series.among)
        .subquery("each_one")
    )
    statement = select(
        each.c.day, each.c.part, func.count().label("many"), func.sum(each.c.minor).label("minor")
    ).group_by(each.c.day, each.c.part)
    found: dict[date, dict[str, list[int]]] = defaultdict(dict)
    for row in model.database.rows(statement, about=f"{name} by day"):
        found[dates[int(row["day"])]][str(row["part"])] = [int(row["many"]), int(row["minor"] or 0)]
    return dict(found)
