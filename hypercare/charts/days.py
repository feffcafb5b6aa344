"""A figure day by day as columns; a day of which nobody told has none, and is marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hypercare.charts.chart import Chart, Table
from hypercare.charts.hours import Column, HourLabel
from hypercare.charts.scale import Scale, Tick, percent
from hypercare.charts.words import counted, number, weekday, with_unit

_HEIGHT = 100.0
_LABELS = 7
_COLUMN = 0.62


@dataclass(frozen=True)
class Days:
    """`unknown` are the places of days that nobody told of, in percent."""

    columns: Sequence[Column]
    unknown: Sequence[float]
    ticks: Sequence[Tick]
    labels: Sequence[HourLabel]
    bottom: float


def days_chart(
    name: str, title: str, unit: str, days: Sequence[date], values: Sequence[Decimal | None]
) -> Chart | None:
    """A column for each day; None where no day was told of. A day that came to less than nothing has no column."""
    told = [(value, day) for value, day in zip(values, days, strict=True) if value is not None]
    if not told:
        return None
    missing = len(days) - len(told)
    rows = [[weekday(day), number(value)] for value, day in zip(values, days, strict=True)]
    return Chart(
        name=name,
        title=title,
        sentence=_sentence(told, unit),
        kind="days",
        drawing=_drawing(days, values),
        table=Table(["day", f"{title}, {unit}" if unit else title], rows),
        notes=[f"Of {counted(missing, 'day')} nothing was told; dots mark them."] if missing else [],
    )


def _sentence(told: Sequence[tuple[Decimal, date]], unit: str) -> str:
    total = sum((value for value, _ in told), Decimal(0))
    words = f"{with_unit(total, unit)} on {counted(len(told), 'day')}"
    if len(told) == 1:
        return f"{words}."
    (most, best), (least, worst) = max(told), min(told)
    if most == least:
        return f"{words}, {number(most)} on each."
    return f"{words}; most on {weekday(best)} ({number(most)}), least on {weekday(worst)} ({number(least)})."


def _drawing(days: Sequence[date], values: Sequence[Decimal | None]) -> Days:
    scale = Scale.over([float(value or 0) for value in values], _HEIGHT)
    many = len(days)
    step = max(1, -(-many // _LABELS))
    columns = []
    for at, value in enumerate(values):
        if value is not None and value > 0:
            y = scale.y(float(value))
            x = percent(at + (1 - _COLUMN) / 2, many)
            columns.append(Column(x, percent(_COLUMN, many), y, round(scale.bottom - y, 1), "usual"))
    return Days(
        columns=columns,
        unknown=[percent(at + 0.5, many) for at, value in enumerate(values) if value is None],
        ticks=scale.ticks,
        labels=[
            HourLabel(percent(at + 0.5, many), f"{day:%a}" if many <= _LABELS else f"{day.day}")
            for at, day in enumerate(days)
            if at % step == step // 2
        ],
        bottom=scale.bottom,
    )
