"""The pages beside the reports of days, each as its own tests have it: index, week, gate, go or no-go, agenda."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from hypercare.agenda.agenda import agenda
from hypercare.agenda.rendering import agenda_page
from hypercare.gates.readiness import readiness_page
from hypercare.gates.rendering import gate_page
from hypercare.history.store import History
from hypercare.language.chosen import speaking
from hypercare.outcome.level import Level
from hypercare.period_reports.rendering import period_page
from hypercare.plan.checklist import read_checklist
from hypercare.publishing.folder_index import write_index
from hypercare.reports.fleet import FleetReport, Standing
from hypercare.reports.fleet_page import fleet_page
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
            "fleet": fleet_page(_fleet()),
        }
        with speaking("de"):
            texts |= {"week in German": period_page(test_weekly_summary.week_1(history), days)}
    finally:
        history.close()
    pages = {name: root / f"{number}.html" for number, name in enumerate(texts)}
    for name, text in texts.items():
        pages[name].write_text(text, encoding="utf-8")
    for later, status in enumerate(Status):
        leave_day(root, summary_of(later, status=status))
    write_index(root)
    return {**pages, "all days": root / "index.html"}


def _fleet() -> FleetReport:
    made = datetime(2026, 1, 15, 17, 5, tzinfo=UTC)
    words = {Status.CRITICAL: "No sale can be made.", Status.ISSUES: "3 of 40 costs are on no order."}
    standings = [
        Standing(
            target=f"Shop {number}",
            key=f"shop-{number}",
            file=f"shop-{number}.toml",
            status=status,
            says=words.get(status, ""),
            round="evening",
            as_of=made,
            failed=number,
            incidents={Level.L3: number} if status is Status.CRITICAL else {},
            report=f"shop-{number}/latest/index.html",
        )
        for number, status in enumerate([*Status, *Status])
    ]
    return FleetReport.of(standings, made)


def _agenda(root: Path) -> str:
    (root / "checklist.toml").write_text(test_agenda.PLAN, encoding="utf-8")
    plan = read_checklist(root / "checklist.toml")
    config = test_agenda.config_of(plan)
    days = agenda(plan, config, date(2026, 1, 8), date(2026, 1, 23))
    return agenda_page(days, "Studio", config.business.calendar.zone, is_beside_reports=True)
