"""Printing the report in the browser of the checks."""

from __future__ import annotations

from pathlib import Path

from hypercare.outcome.signals import Signal
from hypercare.reports.pdf import SHEET, print_in
from hypercare.suite.session import SuiteSession


def print_here(suite: SuiteSession, page: Path, pdf: Path) -> str:
    """Print `page` to `pdf`, by the thread that used the browser.

    Returns:
        an empty string, or in one line why there is no PDF.
    """
    try:
        return print_in(lambda: suite.browser.context(SHEET), page, pdf)
    except Signal as signal:
        return f"{signal}"
