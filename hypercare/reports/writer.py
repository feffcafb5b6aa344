"""One round's folder, filled: from a summary and what pytest left, everything that a reader can open."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hypercare.reports.allure import RoundResults, write_allure
from hypercare.reports.daily import gather_round_files
from hypercare.reports.folder import ReportsFolderProblem, check_writable, publish, work_folder
from hypercare.reports.markdown import daily_markdown
from hypercare.reports.metrics import metrics_text
from hypercare.reports.page import FileLink, Links, page_html
from hypercare.reports.pdf import print_page
from hypercare.reports.runbook import write_runbook
from hypercare.reports.summary import Summary, read_summary
from hypercare.shipped import FOLDER

__all__ = [
    "ReportsFolderProblem",
    "RoundResults",
    "Written",
    "check_writable",
    "publish",
    "rounds_of_day",
    "work_folder",
    "write_round_report",
]
ALLURE_RESULTS = "allure-results"
_LOG = logging.getLogger(__name__)
_FILES = (
    FileLink("allure/index.html", "Allure report", "every check with its evidence and its history"),
    FileLink("allure/dashboard.html", "Charts", "round by round, from the Allure report"),
    FileLink("pytest.html", "Test report", "the checks as pytest saw them"),
    FileLink("daily.pdf", "Printed report", "this page on paper"),
    FileLink("daily.md", "Daily report as text", "the plan's template, filled in"),
    FileLink("junit.xml", "JUnit", "for a build server"),
    FileLink("summary.json", "Data", "everything here, for other programs"),
    FileLink("metrics.prom", "Metrics", "for Prometheus"),
)


@dataclass(frozen=True)
class Written:
    """What was written into `folder`; `skipped` maps a file that could not be made to the reason, in one line."""

    folder: Path
    skipped: dict[str, str] = field(default_factory=dict)


def write_round_report(
    summary: Summary,
    work_dir: Path,
    *,
    rounds: Sequence[RoundResults] = (),
    browser: Path | None = None,
    allure: bool = True,
    history: Path | None = None,
    append_history: bool = True,
    project: Path = FOLDER,
) -> Written:
    """Fill `work_dir`, in which pytest may have left allure-results/, junit.xml and pytest.html.

    `rounds` are the published rounds behind a daily summary, whose results and files are brought together; without
    them the results are those in `work_dir`. `browser` is
    the Chromium that prints. `history` is the file of Allure's history. `project` is the folder whose own pages stand
    before those of the runbook that comes with the program.

    Raises:
        ReportsFolderProblem: the folder cannot be written.
    """
    skipped: dict[str, str] = {}
    try:
        work_dir.mkdir(parents=True, exist_ok=True)
        summary.write(work_dir / "summary.json")
        (work_dir / "daily.md").write_text(daily_markdown(summary), encoding="utf-8")
        (work_dir / "metrics.prom").write_text(metrics_text(summary), encoding="utf-8")
        if allure:
            sources = rounds or [RoundResults(summary, work_dir / ALLURE_RESULTS)]
            skipped["allure/index.html"] = write_allure(
                summary, sources, work_dir / "allure", history=history, append_history=append_history
            )
        if rounds:
            gather_round_files([(one.summary, one.folder.parent) for one in rounds], work_dir)
        pages = write_runbook(summary, work_dir / "runbook", project=project)
        # The page is printed with the links that it will have, and written again when printing fails.
        page = work_dir / "index.html"
        page.write_text(page_html(summary, _links(work_dir, pages, promised={"daily.pdf"})), encoding="utf-8")
        skipped["daily.pdf"] = print_page(page, work_dir / "daily.pdf", browser=browser)
        if skipped["daily.pdf"]:
            page.write_text(page_html(summary, _links(work_dir, pages)), encoding="utf-8")
    except OSError as error:
        raise ReportsFolderProblem(f"the report cannot be written to {work_dir}: {error.strerror or error}") from None
    skipped = {name: reason for name, reason in skipped.items() if reason}
    for name, reason in skipped.items():
        _LOG.info("%s is left out of the report: %s", name, reason)
    return Written(work_dir, skipped)


def rounds_of_day(reports_root: Path, day: str, names: Sequence[str]) -> list[RoundResults]:
    """The published rounds of a day (ISO date) that can be read, in the order of `names`."""
    found = []
    for name in names:
        folder = reports_root / day / name
        try:
            found.append(RoundResults(read_summary(folder / "summary.json"), folder / ALLURE_RESULTS))
        except (OSError, ValueError):
            continue
    return found


def _links(work_dir: Path, pages: dict[str, str], promised: set[str] | None = None) -> Links:
    there = [file for file in _FILES if file.href in (promised or set()) or (work_dir / file.href).exists()]
    return Links(files=there, runbook_pages=pages)
