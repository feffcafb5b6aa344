"""The pages work for everybody: axe finds nothing against them, they are reached by keyboard, and targets are large."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import pytest

from hypercare.outcome.outcome import Outcome
from hypercare.plan.rounds import Round
from hypercare.reports.daily import gather_round_files
from hypercare.reports.figure_source import FigureSource
from hypercare.reports.pdf import QUIET
from hypercare.reports.question_pages import page_name
from hypercare.reports.summary import Summary
from hypercare.reports.writer import write_report
from tests.reports.other_pages import beside_the_days
from tests.reports.report_examples import HOSTILE, PROJECT, WORST, at, critical, healthy, round_summary

CHROMIUM = os.environ.get("HYPERCARE_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no browser on this machine"),
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed"),
]
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
# Everything that is folded away is looked at as well.
OPEN_ALL = "document.querySelectorAll('details').forEach((one) => { one.open = true })"
NODEID = "tests_data/test_figures.py::test_sales_are_counted"


def pytest_html(nodeids: list[str]) -> str:
    """A page as pytest-html writes it, with as much of it as the report touches; its own script makes the rows."""
    from pytest_html import plugin

    resources = Path(plugin.__file__).parent / "resources"
    tests = {
        nodeid: [
            {
                "extras": [],
                "result": "Failed" if number else "Passed",
                "testId": nodeid,
                "duration": "00:00:01",
                "resultsTableRow": [
                    f'<td class="col-result">{"Failed" if number else "Passed"}</td>',
                    '<td class="col-outcome">Failed</td>',
                    '<td class="col-level">L3 critical</td>',
                    f'<td class="col-testId">{escape(nodeid)}</td>',
                    '<td class="col-duration">00:00:01</td>',
                    '<td class="col-links"><a target="_blank" href="data:text/plain,x" class="text">SQL</a></td>',
                ],
                "log": "It failed.\n" * 40,
            }
        ]
        for number, nodeid in enumerate(nodeids)
    }
    environment = {"Python": "3.11", "Packages": {"pytest": "9", "pluggy": "1"}}
    data = {"environment": environment, "tests": tests, "renderCollapsed": [], "initialSort": "result", "title": "x"}
    import jinja2

    templates = jinja2.Environment(loader=jinja2.FileSystemLoader(resources), autoescape=True)
    return templates.get_template("index.jinja2").render(
        title="x",
        self_contained=True,
        styles=(resources / "style.css").read_text(encoding="utf-8"),
        date="1",
        time="2",
        version="4",
        table_head=[f"<th>{one}</th>" for one in ("Result", "Outcome", "Level", "Test", "Duration", "Links")],
        additional_summary={
            "prefix": ['<p><a href="index.html">The daily report</a></p>'],
            "summary": [],
            "postfix": [],
        },
        run_count="2 tests",
        running_state="finished",
        outcomes={
            name: {"value": int(name in ("failed", "passed")), "label": name.capitalize()}
            for name in ("failed", "passed", "skipped", "xfailed", "xpassed", "error", "rerun")
        },
        test_data=json.dumps(data),
    )


def told(summary: Summary) -> Summary:
    source = FigureSource(
        check=summary.items[0].checks[0].nodeid, item=summary.items[0].id, round="evening", as_of=at(17)
    )
    return summary.model_copy(update={"figure_sources": {"sales_created": source}})


def of_the_day(root: Path) -> dict[str, Path]:
    """The pages of a round's report and of a day's, by what they are."""
    evening, healthy_day = root / "evening", root / "healthy"
    summary = told(round_summary(Round.EVENING, WORST))
    (evening / "allure-results").mkdir(parents=True)
    check = summary.items[0].checks[0].nodeid
    asked = {"labels": [{"name": "check", "value": check}], "attachments": [{"name": "SQL: it", "source": "q.txt"}]}
    (evening / "allure-results" / "a-result.json").write_text(json.dumps(asked), encoding="utf-8")
    (evening / "allure-results" / "q.txt").write_text("SELECT 1\n" * 80, encoding="utf-8")
    checks = [one for item in summary.items for one in item.checks]
    nodeids = [next(c.nodeid for c in checks if c.outcome is wanted) for wanted in (Outcome.PASSED, Outcome.FAILED)]
    (evening / "pytest.html").write_text(pytest_html(nodeids), encoding="utf-8")
    write_report(summary, evening)
    write_report(healthy(), healthy_day)
    day = root / "day"
    write_report(told(critical()), day)
    gather_round_files([(summary, evening)], day)
    return {
        "critical": day / "index.html",
        "healthy": healthy_day / "index.html",
        "round": evening / "index.html",
        "pytest.html": evening / "pytest.html",
        "pytest of the day": day / "pytest.html",
        "figures": evening / "questions" / "figures.html",
        "questions": evening / "questions" / page_name(check),
        "runbook": evening / "runbook" / "verify.costs.html",
        "whole runbook": evening / "runbook" / "README.html",
    }


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("reports")
    return {**of_the_day(root), **beside_the_days(root / "others")}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield chromium
        chromium.close()


def opened(browser: Any, page: Path, *, width: int = 1280, scheme: str = "light") -> Any:
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme, bypass_csp=True)
    sheet = context.new_page()
    sheet.goto(page.as_uri())
    return sheet


@pytest.mark.long
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark"), (320, "light")])
def test_axe_finds_nothing(browser: Any, pages: dict[str, Path], width: int, scheme: str) -> None:
    found = {}
    for name, path in pages.items():
        sheet = opened(browser, path, width=width, scheme=scheme)
        sheet.evaluate(OPEN_ALL)
        sheet.evaluate(AXE.read_text(encoding="utf-8"))
        report = sheet.evaluate("(rules) => axe.run({runOnly: rules})", RULES)
        found[name] = [(one["id"], one["nodes"][0]["html"][:200]) for one in report["violations"]]
        sheet.context.close()
    assert found == {name: [] for name in pages}


REACHABLE = """() => [...document.querySelectorAll('a[href], button, summary, input:not([disabled]), [tabindex="0"]')]
  .filter((one) => one.checkVisibility()).length"""
# How many of them Tab comes to, one after the other, before it starts again.
TABBED = """() => { const here = document.activeElement; if (here === document.body || here.dataset.seen) return false;
  here.dataset.seen = 'yes'; return true }"""


@pytest.mark.long
@pytest.mark.parametrize("name", ["critical", "pytest.html", "figures", "whole runbook", "week", "all days", "fleet"])
def test_the_keyboard_alone_reaches_all(browser: Any, pages: dict[str, Path], name: str) -> None:
    sheet = opened(browser, pages[name])
    expected = sheet.evaluate(REACHABLE)
    reached = 0
    for _ in range(expected + 5):
        sheet.keyboard.press("Tab")
        if not sheet.evaluate(TABBED):
            break
        reached += 1
    assert reached == expected > 0


def test_a_row_of_pytest_html_opens_by_keyboard(browser: Any, pages: dict[str, Path]) -> None:
    sheet = opened(browser, pages["pytest.html"])
    rows = sheet.locator("tr.extras-row:not(.hidden)").count()
    sheet.locator(".collapsible > .col-result").first.focus()
    sheet.keyboard.press("Enter")
    assert sheet.locator("tr.extras-row:not(.hidden)").count() == rows - 1


def test_pytest_html_has_the_worst_first_in_words(browser: Any, pages: dict[str, Path]) -> None:
    sheet = opened(browser, pages["pytest.html"])
    summary = json.loads((pages["pytest.html"].parent / "summary.json").read_text(encoding="utf-8"))
    outcomes = {one["nodeid"]: one["outcome"] for item in summary["items"] for one in item["checks"]}
    names = sheet.locator(".col-testId small").all_inner_texts()
    assert [outcomes[one] for one in names] == [Outcome.FAILED, Outcome.PASSED]
    first = sheet.locator("td.col-testId").first.inner_text().splitlines()
    assert "::" not in first[0] and "::" in first[1]


@pytest.mark.parametrize("width", [390, 320])
def test_no_column_of_a_sample_is_out_of_sight_on_a_phone(browser: Any, pages: dict[str, Path], width: int) -> None:
    sheet = opened(browser, pages["critical"], width=width)
    sheet.evaluate(OPEN_ALL)
    cells = sheet.locator("table.rows td")
    assert cells.count() > 5
    boxes = [cells.nth(number).bounding_box() for number in range(cells.count())]
    assert [box for box in boxes if box["x"] < 0 or box["x"] + box["width"] > width] == []


def test_hostile_names_run_nothing_in_pytest_html(browser: Any, tmp_path: Path) -> None:
    page = tmp_path / "pytest.html"
    page.write_text(pytest_html([f"t.py::test_{HOSTILE}", NODEID]), encoding="utf-8")
    write_report(healthy(), tmp_path)
    said: list[str] = []
    sheet = browser.new_page()
    sheet.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    sheet.on("pageerror", lambda error: said.append(str(error)))
    sheet.goto(page.as_uri())
    assert (said, sheet.locator("td.col-testId").count()) == ([], 2)
