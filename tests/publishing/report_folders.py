"""Folders of reports as rounds leave them, for tests of what is made of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from hypercare.publishing.folder_index import write_index
from hypercare.reports.summary import Status, Summary
from tests.reports.report_examples import healthy


def summary_of(days_later: int = 0, *, status: Status = Status.HEALTHY, target: str = "Rosewood Bridal") -> Summary:
    """A day's summary, so many days after that of the examples (15 January 2026, day 8)."""
    made, later = healthy(), timedelta(days=days_later)
    moved = {name: getattr(made, name) + later for name in ("as_of", "started", "finished")}
    rounds = [one.model_copy(update={"as_of": one.as_of + later if one.as_of else None}) for one in made.rounds]
    also = {"day": made.day + days_later, "status": status, "target": target, "rounds": rounds}
    return made.model_copy(update={**moved, **also})


def leave_day(reports: Path, summary: Summary, *, more: Mapping[str, str] | None = None) -> Path:
    """A day's report of a few small files, and its morning round; returns the folder of the day's report."""
    for round_name in ("morning", "day"):
        folder = reports / summary.date.isoformat() / round_name
        folder.mkdir(parents=True, exist_ok=True)
        summary.write(folder / "summary.json")
        files = {
            "index.html": f"<title>{summary.status.value}</title>",
            "metrics.prom": "hypercare_day 8\n",
            "runbook/health.web.html": "<h1>The web app opens.</h1>",
            "allure/index.html": "<h1>Allure</h1>",
            "allure-results/raw.json": "{}",
            **(more or {}),
        }
        for name, text in files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    return reports / summary.date.isoformat() / "day"


def reports_of(reports: Path, *days: int) -> Path:
    """A folder with the reports of these days and their index."""
    for number in days:
        leave_day(reports, summary_of(number))
    write_index(reports)
    return reports
