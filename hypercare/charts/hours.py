"""A count hour by hour as columns, before the band of what is usual on such a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hypercare.charts.chart import Chart, Table
from hypercare.charts.scale import Scale, Tick, percent
from hypercare.charts.words import HOUR, clock, counted, listed, number
from hypercare.outcome.series import Series, Value

_HEIGHT = 120.0
_LABELS = 6
_LEAST_HOURS = 6
# Of the width of an hour, how much of it a column takes.
_COLUMN = 0.62


@dataclass(frozen=True)
class Column:
    """`x` and `width` in percent; `tone` is "usual", "low" or "high", or "open" while the hour goes on."""

    x: float
    width: float
    y: float
    height: float
    tone: str


@dataclass(frozen=True)
class BandPart:
    x: float
    width: float
    y: float
    height: float
    middle: float


@dataclass(frozen=True)
class HourLabel:
    x: float
    text: str


@dataclass(frozen=True)
class Columns:
    """`second` are the columns of another line, drawn before those of the first."""

    columns: Sequence[Column]
    second: Sequence[Column]
    band: Sequence[BandPart]
    ticks: Sequence[Tick]
    labels: Sequence[HourLabel]
    bottom: float
    legend: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class _Hour:
    """One hour, with a value of each line, and what is usual of the first."""

    begins: datetime
    values: Sequence[Value]
    low: Value = None
    middle: Value = None
    high: Value = None
    is_open: bool = False

    @property
    def tone(self) -> str:
        value = self.values[0]
        if self.is_open:
            return "open"
        if value is None or self.low is None or self.high is None:
            return "usual"
        return "low" if value < self.low else "high" if value > self.high else "usual"


def hours_chart(name: str, series: Series) -> Chart | None:
    """The hours from the first to the last at which there is anything or usually is; None where there is nothing."""
    hours = shown_hours(series)
    if not hours:
        return None
    return Chart(
        name=name,
        title=series.label,
        sentence=_sentence(hours, series),
        kind="columns",
        drawing=_drawing(hours, series),
        table=_table(hours, series),
        notes=[series.gap] if series.gap else [],
    )


def shown_hours(series: Series) -> Sequence[_Hour]:
    """Those from the first to the last with anything, and some more where these are few."""
    values = list(zip(*series.lines.values(), strict=True))
    band = series.usual
    begins = [datetime.fromisoformat(point) for point in series.points]
    told_at = [number for number, one in enumerate(values) if any(value is not None for value in one)]
    last = max(told_at, default=-1)
    hours = [
        _Hour(
            begins[at],
            one,
            *((None, None, None) if band is None else (band.low[at], band.middle[at], band.high[at])),
            is_open=series.unfinished and at == last,
        )
        for at, one in enumerate(values)
    ]
    busy = [at for at, one in enumerate(hours) if any(one.values) or (one.middle or 0) >= 1]
    if not busy:
        return []
    first = max(0, min(busy[0], len(hours) - _LEAST_HOURS))
    return hours[first : max(busy[-1] + 1, first + _LEAST_HOURS)]


def _sentence(hours: Sequence[_Hour], series: Series) -> str:
    first, *others = series.lines
    told = [one for one in hours if one.values[0] is not None]
    total = sum(one.values[0] or 0 for one in told)
    words = f"{number(total)} {first}"
    for place, line in enumerate(others, 1):
        words += f", {number(sum(one.values[place] or 0 for one in told))} {line}"
    if told and total:
        most = max(told, key=lambda one: one.values[0] or 0)
        hour = f"from {clock(most.begins)} to {clock(most.begins + HOUR)}"
        words += f"; all {hour}" if most.values[0] == total else f"; most {hour} ({number(most.values[0])})"
    return f"{words}. {_beside_usual(told, series)}".strip()


def _beside_usual(told: Sequence[_Hour], series: Series) -> str:
    if series.usual is None:
        return ""
    over = [one for one in told if not one.is_open]
    expected = sum(one.middle or 0 for one in over)
    came = sum(one.values[0] or 0 for one in over)
    in_hours = "in the hours that are over" if len(over) < len(told) else "in these hours"
    words = (
        f"{series.usual.alike[:1].upper()}{series.usual.alike[1:]} usually have {number(round(expected))} {in_hours}"
    )
    words += f", this day has {number(came)}"
    unusual = [f"{clock(one.begins)}" for one in over if one.tone != "usual"]
    return f"{words}; {'unlike what is usual at ' + listed(unusual) if unusual else 'each hour is as usual'}."


def _table(hours: Sequence[_Hour], series: Series) -> Table:
    columns = ["hour", *series.lines]
    if series.usual is not None:
        columns += [f"usual ({counted(series.usual.days, 'earlier day')})", "from", "to"]
    rows = []
    for one in hours:
        head = f"{clock(one.begins)}{' so far' if one.is_open else ''}"
        usual = [number(value) for value in (one.middle, one.low, one.high)] if series.usual is not None else []
        rows.append([head, *(number(value) for value in one.values), *usual])
    return Table(columns, rows)


def _drawing(hours: Sequence[_Hour], series: Series) -> Columns:
    scale = Scale.over([value or 0 for one in hours for value in (*one.values, one.high)], _HEIGHT)
    many = len(hours)
    band = [
        BandPart(
            percent(at, many),
            percent(1, many),
            scale.y(one.high or 0),
            round(scale.y(one.low or 0) - scale.y(one.high or 0), 1),
            scale.y(one.middle or 0),
        )
        for at, one in enumerate(hours)
        if one.high is not None
    ]
    step = max(1, -(-many // _LABELS))
    labels = [
        HourLabel(percent(at + 0.5, many), f"{one.begins:%H}") for at, one in enumerate(hours) if at % step == step // 2
    ]
    second = [_column(at, many, one.values[1], "second", scale) for at, one in enumerate(hours) if len(one.values) > 1]
    return Columns(
        columns=[found for at, one in enumerate(hours) if (found := _column(at, many, one.values[0], one.tone, scale))],
        second=[one for one in second if one is not None],
        band=band,
        ticks=scale.ticks,
        labels=labels,
        bottom=scale.bottom,
        legend=_legend(hours, series),
    )


def _column(at: int, many: int, value: Value, tone: str, scale: Scale) -> Column | None:
    if not value:
        return None
    width = _COLUMN if tone != "second" else _COLUMN / 2
    y = scale.y(value)
    return Column(percent(at + (1 - width) / 2, many), percent(width, many), y, round(scale.bottom - y, 1), tone)


def _legend(hours: Sequence[_Hour], series: Series) -> Sequence[tuple[str, str]]:
    first, *others = series.lines
    found = [("usual", first), *(("second", line) for line in others)]
    tones = {one.tone for one in hours if one.values[0] is not None}
    if tones & {"low", "high"}:
        found.append(("low", "unlike what is usual"))
    if "open" in tones:
        found.append(("open", "this hour so far"))
    if series.usual is not None:
        found.append(("band", f"usual: {series.usual.alike}"))
    return found
