"""Each field of the plan's weekly template says the same in every format, and it is what the week was."""

from __future__ import annotations

import html
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from unicodedata import normalize

import pytest

from hypercare.escalation.annotations import Annotations
from hypercare.escalation.incidents import Incidents
from hypercare.history.store import History
from hypercare.language.chosen import speaking
from hypercare.outcome.level import Level
from hypercare.period_reports.feedback import Feedback, Kind, add_feedback
from hypercare.period_reports.period_report import PeriodReport
from hypercare.period_reports.rendering import period_markdown, period_page
from hypercare.reports.pdf import print_page
from tests.escalation.incidents_of_a_shop import trouble
from tests.history.remembering import remember, result
from tests.period_reports.test_weekly_summary import CONFIG, FIRST, evening, week_1

CHROMIUM = os.environ.get("HYPERCARE_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
# What the evenings of the week told: sales, what they came to, steps, costs and their sum. On the third day the noon
# round told less, and the fifth had no round.
DAYS = (
    (41, "6102.35", 20, 9, "310.05"),
    (38, "5530.10", 22, 11, "298.00"),
    (52, "8011.95", 25, 12, "402.40"),
    (47, "7020.00", 19, 8, "250.00"),
    None,
    (60, "9144.60", 31, 15, "515.55"),
    (44, "6300.00", 24, 10, "333.00"),
)


@dataclass(frozen=True)
class Week:
    """What the week has to say in each field of the template, by how the formats call it."""

    fields: dict[str, str]
    said: tuple[str, ...]


WEEK = Week(
    fields={
        "Total sales": "282 (42,109.00 EUR)",
        "Total production steps": "141",
        "Total costs entered": "65 (2,109.00 EUR)",
        "System uptime": "not observed",
        "Critical": "1",
        "Minor": "1",
        "Resolved": "1",
        "Positive": "1",
        "Negative": "0",
        "Suggestions": "2",
    },
    said=("Quick.", "Two labels at once.", "Dark mode.", "Mara", "Read with Anna."),
)


@pytest.fixture
def week(tmp_path: Path) -> Iterator[PeriodReport]:
    history = History(tmp_path / "history.sqlite", "shop")
    _live(history)
    yield week_1(history)
    history.close()


def _live(history: History) -> None:
    names = ("sales_created", "sales_amount", "steps_updated", "costs_entered", "costs_amount")
    for number, told in enumerate(DAYS, start=1):
        if told is None:
            continue
        noon = evening(number) - timedelta(hours=5)
        remember(history, f"n{number}", result(), as_of=noon, name="midday")
        history.record_figures(f"n{number}", {"sales_created": 1, "steps_updated": 1})
        remember(history, f"e{number}", as_of=evening(number), name="evening", status="healthy")
        values = (Decimal(one) if isinstance(one, str) else one for one in told)
        history.record_figures(f"e{number}", dict(zip(names, values, strict=True)))
    incidents = Incidents(history, CONFIG)
    incidents.note_round([trouble("web", Level.L3), trouble("one", Level.L1, ("x.y",))], (), evening(2))
    incidents.resolve(1, "Mara", "mended", evening(3))
    for kind, text in (
        (Kind.POSITIVE, "Quick."),
        (Kind.SUGGESTION, "Two labels at once."),
        (Kind.SUGGESTION, "Dark mode."),
    ):
        add_feedback(history, Feedback(kind, date(2026, 1, 9), text, "Ben"), evening(2))
    Annotations(history).sign_off("week-1", FIRST, "Read with Anna.", "Mara", evening(8))


def _of_markdown(text: str) -> dict[str, str]:
    return dict(re.findall(r"^- \*\*(.+?)\*\*: (.+)$", text.replace("\\", ""), re.MULTILINE))


def _plain(page: str) -> str:
    text = re.sub(r"<(style|script)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def _says(text: str, name: str, value: str) -> bool:
    """Whether a field and its value stand together, in either order, as the page has them."""
    either = rf"{re.escape(name)}\W{{0,3}}{re.escape(value)}(?!\d)|(?<!\d){re.escape(value)} {re.escape(name)}"
    return re.search(either, text, re.IGNORECASE) is not None


def test_what_the_days_told_adds_up_to_the_totals() -> None:
    """The ground truth is the sum of the days, so that no format is held against another alone."""
    told = [one for one in DAYS if one is not None]
    assert WEEK.fields["Total sales"] == f"{sum(one[0] for one in told)} ({sum(Decimal(one[1]) for one in told):,} EUR)"
    assert WEEK.fields["Total production steps"] == str(sum(one[2] for one in told))
    assert (
        WEEK.fields["Total costs entered"]
        == f"{sum(one[3] for one in told)} ({sum(Decimal(one[4]) for one in told):,} EUR)"
    )


def test_the_text_has_each_field(week: PeriodReport) -> None:
    text = period_markdown(week)
    fields = _of_markdown(text)
    assert {name: fields.get(name) for name in WEEK.fields} == WEEK.fields
    assert [one for one in WEEK.said if one not in text] == []


def test_the_page_has_each_field(week: PeriodReport) -> None:
    text = _plain(period_page(week))
    assert [name for name, value in WEEK.fields.items() if not _says(text, name, value)] == []
    assert [one for one in WEEK.said if one not in text] == []


@pytest.mark.parametrize("make", [period_markdown, period_page], ids=["text", "page"])
def test_in_german_each_figure_is_the_same(week: PeriodReport, make: Callable[[PeriodReport], str]) -> None:
    with speaking("de"):
        text = _plain(make(week))
    told = ("282 (42.109,00 EUR)", "141", "65 (2.109,00 EUR)", "nicht beobachtet", *WEEK.said)
    assert [one for one in told if one not in text.replace("\\", "")] == []


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no browser on this machine")
def test_the_page_on_paper_has_each_field(week: PeriodReport, tmp_path: Path) -> None:
    reader = pytest.importorskip("pypdf")
    page, pdf = tmp_path / "week.html", tmp_path / "week.pdf"
    page.write_text(period_page(week), encoding="utf-8")
    assert print_page(page, pdf, browser=Path(str(CHROMIUM))) == ""
    sheets = [sheet.extract_text() for sheet in reader.PdfReader(pdf).pages]
    text = " ".join(normalize("NFKC", " ".join(sheets)).split())
    assert [name for name, value in WEEK.fields.items() if not _says(text, name, value)] == []
    assert [one for one in WEEK.said if one not in text] == []
