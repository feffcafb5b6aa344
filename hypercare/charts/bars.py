"""Numbers side by side as bars, each with its name and its number in a row of a table: the picture is the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from hypercare.charts.chart import Chart
from hypercare.charts.scale import percent
from hypercare.charts.words import counted, number
from hypercare.outcome.series import Series

_MOST_ROWS = 12


@dataclass(frozen=True)
class Bar:
    """`parts` are bars that lie in one row, each from `x` on and so wide, in percent, with its look. `low` and `high`
    are the ends of what is usual, None where that is not known."""

    name: str
    parts: Sequence[tuple[float, float, str]]
    cells: Sequence[str]
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Bars:
    """`more` are rows that are folded away, since there are many; `zero` is where nothing lies, in percent."""

    columns: Sequence[str]
    rows: Sequence[Bar]
    more: Sequence[Bar]
    zero: float = 0.0
    legend: Sequence[tuple[str, str]] = ()


def breakdown_chart(name: str, title: str, unit: str, parts: Mapping[str, Decimal | None]) -> Chart:
    """The parts of a figure, the largest first; one that is no number is not drawn."""
    numbers = {part: value for part, value in parts.items() if value is not None}
    lowest, highest = (pick((*numbers.values(), Decimal(0))) for pick in (min, max))
    width = float(highest - lowest)
    zero = percent(float(-lowest), width)
    rows = [
        Bar(part, [] if value is None else [_from_zero(float(value), width, zero)], [number(value)])
        for part, value in sorted(parts.items(), key=lambda pair: -(pair[1] or Decimal(0)))
    ]
    return Chart(
        name=name,
        title=title,
        sentence=_sentence(numbers, unit),
        kind="bars",
        drawing=Bars([unit or "number"], *_folded(rows), zero=zero),
        table=None,
    )


@dataclass(frozen=True)
class Compared:
    """A number of today beside the lowest, middle and highest of such days before; None where too few are known."""

    name: str
    today: Decimal
    low: Decimal | None = None
    middle: Decimal | None = None
    high: Decimal | None = None


def compared_chart(name: str, title: str, counts: Sequence[Compared], alike: str) -> Chart:
    """Counts of today, each beside what earlier days had; `alike` names those days."""
    width = float(max((one for count in counts for one in (count.today, count.high or 0)), default=0))
    has_usual = any(one.middle is not None for one in counts)
    rows = [
        Bar(
            one.name,
            [(0.0, percent(float(one.today), width), "first")],
            [number(one.today), _usual_words(one)][: 1 + has_usual],
            low=None if one.low is None else percent(float(one.low), width),
            high=None if one.high is None else percent(float(one.high), width),
        )
        for one in counts
    ]
    said = ", ".join(f"{number(one.today)} {one.name.lower()}" for one in counts)
    return Chart(
        name=name,
        title=title,
        sentence=f"Today: {said}.",
        kind="bars",
        drawing=Bars(
            ["today", alike][: 1 + has_usual], *_folded(rows), legend=_usual_legend(alike) if has_usual else ()
        ),
        table=None,
        notes=[] if has_usual else [f"What is usual is not known yet: nothing of {alike} is remembered."],
    )


def stages_chart(name: str, series: Series) -> Chart | None:
    """Of each stage what arrived and what went on; None where nothing arrived anywhere."""
    arrived_line, went_on_line = list(series.lines)[:2]
    arrived, went_on = series.lines[arrived_line], series.lines[went_on_line]
    width = float(max((value or 0 for value in arrived), default=0))
    if not width:
        return None
    rows, shares = [], []
    for stage, came, left in zip(series.points, arrived, went_on, strict=True):
        parts = [(0.0, percent(came or 0, width), "rest"), (0.0, percent(left or 0, width), "first")]
        share = f"{100 * (left or 0) / came:.0f} %" if came else "–"
        rows.append(Bar(stage, parts, [number(came), number(left), share]))
        if came:
            shares.append(((left or 0) / came, stage, came - (left or 0)))
    least = min(shares)
    stays = f"most stays at {least[1]}, where {number(least[2])} wait" if least[2] else "everything went on everywhere"
    return Chart(
        name=name,
        title=series.label,
        sentence=f"{counted(len(rows), 'step')}; {stays}.",
        kind="bars",
        drawing=Bars(
            [arrived_line, went_on_line, "share"],
            *_folded(rows, keep_order=True),
            legend=[("rest", arrived_line), ("first", went_on_line)],
        ),
        table=None,
        notes=[series.gap] if series.gap else [],
    )


def _from_zero(value: float, width: float, zero: float) -> tuple[float, float, str]:
    length = percent(abs(value), width)
    return (zero, length, "first") if value >= 0 else (round(zero - length, 2), length, "below")


def _folded(rows: Sequence[Bar], *, keep_order: bool = False) -> tuple[Sequence[Bar], Sequence[Bar]]:
    if keep_order or len(rows) <= _MOST_ROWS + 2:
        return rows, ()
    return rows[:_MOST_ROWS], rows[_MOST_ROWS:]


def _sentence(parts: Mapping[str, Decimal], unit: str) -> str:
    if not parts:
        return "None of it is a number."
    largest = max(parts, key=lambda part: parts[part])
    if len(parts) > 1 and len(set(parts.values())) == 1:
        return f"Each of {len(parts)}: {number(parts[largest])} {unit}".strip() + "."
    total = sum(parts.values(), Decimal(0))
    if len(parts) == 1:
        return f"All of it is {largest}: {number(total)} {unit}".strip() + "."
    share = f", {100 * parts[largest] / total:.0f} % of all" if total > 0 and unit not in {"%", "ms"} else ""
    words = f"Most: {largest}, {number(parts[largest])} {unit}".strip() + share
    nothing = [part for part, value in parts.items() if not value]
    return f"{words}; nothing: {len(nothing)} of {len(parts)}." if nothing else f"{words}."


def _usual_words(one: Compared) -> str:
    if one.middle is None:
        return "–"
    if one.low == one.high:
        return number(one.middle)
    return f"{number(one.low)} to {number(one.high)}"


def _usual_legend(alike: str) -> Sequence[tuple[str, str]]:
    return [("first", "today"), ("usual-range", f"what {alike} had")]
