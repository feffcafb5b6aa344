"""What is added to a report that people read already: Allure's pages, and the page on paper.

Both take longer than all else of a report, and nobody waits for them to learn whether the business can trade.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from hypercare.reports.allure import RoundResults, write_allure
from hypercare.reports.pdf import Printer
from hypercare.reports.summary import Summary
from hypercare.reports.writer import ALLURE, ALLURE_RESULTS, PAGE, PRINTED, page_of

_LOG = logging.getLogger(__name__)


def add_later_pages(
    summary: Summary,
    folder: Path,
    printer: Printer,
    *,
    rounds: Sequence[RoundResults] = (),
    history: Path | None = None,
    append_history: bool = True,
) -> dict[str, str]:
    """Make them for the report in `folder`, and put each there in one step when it is whole.

    `rounds` are those behind a daily summary, of which those that ran on another machine left no results here; without
    them the results are those in the folder. `history` is the file of Allure's history.

    Returns:
        what could not be made, each with the reason in one line. Never raises: a report without them is a report.
    """
    # Within the folder, so that nothing is put into another that took its place meanwhile.
    scratch = folder / f".later-{uuid4().hex[:8]}"
    here = [one for one in rounds if one.folder.is_dir()]
    sources = here or [RoundResults(summary, folder / ALLURE_RESULTS)]
    try:
        scratch.mkdir()
        skipped = {
            f"{ALLURE}/index.html": _add_allure(summary, sources, folder, scratch, history, append_history),
            PRINTED: _add_printed_page(summary, folder, scratch, printer),
        }
    except OSError as error:
        skipped = {PRINTED: f"it cannot be written: {error.strerror or error}"}
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    skipped = {name: reason for name, reason in skipped.items() if reason}
    for name, reason in skipped.items():
        _LOG.info("%s is left out of the report: %s", name, reason)
    return skipped


def _add_allure(
    summary: Summary,
    sources: Sequence[RoundResults],
    folder: Path,
    scratch: Path,
    history: Path | None,
    append_history: bool,
) -> str:
    made = scratch / ALLURE
    reason = write_allure(summary, sources, made, history=history, append_history=append_history)
    if not reason:
        made.replace(folder / ALLURE)
    return reason


def _add_printed_page(summary: Summary, folder: Path, scratch: Path, printer: Printer) -> str:
    """Print the page with the links that it will have, and let the page itself lead to what is there by now."""
    page, printed = folder / f".{scratch.name}.html", scratch / PRINTED
    try:
        page.write_text(page_of(summary, folder, promised={PRINTED}), encoding="utf-8")
        reason = printer(page, printed)
    finally:
        page.unlink(missing_ok=True)
    if not reason:
        printed.replace(folder / PRINTED)
    written = scratch / PAGE
    written.write_text(page_of(summary, folder), encoding="utf-8")
    written.replace(folder / PAGE)
    return reason
