"""What is added to a report that people read already."""

from __future__ import annotations

from pathlib import Path

import pytest

from hypercare.reports import later_pages
from hypercare.reports.later_pages import add_later_pages
from hypercare.reports.summary import Summary
from hypercare.reports.writer import write_report
from tests.reports.report_examples import critical

LATER = {"allure/index.html", "daily.pdf"}


@pytest.fixture
def report(tmp_path: Path) -> Path:
    write_report(critical(), tmp_path / "report")
    return tmp_path / "report"


def allure_that_works(summary: Summary, rounds: object, out: Path, **_: object) -> str:
    out.mkdir()
    (out / "index.html").write_text("<p>Allure</p>", encoding="utf-8")
    return ""


def prints(page: Path, pdf: Path) -> str:
    pdf.write_text(page.read_text(encoding="utf-8"), encoding="utf-8")
    return ""


def refuses(page: Path, pdf: Path) -> str:
    return "no browser is at hand"


def files_of(report: Path) -> set[str]:
    return {str(path.relative_to(report)) for path in report.rglob("*") if path.is_file()}


def test_the_page_leads_to_what_was_added(report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(later_pages, "write_allure", allure_that_works)
    before = files_of(report)
    assert add_later_pages(critical(), report, prints) == {}
    assert files_of(report) - before == LATER
    page = (report / "index.html").read_text(encoding="utf-8")
    assert all(f'href="{name}"' in page for name in LATER)
    assert (report / "daily.pdf").read_text(encoding="utf-8") == page


def test_what_cannot_be_made_is_named_and_leaves_the_report_as_it_was(report: Path) -> None:
    before, page = files_of(report), (report / "index.html").read_bytes()
    skipped = add_later_pages(critical(), report, refuses)
    assert set(skipped) == LATER and all("\n" not in reason for reason in skipped.values())
    assert files_of(report) == before
    assert (report / "index.html").read_bytes() == page


def test_a_report_that_was_moved_away_meanwhile_is_let_be(
    report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(later_pages, "write_allure", allure_that_works)

    def another_takes_its_place(page: Path, pdf: Path) -> str:
        report.replace(tmp_path / "aside")
        write_report(critical(), report)
        return ""

    skipped = add_later_pages(critical(), report, another_takes_its_place)
    assert set(skipped) == {"daily.pdf"}
    assert not files_of(report) & LATER
