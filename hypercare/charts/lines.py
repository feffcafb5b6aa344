"""Durations hour by hour as lines, of which nothing is drawn where an hour is not known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from hypercare.charts.chart import Chart, Table
from hypercare.charts.hours import HourLabel
from hypercare.charts.scale import Scale, Tick, percent
from hypercare.charts.words import HOUR, clock, number, with_unit
from hypercare.outcome.series import Series, Value

_HEIGHT = 120.0
_LABELS = 6


@dataclass(frozen=True)
class Line:
    """`paths` are stretches of known hours in a box of 100 by 100, each as SVG's path has it; `mark` names its look."""

    name: str
    mark: str
    paths: Sequence[str]


@dataclass(frozen=True)
class Lines:
    lines: Sequence[Line]
    ticks: Sequence[Tick]
    labels: Sequence[HourLabel]
    top: float
    bottom: float
    unit: str


def lines_chart(name: str, series: Series) -> Chart | None:
    """The hours from the first that is known to the last; None where none is."""
    values = list(zip(*series.lines.values(), strict=True))
    told_at = [at for at, one in enumerate(values) if any(value is not None for value in one)]
    if not told_at:
        return None
    chosen = range(told_at[0], told_at[-1] + 1)
    begins = [datetime.fromisoformat(series.points[at]) for at in chosen]
    shown = [values[at] for at in chosen]
    return Chart(
        name=name,
        title=series.label,
        sentence=_sentence(begins, shown, series),
        kind="lines",
        drawing=_drawing(begins, shown, series),
        table=_table(begins, shown, series),
        notes=[series.gap] if series.gap else [],
    )


def _sentence(begins: Sequence[datetime], shown: Sequence[Sequence[Value]], series: Series) -> str:
    last = len(series.lines) - 1
    told = [(one[last] or 0, at) for at, one in enumerate(shown) if one[last] is not None]
    if not told:
        return "No hour of the day is known."
    slowest, fastest = max(told), min(told)

    def said(at: int) -> str:
        parts = [f"{line} {with_unit(value, series.unit)}" for line, value in zip(series.lines, shown[at], strict=True)]
        return f"from {clock(begins[at])} to {clock(begins[at] + HOUR)} ({', '.join(parts)})"

    if slowest[1] == fastest[1]:
        return f"Only one hour is known: {said(slowest[1])}."
    return f"Slowest {said(slowest[1])}; fastest {said(fastest[1])}."


def _table(begins: Sequence[datetime], shown: Sequence[Sequence[Value]], series: Series) -> Table:
    heads = [f"{line}, {series.unit}" if series.unit else line for line in series.lines]
    rows = []
    for at, (hour, values) in enumerate(zip(begins, shown, strict=True)):
        goes_on = " so far" if series.unfinished and at == len(shown) - 1 else ""
        rows.append([f"{clock(hour)}{goes_on}", *(number(value) for value in values)])
    return Table(["hour", *heads], rows)


def _drawing(begins: Sequence[datetime], shown: Sequence[Sequence[Value]], series: Series) -> Lines:
    scale = Scale.over([value or 0 for one in shown for value in one], _HEIGHT)
    many = len(shown)
    lines = []
    for place, (name, mark) in enumerate(zip(series.lines, ("first", "second", "third"), strict=False)):
        lines.append(Line(name, mark, list(_paths([one[place] for one in shown], many, scale))))
    step = max(1, -(-many // _LABELS))
    labels = [
        HourLabel(percent(at + 0.5, many), f"{hour:%H}") for at, hour in enumerate(begins) if at % step == step // 2
    ]
    return Lines(lines, scale.ticks, labels, scale.margin, scale.bottom, series.unit)


def _paths(values: Sequence[Value], many: int, scale: Scale) -> Iterator[str]:
    """A stretch of one hour is a point: a line of no length with round ends."""
    path = ""
    for at, value in enumerate(values):
        if value is None:
            if path:
                yield path
            path = ""
            continue
        place = f"{percent(at + 0.5, many):g} {100 - percent(value, scale.top):.2f}"
        path += f"L{place}" if path else f"M{place}h0"
    if path:
        yield path
