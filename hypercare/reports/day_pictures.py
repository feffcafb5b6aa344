"""The day in pictures: which charts a summary has, in which order, and what could not be drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from statistics import median

from hypercare.charts.bars import Compared, breakdown_chart, compared_chart, stages_chart
from hypercare.charts.chart import Chart, Table
from hypercare.charts.hours import hours_chart
from hypercare.charts.lines import lines_chart
from hypercare.charts.recent import CalendarDay, Sparkline, calendar_chart, kinds_chart, sparkline
from hypercare.charts.strip import uptime_chart
from hypercare.charts.timeline import incidents_chart
from hypercare.charts.words import weekday
from hypercare.outcome.series import Along, Series
from hypercare.reports.figures import number_of, shown, words_of
from hypercare.reports.summary import Status, Summary
from hypercare.reports.uptime_words import STATES
from hypercare.reports.verdict import TONE
from hypercare.reports.words import listed

ERRORS = "errors_by_kind"
_PRODUCTION = ("steps_updated", "steps_completed", "orders_created", "orders_completed")
# What a manager looks at first; the rest is folded away.
_SHOWN = 5
_LONGEST_NAME = 120
_ORDER = (
    "days",
    "sales_by_hour",
    "uptime",
    "incidents",
    "sales_amount_by_branch",
    "sales_by_state",
    "payments_by_method",
    "production",
    "orders_by_step",
    "logins_by_hour",
    "response_by_hour_ms",
    ERRORS,
)
_DAY_WORDS = {"issues": "with issues", "": "without a round"}
# What is named where no round has told of it.
_EXPECTED = {
    "sales_by_hour": "sales by hour",
    "sales_amount_by_branch": "sales by branch",
    "sales_by_state": "sales by state",
    "payments_by_method": "ways of payment",
    "production": "production",
    "orders_by_step": "orders by step",
    "logins_by_hour": "log-ins by hour",
    "response_by_hour_ms": "response times",
    ERRORS: "errors by kind",
}


@dataclass(frozen=True)
class Pictures:
    """The charts that are shown at `first`, and those that are folded away as `more_words` say."""

    first: Sequence[Chart]
    more: Sequence[Chart]
    not_drawn: Sequence[str]

    @property
    def more_words(self) -> str:
        return f"{len(self.more)} more: {' · '.join(one.title for one in self.more)}"


def pictures_of(summary: Summary, day_pages: Mapping[date, str] | None = None) -> Pictures:
    """The charts of a day or round. `day_pages` are the addresses of the reports of other days that are there."""
    drawn = dict(_charts(summary, day_pages or {}))
    place = {name: number for number, name in enumerate(_ORDER)}
    names = sorted(
        (name for name, chart in drawn.items() if chart is not None), key=lambda one: place.get(one, len(place))
    )
    charts = [chart for name in names if (chart := drawn[name]) is not None]
    return Pictures(charts[:_SHOWN], charts[_SHOWN:], list(_not_drawn(summary, drawn)))


def _charts(summary: Summary, day_pages: Mapping[date, str]) -> Iterator[tuple[str, Chart | None]]:
    """By name; None where there is nothing to draw, though it was told of."""
    yield "days", calendar_chart("days", list(_calendar_days(summary, day_pages)))
    for name, series in summary.series.items():
        yield name, _series_chart(name, series)
    day = next((part for part in summary.uptime.parts if part.kind == "day"), None) if summary.uptime else None
    if day is not None:
        words = {state: said for state, (said, _) in STATES.items()}
        yield "uptime", uptime_chart("uptime", "Uptime of the day", day, words)
    yield "incidents", incidents_chart("incidents", summary.incidents, summary.as_of)
    counts = list(_production(summary))
    if counts:
        yield "production", compared_chart("production", "Production", counts, f"{summary.date:%A}s before")
    for name, value in summary.figures.items():
        if isinstance(value, Mapping) and value:
            yield name, _errors_chart(summary) if name == ERRORS else _breakdown(name, summary, value)


def _series_chart(name: str, series: Series) -> Chart | None:
    if series.along is Along.STAGES:
        return stages_chart(_slug(name), series)
    return lines_chart(_slug(name), series) if series.unit == "ms" else hours_chart(_slug(name), series)


def _breakdown(name: str, summary: Summary, parts: Mapping[str, object]) -> Chart:
    words = words_of(name, summary)
    unit = summary.currency if words.unit == "money" else words.unit
    return breakdown_chart(
        _slug(name), words.label, unit, {_short(part): number_of(value) for part, value in parts.items()}
    )


def _errors_chart(summary: Summary) -> Chart | None:
    recent = summary.recent_figures
    past = recent.values.get(ERRORS, [None] * len(recent.days))
    parts = [_numbers(one) for one in (*past, summary.figures[ERRORS])]
    title = words_of(ERRORS, summary).label
    return kinds_chart(_slug(ERRORS), title, [*recent.days, summary.date], parts)


def _numbers(parts: object) -> Mapping[str, Decimal] | None:
    if not isinstance(parts, Mapping):
        return None
    return {_short(str(name)): number for name, value in parts.items() if (number := number_of(value)) is not None}


def _production(summary: Summary) -> Iterator[Compared]:
    for name in _PRODUCTION:
        today = number_of(summary.figures.get(name))
        if today is None:
            continue
        alike = [
            value
            for day, value in zip(summary.recent_figures.days, past_of(name, summary), strict=True)
            if value is not None and day.weekday() == summary.date.weekday()
        ]
        usual = (min(alike), median(alike), max(alike)) if alike else (None, None, None)
        yield Compared(words_of(name, summary).label, today, *usual)


def past_of(name: str, summary: Summary) -> Sequence[Decimal | None]:
    """What a figure was on each of the recent days; None where nobody told."""
    recent = summary.recent_figures
    return [number_of(value) for value in recent.values.get(name, [None] * len(recent.days))]


def _calendar_days(summary: Summary, day_pages: Mapping[date, str]) -> Iterator[CalendarDay]:
    statuses = [status.value for status in Status]
    for one in summary.recent_days:
        is_today = one.day == summary.date
        status = summary.status.value if is_today else one.status
        tone = TONE[Status(status)] if status in statuses else "none"
        yield CalendarDay(
            day=one.day,
            name=f"{one.day:%a}",
            date_words=str(one.day.day),
            number=one.number,
            status=status,
            tone=tone,
            words=_DAY_WORDS.get(status, status),
            href="" if is_today else day_pages.get(one.day, ""),
            is_today=is_today,
        )


def _not_drawn(summary: Summary, drawn: Mapping[str, Chart | None]) -> Iterator[str]:
    nothing = [summary.series[name].label for name, chart in drawn.items() if chart is None and name in summary.series]
    if ERRORS in drawn and drawn[ERRORS] is None:
        nothing.append(words_of(ERRORS, summary).label)
    if nothing:
        yield f"Nothing to draw so far: {listed(map(_lowered, nothing))}."
    missing = [words for name, words in _EXPECTED.items() if name not in drawn]
    if missing:
        rounds = "this round has" if not summary.rounds else "no round of the day has so far"
        told = f"{rounds} not" if not summary.rounds else rounds
        yield f"Not drawn, since {told} told of it: {listed(missing)}."
    if drawn["days"] is None:
        yield "The last two weeks are not drawn: no other day has a round that is remembered."
    if "uptime" not in drawn or drawn["uptime"] is None:
        yield f"Uptime of the day is not drawn: {_lowered(summary.uptime_gap) or 'nobody has observed it.'}"


@dataclass(frozen=True)
class RecentFigures:
    """Of each figure its line by name, and all of the two weeks as a table; None where too little is known."""

    lines: Mapping[str, Sparkline] = field(default_factory=dict)
    table: Table | None = None


def recent_figures_of(summary: Summary) -> RecentFigures:
    """The single figures of the day beside those of the days before, as far as rounds of the same name told them."""
    days = summary.recent_figures.days
    lines, rows = {}, []
    for name in summary.recent_figures.values:
        today = number_of(summary.figures.get(name))
        past = past_of(name, summary)
        if today is None or all(one is None for one in past):
            continue
        line = sparkline(days, past, today, summary.date)
        if line is not None:
            lines[name] = line
        cells = ["–" if one is None else shown(one) for one in past]
        rows.append([words_of(name, summary).label, *cells, shown(today)])
    columns = ["figure", *(weekday(day) for day in days), "today"]
    return RecentFigures(lines, Table(columns, rows) if rows else None)


def _slug(name: str) -> str:
    """An id on the page, of which nothing but letters is the figure's."""
    return "".join(one if one.isascii() and one.isalnum() else "-" for one in name)[:60]


def _short(name: str) -> str:
    """What a target calls a part, on one line or two."""
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _lowered(words: str) -> str:
    """Within a sentence; abbreviations stay."""
    return words if words[1:2].isupper() else f"{words[:1].lower()}{words[1:]}"
