"""A round's folder, filled."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from hypercare.plan.rounds import Round
from hypercare.reports.daily import daily_summary
from hypercare.reports.summary import read_summary
from hypercare.reports.writer import (
    ReportsFolderProblem,
    publish,
    rounds_of_day,
    work_folder,
    write_report,
)
from tests.reports.allure_examples import write_results
from tests.reports.report_examples import CHECKLIST, WORST, critical, round_summary

JUNIT = (
    '<testsuites><testsuite name="pytest" tests="2" failures="1" errors="0" skipped="0" hostname="machine">'
    '<testcase name="a"/><testcase name="b"><failure message="x"/></testcase></testsuite></testsuites>'
)


def runbook(tmp_path: Path) -> Path:
    folder = tmp_path / "docs" / "runbook"
    folder.mkdir(parents=True)
    (folder / "health.web.md").write_text(
        "# The web app\n\n<script>x</script>\n\n1. Start it again.\n", encoding="utf-8"
    )
    return tmp_path


def test_what_tells_the_verdict_is_there_and_the_page_promises_nothing_else(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "junit.xml").write_text("<testsuites/>", encoding="utf-8")
    write_report(critical(), work, project=runbook(tmp_path))
    names = {str(path.relative_to(work)) for path in work.rglob("*") if path.is_file()}
    assert names == {
        *("index.html", "daily.md", "metrics.prom", "summary.json", "junit.xml", "runbook/health.web.html"),
    }
    page = (work / "index.html").read_text(encoding="utf-8")
    assert 'href="junit.xml"' in page and 'href="runbook/health.web.html"' in page
    assert 'href="daily.pdf"' not in page and 'href="allure/' not in page


def test_a_runbook_page_runs_nothing(tmp_path: Path) -> None:
    write_report(critical(), tmp_path / "work", project=runbook(tmp_path))
    page = (tmp_path / "work" / "runbook" / "health.web.html").read_text(encoding="utf-8")
    assert "<script>" not in page and "<li>Start it again.</li>" in page
    assert "Content-Security-Policy" in page


def test_the_days_rounds_are_found_again_and_make_the_daily_report(tmp_path: Path) -> None:
    for chosen in (Round.MORNING, Round.EVENING):
        work = work_folder(tmp_path)
        summary = round_summary(chosen, WORST)
        write_results(summary, work / "allure-results")
        (work / "junit.xml").write_text(JUNIT, encoding="utf-8")
        (work / "pytest.html").write_text(f"<p>{chosen}</p>", encoding="utf-8")
        write_report(summary, work)
        publish(work, tmp_path, summary.date, chosen)
    found = rounds_of_day(tmp_path, "2026-01-15", [*Round])
    assert [one.summary.round for one in found] == ["morning", "evening"]
    assert all(one.folder.is_dir() for one in found)
    daily = daily_summary([one.summary for one in found], order=[item.id for item in CHECKLIST])
    work = work_folder(tmp_path)
    write_report(daily, work, rounds=found)
    publish(work, tmp_path, daily.date, "daily")
    latest = tmp_path / "latest"
    assert (latest / "pytest" / "evening.html").read_text(encoding="utf-8") == "<p>evening</p>"
    assert 'href="pytest/morning.html"' in (latest / "pytest.html").read_text(encoding="utf-8")
    suites = ElementTree.parse(latest / "junit.xml").getroot()
    assert [suite.get("name") for suite in suites] == ["pytest.morning", "pytest.evening"]
    assert (suites.get("tests"), suites.get("failures")) == ("4", "2")
    assert "machine" not in (latest / "junit.xml").read_text(encoding="utf-8")
    assert read_summary(tmp_path / "latest" / "summary.json").round == "daily"


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ReportsFolderProblem, match=r"^the report cannot be written to .+$"):
        write_report(critical(), tmp_path / "file")
