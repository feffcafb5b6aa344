"""The two weeks up to a day: how each day stood, and what figures the rounds told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import Field
from sqlalchemy import Select, select

from hypercare.history import tables
from hypercare.history.instants import stored
from hypercare.history.store import History
from hypercare.outcome.part import Part
from hypercare.plan.calendar import Calendar

DAYS = 14
_WORST_FIRST = ("critical", "issues", "unknown", "healthy")
_MOST_PARTS = 8

PastFigure = int | str | dict[str, int | str] | None


class RecentDay(Part):
    """A day with the worst `status` that a round of it ended with; empty without any round.

    Rounds are those that had ended when it was asked.
    """

    day: date
    number: int = Field(description="the day since go-live, which is day 1")
    status: str = ""
    rounds: int = 0


class RecentFigures(Part):
    """Figures of the `days` before, each as the last round of the same name told it; null where none did.

    Amounts are text. Figures that are broken down into many parts are left out.
    """

    days: list[date] = Field(default_factory=list)
    values: dict[str, list[PastFigure]] = Field(default_factory=dict)


def recent_days(history: History, calendar: Calendar, last: date) -> list[RecentDay]:
    """Each of the fourteen days up to the last, since go-live, oldest first.

    Raises:
        HistoryProblem: the history cannot be read.
    """
    days = [day for day in _days_until(last) if day >= calendar.go_live or day == last]
    rounds = tables.rounds.c
    query = select(rounds.day, rounds.status).where(
        rounds.target == history.target,
        rounds.as_of >= _since(calendar, days[0]),
        rounds.day.between(days[0], last),
        rounds.finished.is_not(None),
    )
    found: dict[date, list[str]] = {}
    for day, status in _rows(history, query):
        found.setdefault(day, []).append(status or "unknown")
    return [
        RecentDay(
            day=day,
            number=calendar.number_of(day),
            status=min(found.get(day, []), key=_gravity, default=""),
            rounds=len(found.get(day, [])),
        )
        for day in days
    ]


def recent_figures(
    history: History, calendar: Calendar, last: date, round_name: str, names: Mapping[str, Any]
) -> RecentFigures:
    """The figures of these names on the fourteen days before, as rounds of this name told them last.

    A round of another name is held at another hour, with which a figure that grows through the day cannot be compared.

    Raises:
        HistoryProblem: the history cannot be read.
    """
    days = [day for day in _days_until(last - timedelta(days=1)) if day >= calendar.go_live]
    if not days:
        return RecentFigures()
    rounds, figures = tables.rounds.c, tables.figures.c
    query = (
        select(rounds.day, figures.name, figures.value)
        .join_from(tables.rounds, tables.figures, rounds.id == figures.round_id)
        .where(
            rounds.target == history.target,
            rounds.round == round_name,
            rounds.as_of >= _since(calendar, days[0]),
            rounds.day.between(days[0], days[-1]),
            rounds.finished.is_not(None),
        )
        .order_by(rounds.as_of, rounds.id)
    )
    told = {(day, name): _value_of(text) for day, name, text in _rows(history, query) if name in names}
    values = {name: [told.get((day, name)) for day in days] for name in names}
    return RecentFigures(
        days=days, values={name: past for name, past in values.items() if any(one is not None for one in past)}
    )


def joined(parts: list[RecentFigures]) -> RecentFigures:
    """Those of several rounds of one day: of each figure as the last of them has it."""
    days = next((one.days for one in parts if one.days), [])
    alike = [one for one in parts if one.days == days]
    return RecentFigures(days=days, values={name: past for one in alike for name, past in one.values.items()})


def _days_until(last: date) -> list[date]:
    return [last - timedelta(days=number) for number in range(DAYS - 1, -1, -1)]


def _since(calendar: Calendar, day: date) -> str:
    return stored(calendar.day(day).start)


def _gravity(status: str) -> int:
    return _WORST_FIRST.index(status) if status in _WORST_FIRST else 0


def _rows(history: History, query: Select[Any]) -> list[Any]:
    if not history.is_there:
        return []
    with history.reading() as connection:
        return list(connection.execute(query).all())


def _value_of(text: str) -> PastFigure:
    if text.startswith("{"):
        return _parts_of(text)
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    return int(number) if text.lstrip("-").isdecimal() else format(number, "f")


def _parts_of(text: str) -> PastFigure:
    try:
        parts = json.loads(text)
    except ValueError:
        return None
    if not isinstance(parts, dict) or len(parts) > _MOST_PARTS:
        return None
    whole = all(isinstance(value, int | str) and not isinstance(value, bool) for value in parts.values())
    return {str(name): value for name, value in parts.items()} if whole else None
