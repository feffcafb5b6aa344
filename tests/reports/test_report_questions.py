"""Each figure leads to the check that told it, and that to what it asked the database."""

from __future__ import annotations

import json
import re
from datetime import UTC
from pathlib import Path

from hypercare.outcome.outcome import Outcome
from hypercare.reports.figure_source import FigureSource
from hypercare.reports.question_pages import page_name
from hypercare.reports.questions import LONGEST, MOST, questions_of, shown
from hypercare.reports.summary import Check, ItemResult, Summary
from hypercare.reports.writer import write_report
from tests.reports.report_examples import HOSTILE, at, healthy

NODEID = "tests_data/test_figures.py::test_sales_are_counted"
SQL = "SELECT count(*) FROM sale WHERE created_at >= '2026-01-15 00:00' AND created_at < '2026-01-16 00:00'"


def left(folder: Path, *questions: tuple[str, str]) -> Path:
    """The Allure results of one check that asked these: what about, and the SQL."""
    folder.mkdir(parents=True)
    attachments = []
    for number, (about, sql) in enumerate(questions):
        (folder / f"{number}-attachment.attach").write_text(sql, encoding="utf-8")
        attachments.append({"name": f"SQL: {about}", "source": f"{number}-attachment.attach", "type": "text/plain"})
    attachments.append({"name": "what was looked at", "source": "x", "type": "text/plain"})
    content = {"name": "test_sales_are_counted", "titlePath": ["tests_data", "test_figures.py"]}
    (folder / "a-result.json").write_text(json.dumps({**content, "attachments": attachments}), encoding="utf-8")
    return folder


def summary() -> Summary:
    check = Check(nodeid=NODEID, outcome=Outcome.PASSED)
    item = ItemResult(id="summary.sales-created", outcome=Outcome.PASSED, level="L2", words="Counted.", checks=[check])
    source = FigureSource(check=NODEID, item=item.id, round="evening", as_of=at(17))
    changed = {"items": [item], "round": "evening", "figure_sources": {"sales_created": source}}
    return healthy().model_copy(update=changed)


def test_from_a_figure_to_its_sql(tmp_path: Path) -> None:
    left(tmp_path / "allure-results", ("sales of today", SQL))
    write_report(summary(), tmp_path)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert '<a href="questions/figures.html#figure-sales_created">Sales created</a>' in page
    sources = (tmp_path / "questions" / "figures.html").read_text(encoding="utf-8")
    of_figure = sources[sources.index('id="figure-sales_created"') :]
    assert "End-of-day round, as of 15 Jan 17:00 (Europe/Berlin)" in of_figure and "412" in of_figure
    address = re.search(r'<a href="([0-9a-f]+\.html)">Sales are counted</a>', of_figure)
    assert address is not None
    asked = (tmp_path / "questions" / address[1]).read_text(encoding="utf-8")
    assert "sales of today" in asked
    assert "created_at &gt;= &#39;2026-01-15 00:00&#39;" in asked
    assert f'href="questions/{page_name(NODEID)}">what it asked' in page


def test_when_a_figure_was_told_is_said_in_the_time_of_the_business() -> None:
    utc = FigureSource(check=NODEID, round="evening", as_of=at(17).astimezone(UTC))
    told = Summary.model_validate({**summary().model_dump(), "figure_sources": {"sales_created": utc}})
    assert told.figure_sources["sales_created"].as_of.isoformat() == "2026-01-15T17:00:00+01:00"


def test_a_figure_of_which_nobody_knows_the_check_leads_nowhere(tmp_path: Path) -> None:
    write_report(healthy(), tmp_path)
    assert "questions/" not in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert not (tmp_path / "questions").exists()


def test_of_a_round_on_another_machine_the_check_and_its_hour_are_told(tmp_path: Path) -> None:
    write_report(summary(), tmp_path)
    sources = (tmp_path / "questions" / "figures.html").read_text(encoding="utf-8")
    assert "Sales are counted" in sources and 'href="../index.html#summary.sales-created"' in sources
    assert [path.name for path in (tmp_path / "questions").iterdir()] == ["figures.html"]


def test_each_question_stands_once_and_none_without_end(tmp_path: Path) -> None:
    asked = [("a", "SELECT 1"), ("a", "SELECT 1"), ("b", "x" * 1_000_000), *((str(n), "y") for n in range(100))]
    found = questions_of(left(tmp_path / "r", *asked), [NODEID])[NODEID]
    assert [one.about for one in found[:3]] == ["a", "b", "0"]
    assert len(found[1].statement) == LONGEST
    assert len(shown(found)) == MOST


def test_what_is_asked_about_hostile_names_is_shown_as_it_is(tmp_path: Path) -> None:
    left(tmp_path / "allure-results", (HOSTILE, HOSTILE))
    write_report(summary(), tmp_path)
    page = (tmp_path / "questions" / page_name(NODEID)).read_text(encoding="utf-8")
    assert "<script>alert" not in page and "<img" not in page and "\u202e" not in page
