"""What is put into pytest-html's report."""

from __future__ import annotations

import base64
import subprocess
import sys
from pathlib import Path

import pytest

from hypercare.outcome.evidence import Attachment
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.reports.pytest_html import extras_of, row_cells, summary_lines, title
from tests.reports.report_examples import HOSTILE, critical, hostile

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def test_the_summary_says_the_verdict() -> None:
    assert "Critical: act now" in summary_lines(critical())[0]
    assert title("Rosewood Bridal", "morning", 8) == "Rosewood Bridal: morning round, day 8"


def test_hostile_strings_are_escaped() -> None:
    lines = "".join([*summary_lines(hostile()), *row_cells(Outcome.FAILED, Level.L3)])
    assert "<script" not in lines and "<img" not in lines
    extras = extras_of([Attachment(HOSTILE, "application/zip", b""), Attachment(HOSTILE, "text/html", HOSTILE)])
    assert extras[0]["format_type"] == "text" and extras[0]["mime_type"] == "text/plain"
    assert "<script" not in str(extras[0]["name"]) + str(extras[1]["content"])


def test_levels_are_shown_where_something_is_wrong() -> None:
    assert "L3 critical" in row_cells(Outcome.FAILED, Level.L3)[1]
    assert row_cells(Outcome.PASSED, Level.L3)[1] == '<td class="col-level"></td>'


def test_images_are_inlined_and_what_is_too_large_is_named(tmp_path: Path) -> None:
    large = tmp_path / "large.png"
    large.write_bytes(b"x" * 2_000_000)
    extras = extras_of(
        [
            Attachment("Screenshot", "image/png", PIXEL),
            Attachment("Rows", "text/csv", "a,b\n1,2\n"),
            Attachment("Large", "image/png", large),
            Attachment("Gone", "text/plain", tmp_path / "gone"),
        ]
    )
    assert [extra["format_type"] for extra in extras] == ["image", "text", "html"]
    assert base64.b64decode(str(extras[0]["content"])) == PIXEL
    assert "2 more pieces of evidence in the Allure report: Large, Gone" in str(extras[2]["content"])


PLUGIN = """
import pytest
from hypercare.outcome.evidence import Attachment
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.reports import pytest_html as parts

def pytest_html_report_title(report):
    report.title = parts.title("<b>Rosewood</b>", "morning", 8)

def pytest_html_results_table_header(cells):
    cells[1:1] = parts.HEADER_CELLS

def pytest_html_results_table_row(report, cells):
    cells[1:1] = parts.row_cells(Outcome.FAILED, Level.L3)

@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if report.when == "call":
        shot, rows = Attachment("<i>Shot</i>", "image/png", PIXEL), Attachment("Rows", "text/csv", "a")
        report.extras = parts.extras_of([shot, rows])
"""


@pytest.mark.long
@pytest.mark.server
def test_pytest_html_takes_it_into_one_file(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(PLUGIN.replace("PIXEL", repr(PIXEL)), encoding="utf-8")
    (tmp_path / "test_x.py").write_text("def test_x():\n    assert 0, '<script>y</script>'\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:anyio", "-o", "addopts="]
    subprocess.run(
        [*command, "--rootdir", str(tmp_path), "--html=pytest.html", "--self-contained-html", "test_x.py"],
        cwd=tmp_path,
        check=False,
        capture_output=True,
    )
    page = (tmp_path / "pytest.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;Rosewood&lt;/b&gt;: morning round, day 8" in page
    assert "L3 critical" in page and base64.b64encode(PIXEL).decode() in page
    assert "<script>y</script>" not in page and "<i>Shot" not in page
    assert not (tmp_path / "assets").exists()


@pytest.mark.parametrize("outcome", Outcome)
def test_each_outcome_has_a_word(outcome: Outcome) -> None:
    assert ">" in row_cells(outcome, None)[0]
