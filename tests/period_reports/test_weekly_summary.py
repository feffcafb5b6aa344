"""The weekly summary has every field of the plan's template, as the days were."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from hypercare.escalation.annotations import Annotations
from hypercare.escalation.incidents import Incidents
from hypercare.history.store import History
from hypercare.outcome.level import Level
from hypercare.period_reports.feedback import Feedback, Kind, add_feedback
from hypercare.period_reports.period_report import PeriodReport, Status, period_report, week_of
from hypercare.period_reports.rendering import period_markdown, period_page
from tests.charts.reading import read
from tests.escalation.incidents_of_a_shop import trouble
from tests.history.remembering import config_of, remember, result

CONFIG = config_of()
FIRST, LAST = date(2026, 1, 8), date(2026, 1, 14)


def evening(day: int) -> datetime:
    return datetime(2026, 1, 7, 16, tzinfo=UTC) + timedelta(days=day)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    opened = History(tmp_path / "history.sqlite", "shop")
    yield opened
    opened.close()


def week_1(history: History, as_of: datetime | None = None) -> PeriodReport:
    return period_report(history, CONFIG, (FIRST, LAST), as_of or evening(9), name="week-1", title="Week 1")


def live(history: History) -> None:
    """Seven days with 10, 20 ... 70 sales; an evening before which a round of noon told less."""
    for day in range(1, 8):
        noon, at = evening(day) - timedelta(hours=5), evening(day)
        remember(history, f"n{day}", result(), as_of=noon, name="midday")
        history.record_figures(f"n{day}", {"sales_created": 1, "users_active": 3})
        failed = [result("ops.sales", "failed")] if day == 4 else []
        remember(history, f"e{day}", *failed, as_of=at, name="evening", status="issues" if failed else "healthy")
        figures = {"sales_created": 10 * day, "sales_amount": Decimal("100.10"), "steps_updated": 5}
        history.record_figures(f"e{day}", figures)


def test_totals_are_what_each_day_told_last(history: History) -> None:
    live(history)
    report = week_1(history)
    assert report.totals == {"sales_created": 280, "sales_amount": Decimal("700.70"), "steps_updated": 35}
    assert [day.status for day in report.days] == ["healthy"] * 3 + ["issues"] + ["healthy"] * 3
    assert report.status is Status.STABLE


def test_each_field_of_the_template_is_filled_in(history: History) -> None:
    live(history)
    text = period_markdown(week_1(history))
    fields = dict(re.findall(r"^- \*\*(.+?)\*\*: (.+)$", text.replace("\\", ""), re.MULTILINE))
    assert fields == {
        "Days": "1 to 7, 08 Jan to 14 Jan 2026",
        "Total sales": "280 (700.70 EUR)",
        "Total production steps": "35",
        "Total costs entered": "not known",
        "System uptime": "not observed",
        "Critical": "0",
        "Minor": "0",
        "Resolved": "0",
        "Positive": "0",
        "Negative": "0",
        "Suggestions": "0",
    }
    assert "✅ System stable" in text
    assert "**Reviewed by**: _______________" in text


def test_a_total_of_some_days_says_of_how_many(history: History) -> None:
    live(history)
    history.record_figures("e7", {"costs_entered": 4})
    assert "4, told on 1 of 7 days with rounds" in period_markdown(week_1(history))


def test_incidents_of_the_week_are_counted_by_gravity_and_end(history: History) -> None:
    live(history)
    incidents = Incidents(history, CONFIG)
    incidents.note_round([trouble("web", Level.L3), trouble("one", Level.L1, ("x.y",))], (), evening(2))
    incidents.resolve(1, "Mara", "mended", evening(3))
    report = week_1(history)
    assert (len(report.critical), len(report.minor), len(report.resolved)) == (1, 1, 1)
    assert report.status is Status.MINOR
    late = period_report(
        history, CONFIG, (LAST + timedelta(days=1), LAST + timedelta(days=7)), evening(9), name="week-2", title="Week 2"
    )
    assert [one.cause for one in late.incidents] == ["one"]


def test_a_critical_incident_that_is_open_needs_attention(history: History) -> None:
    live(history)
    Incidents(history, CONFIG).note_round([trouble("web", Level.L3)], (), evening(2))
    assert week_1(history).status is Status.ATTENTION


def test_feedback_and_signature_stand_in_it(history: History) -> None:
    live(history)
    for kind, text in (
        (Kind.POSITIVE, "Quick."),
        (Kind.SUGGESTION, "Two labels at once."),
        (Kind.SUGGESTION, "Dark mode."),
    ):
        add_feedback(history, Feedback(kind, date(2026, 1, 9), text, "Ben"), evening(2))
    add_feedback(history, Feedback(Kind.NEGATIVE, date(2026, 1, 15), "Next week.", "Ben"), evening(8))
    Annotations(history).sign_off("week-1", FIRST, "Read with Anna.", "Mara", evening(8))
    text = period_markdown(week_1(history))
    assert re.findall(r"\*\*(Positive|Negative|Suggestions)\*\*: (\d)", text) == [
        ("Positive", "1"),
        ("Negative", "0"),
        ("Suggestions", "2"),
    ]
    assert "**Reviewed by**: Mara" in text
    page = period_page(week_1(history))
    assert "Two labels at once." in page
    assert "Reviewed by Mara on 15 Jan 2026" in page


def test_a_week_without_rounds_is_not_known(history: History) -> None:
    history.begin_round("r", "morning", FIRST, evening(1), evening(1))
    report = week_1(history)
    assert (report.status, report.totals) == (Status.UNKNOWN, {})


def test_a_week_that_goes_on_has_the_days_so_far(history: History) -> None:
    live(history)
    report = week_1(history, evening(3))
    assert [day.number for day in report.days] == [1, 2, 3]
    assert report.totals["sales_created"] == 60


@pytest.mark.parametrize(("day", "week"), [(-3, 1), (1, 1), (7, 1), (8, 2), (14, 2), (15, 3)])
def test_weeks_are_counted_from_go_live(day: int, week: int) -> None:
    assert week_of(day) == week


def test_the_page_draws_each_total_day_by_day(history: History) -> None:
    live(history)
    charts = read(period_page(week_1(history))).charts
    assert set(charts) == {"days", "sales-created", "sales-amount", "steps-updated"}
    assert [row[1] for row in charts["sales-created"].rows] == ["10", "20", "30", "40", "50", "60", "70"]
    assert "280 on 7 days; most on Wed 14 Jan (70), least on Thu 8 Jan (10)." in charts["sales-created"].text
    assert "700.70 EUR on 7 days, 100.10 on each." in charts["sales-amount"].text


def test_a_day_that_nobody_told_of_is_no_column_of_nothing(history: History) -> None:
    remember(history, "e1", as_of=evening(1), name="evening")
    history.record_figures("e1", {"sales_created": 5})
    remember(history, "e3", as_of=evening(3), name="evening")
    history.record_figures("e3", {"sales_created": 9})
    chart = read(period_page(week_1(history, evening(4)))).charts["sales-created"]
    assert [row[1] for row in chart.rows] == ["5", "–", "9", "–"]
    assert "Of 2 days nothing was told" in chart.text


def test_the_page_has_a_calendar_whose_days_lead_to_their_reports(history: History) -> None:
    live(history)
    pages = {FIRST: "index.html#day-2026-01-08", LAST: "index.html#day-2026-01-14"}
    calendar = read(period_page(week_1(history), pages)).charts["days"]
    assert "Of 7 days: 6 healthy, 1 with issues." in calendar.text
    assert calendar.links == list(pages.values())
