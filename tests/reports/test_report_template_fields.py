"""Each field of the plan's daily template says the same in every format, and it is what the day was."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

import pytest

from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.reports.markdown import daily_markdown
from hypercare.reports.page import page_html
from hypercare.reports.pdf import print_page
from hypercare.reports.summary import Review, Summary
from tests.reports.report_examples import CHECKLIST, WEB_DOWN, at, critical, healthy, merged, nothing_covered

CHROMIUM = os.environ.get("HYPERCARE_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
BLANK = "not yet"


@dataclass(frozen=True)
class Day:
    """A scripted day, and what its report has to say in each field of the template."""

    name: str
    make: Callable[[], Summary]
    fields: dict[str, str]
    issues: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    reviewed_by: str = ""
    reviewed_on: str = ""


def many_troubles() -> Summary:
    """A day of which more fails than anybody reads: each item with a sentence of three lines and five wide rows."""
    row = {f"column {number}": f"value {number} of some length" for number in range(8)}
    wrong = {
        "outcome": Outcome.FAILED,
        "level": Level.L3,
        "sentence": "2,031 of 17,440 records of this kind are not as they should be, " + "and that matters a lot, " * 6,
        "next_step": "Look at the records below one by one, and at those that are like them. " * 2,
        "sample": [row] * 5,
    }
    failing = {item.id: wrong for item in list(CHECKLIST)[:45]}
    incidents = [
        WEB_DOWN.model_copy(update={"id": number, "sentence": wrong["sentence"], "items": (item,)})
        for number, item in enumerate(list(failing)[:30], start=1)
    ]
    return merged(failing, incidents).model_copy(update={"actions": []})


HEAD = {"Date": "Thursday 15 January 2026, as of 17:00", "Day": "8 (days 8-14)"}
FIGURES = {
    "Errors": "0",
    "Users logged in": "31",
    "Active users": "28",
    "Failed log-ins": "3",
    "Users needing support": "0",
    "Sales created": "412",
    "Sales finalised": "398",
    "Production steps updated": "164",
    "Production orders completed": "11",
    "Costs entered": "87",
}
NOT_KNOWN = dict.fromkeys(FIGURES, "not known")
NO_PROBE = "not measured: no probe has run yet"
DAYS = [
    Day("healthy", healthy, {**HEAD, **FIGURES, "Status": "Healthy", "Uptime": NO_PROBE, "Course": "On course"}),
    Day(
        "critical and signed",
        lambda: critical().model_copy(update={"review": Review(by="A. Brandt", at=at(18))}),
        {
            **HEAD,
            **FIGURES,
            "Status": "Critical",
            "Uptime": "8.9 hours, 98.4 % (between 97.9 % and 98.9 %; 99.0 % observed)",
            "Course": "Major issues",
        },
        issues=(
            "3 of 398 sales finalised today have a total that is not the sum of their lines; 41.00 EUR is at stake.",
            "2 of 9 reported issues are overdue; the oldest by 3 h 20 min.",
            "Anna K. was locked out after 5 failed log-ins in 4 minutes.",
        ),
        actions=("Unlocked the account; caps lock was on.", "Comparing with receipts."),
        reviewed_by="A. Brandt",
        reviewed_on="Thursday 15 January 2026",
    ),
    Day("many troubles", many_troubles, {**HEAD, **FIGURES, "Status": "Critical", "Course": "Major issues"}),
    Day(
        "nothing known",
        nothing_covered,
        {
            **NOT_KNOWN,
            "Date": "Thursday 15 January 2026, as of 09:00",
            "Day": "8 (days 8-14)",
            "Status": "Not known",
            "Uptime": NO_PROBE,
            "Course": "Not known: too little could be looked at",
        },
    ),
]
each_day = pytest.mark.parametrize("day", DAYS, ids=lambda day: day.name)


def text_of_html(page: str) -> str:
    body = re.sub(r"<(style|svg|title)\b.*?</\1>", "", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def form_in(page: str) -> str:
    """The text of the template as the page has it."""
    return text_of_html(page[page.index('id="form"') - 4 : page.index("</div>", page.index('class="signature"') + 600)])


@each_day
def test_the_page_has_each_field(day: Day) -> None:
    text = form_in(page_html(day.make()))
    for label, says in day.fields.items():
        assert f"{'Status' if label == 'Course' else label} {says}" in text
    assert f"Reviewed by {day.reviewed_by or BLANK} Date {day.reviewed_on or BLANK}" in text
    issues, actions = text.partition("Issues")[2].split("Actions taken")
    assert [one for one in day.issues if one not in issues] == []
    assert [one for one in day.actions if one not in actions] == []
    assert day.issues or day.name == "many troubles" or "None." in issues
    assert day.actions or "None recorded." in actions


@each_day
def test_the_text_has_each_field(day: Day) -> None:
    text = daily_markdown(day.make()).replace("\\", "").replace("**", "")
    for label, says in day.fields.items():
        if label == "Course":
            assert re.search(rf"## Status\n\n\W+{re.escape(says)}\n", text)
        else:
            assert re.search(rf"^- {re.escape(label)}: (\W+ )?{re.escape(says)}$", text, re.MULTILINE)
    assert f"- Reviewed by: {day.reviewed_by or '_' * 15}\n- Date: {day.reviewed_on or '_' * 15}" in text
    assert [one for one in (*day.issues, *day.actions) if one not in text] == []


@each_day
def test_the_data_has_each_field(day: Day) -> None:
    data = json.loads(day.make().to_json())
    figures = data["figures"]
    names = {
        "Errors": "errors",
        "Users logged in": "users_logged_in",
        "Active users": "users_active",
        "Failed log-ins": "login_failures",
        "Users needing support": "users_needing_support",
        "Sales created": "sales_created",
        "Sales finalised": "sales_finalised",
        "Production steps updated": "steps_updated",
        "Production orders completed": "orders_completed",
        "Costs entered": "costs_entered",
    }
    assert {label: str(figures.get(name, "not known")) for label, name in names.items()} == {
        label: day.fields[label] for label in names
    }
    assert (data["as_of"][:10], str(data["day"])) == ("2026-01-15", day.fields["Day"].split()[0])
    assert data["status"] == {"Not known": "unknown"}.get(day.fields["Status"], day.fields["Status"].lower())
    told = [one["sentence"] for one in data["incidents"]]
    assert [one for one in day.issues if one not in told] == []
    done = [one["note"] for one in (*data["actions"], *data["incidents"])]
    assert [one for one in day.actions if one not in done] == []
    assert (data["review"] or {"by": ""})["by"] == day.reviewed_by


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no browser on this machine")
@each_day
def test_the_page_on_paper_has_each_field(day: Day, tmp_path: Path) -> None:
    reader = pytest.importorskip("pypdf")
    page, pdf = tmp_path / "index.html", tmp_path / "daily.pdf"
    page.write_text(page_html(day.make()), encoding="utf-8")
    assert print_page(page, pdf, browser=Path(str(CHROMIUM))) == ""
    sheets = [" ".join(normalize("NFKC", sheet.extract_text()).split()) for sheet in reader.PdfReader(pdf).pages]
    appendix = next(number for number, text in enumerate(sheets) if "Appendix" in text)
    text = " ".join(sheets[:appendix])
    assert appendix <= 4
    for label, says in day.fields.items():
        assert says in text, label
        assert label == "Course" or label in text
    assert [one for one in (*day.issues, *day.actions) if one not in text] == []
    assert "Reviewed by" in text and day.reviewed_by in text
