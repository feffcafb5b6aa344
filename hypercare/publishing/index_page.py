"""index.html of a reports folder: a calendar of all days, each a link. One file, no script, nothing from outside."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from hypercare.publishing.report_index import IndexedDay, ReportIndex
from hypercare.reports.navigation import navigation_from
from hypercare.reports.page import page_assets, rendered
from hypercare.reports.summary import Status
from hypercare.reports.verdict import TONE
from hypercare.reports.words import counted, long_date

_LISTED = 7
_WORDS = {
    Status.HEALTHY: "healthy",
    Status.ISSUES: "with issues",
    Status.CRITICAL: "critical",
    Status.UNKNOWN: "unknown",
}
_WORST_FIRST = (Status.CRITICAL, Status.ISSUES, Status.UNKNOWN, Status.HEALTHY)


@dataclass(frozen=True)
class Cell:
    """A day of the calendar; `day` is None where nothing is known of it."""

    number: int
    day: IndexedDay | None = None
    words: str = ""


@dataclass(frozen=True)
class Month:
    """`weeks` begin on Monday; None stands for a day of another month."""

    name: str
    weeks: Sequence[Sequence[Cell | None]]


def index_page(index: ReportIndex) -> str:
    """The whole page as text."""
    newest = index.newest
    headline, says, tone = _verdict(index, newest)
    return rendered(
        "days.html.j2",
        index=index,
        newest=newest,
        headline=headline,
        says=says,
        tone=tone,
        tones=TONE,
        span=_span(index.days),
        months=list(_months(index.days)),
        weekdays=list(calendar.day_name),
        counted_days=counted(len(index.days), "day"),
        counts=[(one, f"{index.counts[one]} {_WORDS[one]}") for one in _WORST_FIRST if one in index.counts],
        without_report=any(not one.href for one in index.days),
        listed=[one for one in index.days if one.href][:_LISTED],
        **page_assets("days.css", navigation=navigation_from("", is_index=True) if newest else ()),
    )


def _verdict(index: ReportIndex, newest: IndexedDay | None) -> tuple[str, str, str]:
    if newest is not None:
        number = f", day {newest.number}" if newest.number > 0 else ""
        return newest.headline or newest.status.value, f"{long_date(newest.date)}{number}.", TONE[newest.status]
    if index.targets:
        worst = next(status for status in _WORST_FIRST if any(one.status is status for one in index.targets))
        return f"{counted(len(index.targets), 'target')}", f"The worst is {_WORDS[worst]}.", TONE[worst]
    return "No report yet", "The first round makes one.", "unknown"


def _span(days: Sequence[IndexedDay]) -> str:
    if not days:
        return ""
    first, last = days[-1].date, days[0].date
    return long_date(first) if first == last else f"{long_date(first)} to {long_date(last)}"


def _months(days: Sequence[IndexedDay]) -> Iterator[Month]:
    """The newest first, without months of which nothing is known."""
    by_date = {one.date: one for one in days}
    for year, month in sorted({(one.date.year, one.date.month) for one in days}, reverse=True):
        weeks = [
            [_cell(date(year, month, number), by_date) if number else None for number in week]
            for week in calendar.Calendar().monthdayscalendar(year, month)
        ]
        yield Month(f"{date(year, month, 1):%B %Y}", weeks)


def _cell(day: date, by_date: dict[date, IndexedDay]) -> Cell:
    found = by_date.get(day)
    if found is None:
        return Cell(day.day)
    number = f", day {found.number}" if found.number > 0 else ""
    there = "" if found.href else "; its report is not here"
    return Cell(day.day, found, f"{long_date(day)}{number}: {_WORDS[found.status]}{there}")
