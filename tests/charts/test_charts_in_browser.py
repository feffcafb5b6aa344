"""The charts in a real browser: on phones and on paper, in silence, each target large enough for a finger."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hypercare.reports.page import Links, page_html
from hypercare.reports.pdf import QUIET
from tests.charts.chart_examples import BEFORE, pictured
from tests.charts.test_charts_of_the_day import evil

CHROMIUM = os.environ.get("HYPERCARE_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no browser on this machine")]
SMALLEST_TARGET = 24
BOXES = """() => [...document.querySelectorAll('.chart summary, .chart a, .more-charts > summary')].map(one => {
    const box = one.getBoundingClientRect(); return [box.width, box.height] })"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LETTERS = """() => [...document.querySelectorAll('.plot text')].map(one => one.getBoundingClientRect().height)"""
OUTSIDE = """() => [...document.querySelectorAll('.plot text')].filter(one => {
    const box = one.getBoundingClientRect(), card = one.closest('.chart').getBoundingClientRect();
    return box.width && (box.left < card.left || box.right > card.right) }).map(one => one.textContent)"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    links = Links(day_pages={BEFORE[0]: "../../2026-01-08/day/index.html"})
    texts = {"usual": page_html(pictured(), links), "hostile": page_html(evil())}
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in texts}


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("name", ["usual", "hostile"])
def test_charts_fit_and_say_nothing_to_the_console(browser: Any, pages: dict[str, Path], name: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.goto(pages[name].as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.evaluate(OVERFLOW) == 0
    assert page.evaluate(OUTSIDE) == []
    assert min(page.evaluate(LETTERS)) >= 11
    assert all(min(box) >= SMALLEST_TARGET for box in page.evaluate(BOXES))
    assert said == []
    page.close()


def test_what_is_folded_away_is_on_paper(browser: Any, pages: dict[str, Path]) -> None:
    page = browser.new_page()
    page.goto(pages["usual"].as_uri())
    folded = page.locator("#chart-errors-by-kind")
    assert not folded.is_visible()
    page.emulate_media(media="print")
    assert folded.is_visible()
    page.close()
