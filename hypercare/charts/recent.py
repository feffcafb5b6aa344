"""The last two weeks: a figure as a small line with its change, kinds as rows of columns, and the days themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from hypercare.charts.chart import Chart, Table
from hypercare.charts.scale import percent
from hypercare.charts.words import change, counted, number, weekday

_A_WEEK = timedelta(days=7)
_LEAST_POINTS = 3
_LEAST_DAYS = 2


@dataclass(frozen=True)
class Sparkline:
    """`path` lies in a box of 100 by 100, the last point is today's; `words` are the change against a week ago."""

    path: str
    last: tuple[float, float]
    words: str


def sparkline(days: Sequence[date], past: Sequence[Decimal | None], today: Decimal, day: date) -> Sparkline | None:
    """The line of a figure up to today; None while it is known of too few days."""
    values = [*past, today]
    told = [value for value in values if value is not None]
    if len(told) < _LEAST_POINTS:
        return None
    low, high = min(told), max(told)
    height, many = float(high - low), len(values) - 1
    places = [
        None if value is None else (percent(at, many), _y(float(value - low), height))
        for at, value in enumerate(values)
    ]
    path, is_drawing = "", False
    for place in places:
        if place is not None:
            path += f"{'L' if is_drawing else 'M'}{place[0]:g} {place[1]:g}{'' if is_drawing else 'h0'}"
        is_drawing = place is not None
    last = places[-1]
    assert last is not None
    return Sparkline(path, last, against_a_week_ago(days, past, today, day))


def _y(above: float, height: float) -> float:
    """From 10 to 90, so that the line has room for its width; in the middle where all is the same."""
    return 50.0 if height <= 0 else round(90 - 80 * above / height, 1)


def against_a_week_ago(days: Sequence[date], past: Sequence[Decimal | None], today: Decimal, day: date) -> str:
    """ "12 % more than last Thu (368)"; nothing where that day is not known."""
    then = next((value for one, value in zip(days, past, strict=True) if one == day - _A_WEEK), None)
    if then is None:
        return ""
    said = change(today, then)
    return f"{said} {'as' if said == 'the same' else 'than'} last {day:%a} ({number(then)})"


@dataclass(frozen=True)
class DayColumns:
    """One kind: a column for each day, as x, width, y and height in a box of 100 percent by 30 pixels."""

    name: str
    columns: Sequence[tuple[float, float, float, float]]
    unknown: Sequence[float]
    today: str


@dataclass(frozen=True)
class DayRows:
    rows: Sequence[DayColumns]
    first: str
    last: str


_ROW = 30.0


def kinds_chart(
    name: str, title: str, days: Sequence[date], parts: Sequence[Mapping[str, Decimal] | None]
) -> Chart | None:
    """Each kind as a row of columns, one for each day, the last of which is today; a day that nobody told is marked.

    None where there never was anything.
    """
    kinds = list(dict.fromkeys(kind for one in reversed(parts) if one for kind in one))
    largest = max((value for one in parts if one for value in one.values()), default=Decimal(0))
    seen = [kind for kind in kinds if any(one and one.get(kind) for one in parts)]
    if not seen:
        return None
    many = len(days)
    rows = []
    for kind in seen:
        columns = []
        for at, one in enumerate(parts):
            value = (one or {}).get(kind, Decimal(0))
            if value > 0:
                height = max(2.0, round(float(value / largest) * _ROW, 1))
                columns.append((percent(at + 0.2, many), percent(0.6, many), round(_ROW - height, 1), height))
        unknown = [percent(at + 0.5, many) for at, one in enumerate(parts) if one is None]
        rows.append(DayColumns(kind, columns, unknown, number((parts[-1] or {}).get(kind))))
    table = Table(
        ["day", *seen],
        [
            [weekday(day), *(number((one or {}).get(kind)) for kind in seen)]
            for day, one in zip(days, parts, strict=True)
        ],
    )
    return Chart(
        name=name,
        title=title,
        sentence=_sentence(parts, seen),
        kind="day-rows",
        drawing=DayRows(rows, weekday(days[0]), weekday(days[-1])),
        table=table,
        notes=_not_told(parts),
    )


def _sentence(parts: Sequence[Mapping[str, Decimal] | None], seen: Sequence[str]) -> str:
    today = parts[-1] or {}
    said = [f"{number(today[kind])} {kind}" for kind in seen if today.get(kind)]
    earlier = [sum(one.values(), Decimal(0)) for one in parts[:-1] if one is not None]
    words = f"Today: {', '.join(said)}" if said else "Today: none"
    if not earlier:
        return f"{words}."
    return (
        f"{words}; {number(min(earlier))} to {number(max(earlier))} a day on the {counted(len(earlier), 'day')} before."
    )


def _not_told(parts: Sequence[object]) -> list[str]:
    missing = sum(one is None for one in parts)
    return [f"Of {counted(missing, 'day')} nothing was told; dots mark them."] if missing else []


@dataclass(frozen=True)
class CalendarDay:
    """`status` is empty without a round; `tone` and `words` tell it; `href` is empty where its report is not there."""

    day: date
    name: str
    date_words: str
    number: int
    status: str
    tone: str
    words: str
    href: str
    is_today: bool


@dataclass(frozen=True)
class Calendar:
    """`before` are empty places, so that each column is a day of the week."""

    before: int
    days: Sequence[CalendarDay]


def calendar_chart(name: str, days: Sequence[CalendarDay], title: str = "") -> Chart | None:
    """The days as a calendar whose columns are days of the week; None where only one of them had a round."""
    if sum(bool(one.status) for one in days) < _LEAST_DAYS:
        return None
    counts = Counter(one.words for one in days)
    said = ", ".join(f"{many} {words}" for words, many in counts.most_common())
    return Chart(
        name=name,
        title=title or f"The last {len(days)} days",
        sentence=f"Of {counted(len(days), 'day')}: {said}.",
        kind="calendar",
        drawing=Calendar(days[0].day.weekday(), days),
        table=None,
        is_wide=True,
    )
