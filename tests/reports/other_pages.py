"""The pages beside the reports of days, each as its own tests have it: index, week, gate, go or no-go, agenda."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hypercare.agenda.agenda import agenda
from hypercare.agenda.rendering import agenda_page
from hypercare.gates.readiness import readiness_page
from hypercare.gates.rendering import gate_page
from hypercare.history.store import History
from hypercare.period_reports.rendering import period_page
from hypercare.plan.checklist import read_checklist
from hypercare.publishing.folder_index import write_index
from hypercare.reports.summary import Status
from tests.agenda import test_agenda
from tests.gates import test_gates, test_readiness
from tests.period_reports import test_weekly_summary
from tests.publishing.report_folders import leave_day, summary_of


def beside_the_days(root: Path) -> dict[str, Path]:
    """Where each of them was written, by what it is."""
    root.mkdir()
    history = History(root / "history.sqlite", "shop")
    try:
        test_weekly_summary.live(history)
        days = {test_weekly_summary.FIRST: "index.html#day-2026-01-08"}
        texts = {
            "week": period_page(test_weekly_summary.week_1(history), days),
            "gate": gate_page(test_gates.week_1(history), "Shop"),
            "go or no-go": readiness_page(test_readiness.readiness({"users.login": test_readiness.FAILED})),
            "agenda": _agenda(root),
        }
    finally:
        history.close()
    pages = {name: root / f"{number}.html" for number, name in enumerate(texts)}
    for name, text in texts.items():
        pages[name].write_text(text, encoding="utf-8")
    for later, status in enumerate(Status):
        leave_day(root, summary_of(later, status=status))
    write_index(root)
    return {**pages, "all days": root / "index.html"}


def _agenda(root: Path) -> str:
    (root / "checklist.toml").write_text(test_agenda.PLAN, encoding="utf-8")
    plan = read_checklist(root / "checklist.toml")
    config = test_agenda.config_of(plan)
    days = agenda(plan, config, date(2026, 1, 8), date(2026, 1, 23))
    return agenda_page(days, "Studio", config.business.calendar.zone, is_beside_reports=True)
