"""The browser that prints the report."""

from __future__ import annotations

from pathlib import Path

from hypercare.browser.browser import find_browser
from hypercare.outcome.signals import NotCovered


def browser_for_printing() -> Path | None:
    """The browser that the checks use; None where there is none, and the report then has no printed form."""
    from playwright.sync_api import Error, sync_playwright

    try:
        with sync_playwright() as playwright:
            return find_browser(Path(playwright.chromium.executable_path))
    except (NotCovered, Error):
        return None
