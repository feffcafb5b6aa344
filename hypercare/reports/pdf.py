"""daily.pdf: the page, printed by a browser."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

# Prints a page to a file; returns an empty string, or in one line why it could not.
Printer = Callable[[Path, Path], str]

# Nothing leaves the machine, and a page that is printed has no business with the network at all.
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
SHEET: dict[str, Any] = {"color_scheme": "light", "offline": True, "java_script_enabled": False}
_FOOT = (
    '<div style="font: 7.5pt sans-serif; color: #777; width: 100%; padding: 0 12mm; text-align: right">'
    '<span class="pageNumber"></span> / <span class="totalPages"></span></div>'
)


def print_page(page: Path, pdf: Path, *, browser: Path | None, timeout_s: float = 30) -> str:
    """Print `page` to `pdf` with the browser at `browser`.

    Returns:
        an empty string, or in one line why there is no PDF. Never raises: a report without its printed form is
        still a report.
    """
    if browser is None:
        return "no browser is at hand to print with"
    reasons: list[str] = []
    # A thread of its own, because Playwright refuses to run beside another Playwright in one thread, and because
    # a browser that hangs must not keep the report back.
    printing = threading.Thread(target=lambda: reasons.append(_print(page, pdf, browser, timeout_s)), daemon=True)
    printing.start()
    printing.join(timeout_s * 2)
    reason = reasons[0] if reasons else f"the browser did not print it within {timeout_s * 2:g} s"
    if reason:
        pdf.unlink(missing_ok=True)
    return reason


def _print(page: Path, pdf: Path, browser: Path, timeout_s: float) -> str:
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        return "playwright is not installed"
    try:
        with sync_playwright() as driver:
            chromium = driver.chromium.launch(executable_path=browser, args=list(QUIET), timeout=timeout_s * 1000)
            _print_in(chromium.new_context(**SHEET), page, pdf, timeout_s)
            chromium.close()
    except (Error, OSError) as error:
        return _refused(error)
    return ""


def print_in(open_context: Callable[[], BrowserContext], page: Path, pdf: Path, *, timeout_s: float = 30) -> str:
    """Print `page` to `pdf` in a context (of the options SHEET) of a browser that is there already.

    Returns:
        an empty string, or in one line why there is no PDF.

    Raises:
        what `open_context` raises.
    """
    from playwright.sync_api import Error

    context = open_context()
    try:
        _print_in(context, page, pdf, timeout_s)
        context.close()
    except (Error, OSError) as error:
        return _refused(error)
    return ""


def _print_in(context: BrowserContext, page: Path, pdf: Path, timeout_s: float) -> None:
    sheet = context.new_page()
    sheet.set_default_timeout(timeout_s * 1000)
    sheet.goto(page.resolve().as_uri(), wait_until="load")
    sheet.pdf(
        path=pdf,
        prefer_css_page_size=True,
        print_background=True,
        display_header_footer=True,
        header_template="<span></span>",
        footer_template=_FOOT,
        tagged=True,
    )


def _refused(error: Exception) -> str:
    return f"the browser could not print it: {(str(error).splitlines() or ['no reason given'])[0]}"
