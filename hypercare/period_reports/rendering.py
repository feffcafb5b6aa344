"""The weekly summary of the plan, every field of its template filled in: as Markdown, and as a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from hypercare.charts.chart import Chart
from hypercare.charts.days import days_chart
from hypercare.charts.recent import CalendarDay, calendar_chart
from hypercare.escalation.incident import Incident
from hypercare.outcome.currency import money_in_words
from hypercare.period_reports.feedback import Kind
from hypercare.period_reports.period_report import TOTALS, PeriodReport, Status
from hypercare.reports.figures import KNOWN
from hypercare.reports.markdown import escaped, translated_lines
from hypercare.reports.navigation import navigation_from
from hypercare.reports.page import page_assets, rendered

STATUS_WORDS = {
    Status.STABLE: "✅ System stable",
    Status.MINOR: "⚠️ Minor issues",
    Status.ATTENTION: "❌ Needs attention",
    Status.UNKNOWN: "❔ Not known: no round was held, or too little could be looked at",
}
_FEEDBACK = {Kind.POSITIVE: "Positive", Kind.NEGATIVE: "Negative", Kind.SUGGESTION: "Suggestions"}
_MOST_INCIDENTS = 20


def period_markdown(report: PeriodReport) -> str:
    """The report as Markdown. Strings of the target are escaped."""
    return translated_lines(_lines(report))


def totals_of(report: PeriodReport) -> Iterator[tuple[str, str]]:
    """The fields of the summary with their words: a total of some of the days says of how many."""
    yield "Total sales", _counted(report, "sales_created", "sales_amount")
    yield "Total production steps", _counted(report, "steps_updated")
    yield "Total costs entered", _counted(report, "costs_entered", "costs_amount")
    yield "System uptime", report.uptime_words


def _counted(report: PeriodReport, number: str, amount: str = "") -> str:
    if number not in report.totals:
        return "not known"
    words = f"{int(report.totals[number]):,}"
    if amount in report.totals:
        words += f" ({money_in_words(report.totals[amount], report.currency)})"
    held = sum(1 for day in report.days if day.rounds)
    told = report.counted[number]
    return words if told == held else f"{words}, told on {told} of {held} days with rounds"


def _lines(report: PeriodReport) -> Iterator[str]:
    yield f"# {escaped(report.title)}: {escaped(report.target)}"
    first, last = report.first, report.last
    yield f"\n- **Days**: {first.number} to {last.number}, {first.day:%d %b} to {last.day:%d %b %Y}"
    yield "\n## Summary\n"
    for name, words in totals_of(report):
        yield f"- **{name}**: {escaped(words)}"
    yield "\n## Issues\n"
    yield f"- **Critical**: {len(report.critical)}"
    yield f"- **Minor**: {len(report.minor)}"
    yield f"- **Resolved**: {len(report.resolved)}"
    for one in list(report.incidents)[:_MOST_INCIDENTS]:
        yield f"  - #{one.id} {one.level}, {_state(one, report)}: {escaped(one.sentence)}"
    if len(report.incidents) > _MOST_INCIDENTS:
        yield f"  - and {len(report.incidents) - _MOST_INCIDENTS} more"
    yield "\n## User feedback\n"
    for kind, words in _FEEDBACK.items():
        those = [one for one in report.feedback if one.kind is kind]
        yield f"- **{words}**: {len(those)}"
        yield from (f"  - {escaped(one.text)} ({escaped(one.by)}, {one.day:%d %b})" for one in those)
    yield "\n## Days\n"
    yield "| day | date | rounds | worst | sales |\n|---|---|---|---|---|"
    for day in report.days:
        sales = f"{int(day.figures['sales_created']):,}" if "sales_created" in day.figures else "–"
        yield f"| {day.number} | {day.day:%a %d %b} | {day.rounds} | {day.status or '–'} | {sales} |"
    yield f"\n## Status\n\n{STATUS_WORDS[report.status]}"
    signed = report.sign_off
    yield f"\n**Reviewed by**: {escaped(signed.by) if signed else '_______________'}"
    yield f"\n**Date**: {f'{signed.at:%d %b %Y}' if signed else '_______________'}"
    if signed and signed.note:
        yield f"\n{escaped(signed.note)}"


def _state(one: Incident, report: PeriodReport) -> str:
    return "over" if one in report.resolved else "open"


TONE = {Status.STABLE: "good", Status.MINOR: "warn", Status.ATTENTION: "bad", Status.UNKNOWN: "unknown"}
_HEADLINE = {
    Status.STABLE: "The system is stable",
    Status.MINOR: "Minor issues",
    Status.ATTENTION: "Needs attention",
    Status.UNKNOWN: "Not known",
}
_DAY_WORDS = {"issues": "with issues", "": "without a round"}
_DAY_TONE = {"healthy": "good", "issues": "warn", "critical": "bad"}


def _calendar(report: PeriodReport, pages: Mapping[date, str]) -> Chart | None:
    """The days with what the worst of their rounds came to."""
    return calendar_chart(
        "days",
        [
            CalendarDay(
                day=one.day,
                name=f"{one.day:%a}",
                date_words=str(one.day.day),
                number=one.number,
                status=one.status,
                tone=_DAY_TONE.get(one.status, "unknown") if one.status else "none",
                words=_DAY_WORDS.get(one.status, one.status),
                href=pages.get(one.day, ""),
                is_today=False,
            )
            for one in report.days
        ],
        f"The {len(report.days)} days",
    )


def _pictures(report: PeriodReport, pages: Mapping[date, str]) -> Iterator[Chart]:
    """The calendar, and each total day by day, as the last round of the day told it."""
    calendar = _calendar(report, pages)
    if calendar is not None:
        yield calendar
    days = [day.day for day in report.days]
    for name in TOTALS:
        words = KNOWN[name]
        unit = report.currency if words.unit == "money" else words.unit
        values = [day.figures.get(name) for day in report.days]
        chart = days_chart(name.replace("_", "-"), words.label, unit, days, values)
        if chart is not None:
            yield chart


def period_page(report: PeriodReport, pages: Mapping[date, str] | None = None) -> str:
    """The whole page as text. `pages` are the addresses of the reports of days that are there."""
    return rendered(
        "period.html.j2",
        report=report,
        headline=_HEADLINE[report.status],
        tone=TONE[report.status],
        totals=list(totals_of(report)),
        kinds=_FEEDBACK,
        day_tone=_DAY_TONE,
        pictures=list(_pictures(report, pages or {})),
        **page_assets(navigation=navigation_from("")),
    )
