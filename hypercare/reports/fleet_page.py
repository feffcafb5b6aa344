"""The page of a fleet: every target on it, worst first. One file, no script, nothing from outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypercare.reports.fleet import WORST_FIRST, FleetReport, Standing
from hypercare.reports.navigation import NavigationLink
from hypercare.reports.page import page_assets, rendered
from hypercare.reports.summary import Status
from hypercare.reports.verdict import TONE

_HEADLINE = {
    Status.CRITICAL: "Critical: act now",
    Status.ISSUES: "Some targets need attention",
    Status.UNKNOWN: "Of some nothing is known",
    Status.HEALTHY: "All is well",
}
_NAMES = {
    Status.CRITICAL: "Critical",
    Status.ISSUES: "With issues",
    Status.UNKNOWN: "Unknown",
    Status.HEALTHY: "Healthy",
}


@dataclass(frozen=True)
class Group:
    """The targets of one status."""

    name: str
    tone: str
    targets: Sequence[Standing]


def fleet_page(report: FleetReport) -> str:
    """The whole page as text."""
    groups = [
        Group(_NAMES[status], TONE[status], [one for one in report.targets if one.status is status])
        for status in WORST_FIRST
        if status in report.counts
    ]
    assets = page_assets(navigation=[NavigationLink("../index.html", "All reports")])
    return rendered(
        "fleet.html.j2",
        report=report,
        headline=_HEADLINE[report.worst],
        tone=TONE[report.worst],
        groups=groups,
        **assets,
    )
