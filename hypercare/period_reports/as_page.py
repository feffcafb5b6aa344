"""The weekly summary of the plan as a page. One file, no script, nothing from outside."""

from __future__ import annotations

from hypercare.period_reports.as_markdown import totals_of
from hypercare.period_reports.feedback import Kind
from hypercare.period_reports.period_report import PeriodReport, Status
from hypercare.reports.page import environment, page_assets

TONE = {Status.STABLE: "good", Status.MINOR: "warn", Status.ATTENTION: "bad", Status.UNKNOWN: "unknown"}
_HEADLINE = {
    Status.STABLE: "The system is stable",
    Status.MINOR: "Minor issues",
    Status.ATTENTION: "Needs attention",
    Status.UNKNOWN: "Not known",
}
_DAY_TONE = {"healthy": "good", "issues": "warn", "critical": "bad"}


def period_page(report: PeriodReport) -> str:
    """The whole page as text."""
    template = environment().get_template("period.html.j2")
    return template.render(
        report=report,
        headline=_HEADLINE[report.status],
        tone=TONE[report.status],
        totals=list(totals_of(report)),
        kinds=list(Kind),
        day_tone=_DAY_TONE,
        **page_assets(),
    )
