"""The pages in a real browser, opened from the disk."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hypercare.outcome.outcome import Outcome
from hypercare.plan.rounds import Round
from hypercare.reports.allure import RoundResults, find_node, write_allure
from hypercare.reports.page import page_html
from hypercare.reports.pdf import QUIET, print_page
from tests.reports.allure_examples import write_results
from tests.reports.report_examples import PROJECT, WORST, at, critical, hostile, round_summary

CHROMIUM = os.environ.get("HYPERCARE_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
ALLURE = (PROJECT / "node_modules" / "allure" / "cli.js").is_file() and find_node() is not None
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no browser on this machine")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield chromium
        chromium.close()


class Opened:
    """A page opened from the disk, with what it said and what it asked for."""

    def __init__(self, browser: Any, path: Path, *, phone: bool, slow: bool = False) -> None:
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
        self.page = browser.new_context(viewport=size, is_mobile=phone, has_touch=phone).new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.said.append(dialog.message), dialog.dismiss()))
        self.page.on("request", lambda request: self.asked.append(request.url))
        if slow:
            self.page.context.new_cdp_session(self.page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
        self.page.goto(path.as_uri())

    @property
    def from_outside(self) -> list[str]:
        return [address for address in self.asked if not address.startswith(("file:", "data:", "blob:"))]

    @property
    def overflow(self) -> int:
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.long
@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_the_page_opens_in_silence_and_fits(browser: Any, tmp_path: Path, phone: bool) -> None:
    for number, summary in enumerate((critical(), hostile())):
        path = tmp_path / f"{number}.html"
        path.write_text(page_html(summary), encoding="utf-8")
        opened = Opened(browser, path, phone=phone)
        assert (opened.said, opened.from_outside, opened.overflow) == ([], [], 0)
        assert len(opened.asked) == 1
        opened.page.context.close()


def test_ten_seconds_fit_on_the_first_screen_of_a_phone(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "index.html"
    path.write_text(page_html(critical()), encoding="utf-8")
    page = Opened(browser, path, phone=True).page
    box = page.locator(".verdict").bounding_box()
    assert box["y"] + box["height"] <= 844


def test_an_item_opens_to_its_finding(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "index.html"
    path.write_text(page_html(critical()), encoding="utf-8")
    page = Opened(browser, path, phone=True).page
    item = page.locator('details[id="perf.response-time"]')
    assert not item.get_by_text("Watch the next round.").is_visible()
    item.locator("summary").first.click()
    assert item.get_by_text("Watch the next round.").is_visible()


@pytest.mark.long
def test_it_is_printed(tmp_path: Path) -> None:
    path = tmp_path / "index.html"
    path.write_text(page_html(critical()), encoding="utf-8")
    assert print_page(path, tmp_path / "daily.pdf", browser=Path(str(CHROMIUM))) == ""
    assert (tmp_path / "daily.pdf").read_bytes()[:5] == b"%PDF-"


def test_a_browser_that_does_not_start_is_a_plain_reason(tmp_path: Path) -> None:
    path = tmp_path / "index.html"
    path.write_text("x", encoding="utf-8")
    reason = print_page(path, tmp_path / "daily.pdf", browser=tmp_path / "no-browser")
    assert reason and "\n" not in reason
    assert print_page(path, tmp_path / "daily.pdf", browser=None) == "no browser is at hand to print with"


@pytest.mark.long
@pytest.mark.skipif(not ALLURE, reason="Allure is not installed")
def test_allure_opens_from_the_disk_in_silence_on_a_slow_machine_too(browser: Any, tmp_path: Path) -> None:
    summary = round_summary(Round.EVENING, WORST)
    rounds = [RoundResults(summary, write_results(summary, tmp_path / "raw"))]
    assert write_allure(summary, rounds, tmp_path / "allure", history=tmp_path / "history.jsonl") == ""
    for phone in (True, False):
        opened = Opened(browser, tmp_path / "allure" / "index.html", phone=phone, slow=phone)
        opened.page.get_by_text("1. L3 critical").first.wait_for(timeout=30_000)
        assert (opened.said, opened.from_outside, opened.overflow) == ([], [], 0)
        opened.page.context.close()
    opened = Opened(browser, tmp_path / "allure" / "dashboard.html", phone=False)
    opened.page.get_by_text("Checks now").wait_for(timeout=30_000)
    assert (opened.said, opened.from_outside) == ([], [])


TWICE = {
    "outcome": Outcome.FAILED,
    "sentence": "Two differ.",
    "attempts": 2,
    "tries": [
        {"outcome": "failed", "sentence": "Three differ.", "started": at(3).isoformat(), "ended": at(3, 1).isoformat()},
        {
            "outcome": "failed",
            "sentence": "Two differ.",
            "started": at(3, 2).isoformat(),
            "ended": at(3, 3).isoformat(),
        },
    ],
}


@pytest.mark.long
@pytest.mark.skipif(not ALLURE, reason="Allure is not installed")
def test_an_item_leads_to_its_own_allure_test_with_both_its_tries(browser: Any, tmp_path: Path) -> None:
    summary = round_summary(Round.EVENING, {"verify.costs": TWICE})
    item = next(one for one in summary.items if one.id == "verify.costs")
    rounds = [RoundResults(summary, write_results(summary, tmp_path / "raw"))]
    assert write_allure(summary, rounds, tmp_path / "allure") == ""
    tests = json.loads((tmp_path / "allure" / "tests.json").read_text(encoding="utf-8"))
    opened = Opened(browser, tmp_path / "allure" / "index.html", phone=False)
    opened.page.goto(f"{(tmp_path / 'allure' / 'index.html').as_uri()}#{tests[item.check]}")
    opened.page.reload()
    opened.page.get_by_text(f"End-of-day round: {item.check}").wait_for(timeout=30_000)
    opened.page.get_by_text("Retries").first.click()
    opened.page.get_by_text("Three differ.").wait_for(timeout=10_000)
    assert (
        opened.page.get_by_text("Quality Gates").count() == 0
        or not opened.page.get_by_text("Quality Gates").first.is_visible()
    )
    opened.page.context.close()
