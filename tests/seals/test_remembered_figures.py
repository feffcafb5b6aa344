"""Figures of the past are read once: those of a day as long as it is as it was, those of all the past as they grow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from hypercare.plan.calendar import Period
from hypercare.seals import Seals, Watch, Window
from tests.operations.facts import AS_OF, DAYS, TODAY
from tests.seals.conftest import Change, Round

SALES = Watch("sale", "finalised_at")
OLD = date(2026, 3, 20)


class Counter:
    """Counts of final sales, and what was read for them."""

    def __init__(self, seals: Seals) -> None:
        self.seals = seals
        self.read: list[Any] = []

    def by_day(self) -> Mapping[date, int]:
        return self.seals.daily("final sales", SALES, self._of_days)

    def by_branch(self) -> Mapping[str, int]:
        return self.seals.accumulated("sales by branch", SALES, self._of_period, added)

    def _of_days(self, window: Window) -> Mapping[date, int]:
        self.read += [day.date for day in window.days]
        model = self.seals.model
        sale = model.records("sale")
        day = window.day_of(sale.instant("finalised_at")).label("day")
        each = select(day).where(window.within(sale.instant("finalised_at"))).subquery()
        rows = model.database.rows(select(each.c.day, func.count().label("count")).group_by(each.c.day))
        return {window.days[row["day"]].date: row["count"] for row in rows}

    def _of_period(self, period: Period) -> Mapping[str, int]:
        self.read.append(period)
        model = self.seals.model
        sale = model.records("sale")
        query = select(sale["branch"].label("branch"), func.count().label("count")).group_by(sale["branch"])
        rows = model.database.rows(query.where(sale.instant("finalised_at").within(period)))
        return {str(row["branch"]): row["count"] for row in rows}


def added(earlier: Mapping[str, int], later: Mapping[str, int]) -> Mapping[str, int]:
    return {name: earlier.get(name, 0) + later.get(name, 0) for name in sorted({*earlier, *later})}


def test_a_figure_of_a_day_is_read_once(next_round: Round, change: Change) -> None:
    first, second = Counter(next_round()), Counter(next_round())
    figures = first.by_day()
    assert first.read == DAYS
    assert second.by_day() == figures
    assert second.read == [TODAY - timedelta(days=1), TODAY]
    change(f"DELETE FROM sale_rows WHERE finalised_at_ LIKE '{OLD}%'")
    third = Counter(next_round())
    assert third.by_day() == {day: count for day, count in figures.items() if day != OLD}
    assert OLD in third.read


def test_a_figure_of_all_the_past_is_read_as_it_grows(next_round: Round) -> None:
    whole = Counter(next_round(without_history=True))
    first, second, third = (
        Counter(next_round(as_of=AS_OF - timedelta(days=1))), Counter(next_round()), Counter(next_round()),
    )  # fmt: skip
    first.by_branch()
    assert second.by_branch() == third.by_branch() == whole.by_branch()
    assert [one.start for one in second.read] == [first.read[-1].start, second.read[-1].start]
    assert second.read[0].start < second.read[0].end == second.read[1].start
    assert third.read == second.read[1:]
