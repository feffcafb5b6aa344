"""One round's folder, filled: from a summary and what pytest left, what tells the verdict."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

from hypercare.reports.allure import TESTS, RoundResults
from hypercare.reports.daily import PYTEST_HTML, gather_round_files
from hypercare.reports.folder import ReportsFolderProblem, check_writable, publish, work_folder
from hypercare.reports.markdown import daily_markdown
from hypercare.reports.metrics import metrics_text
from hypercare.reports.page import FileLink, Links, page_html
from hypercare.reports.pytest_html_page import make_readable
from hypercare.reports.question_pages import FIGURES, pages_there, write_questions
from hypercare.reports.question_pages import FOLDER as QUESTIONS
from hypercare.reports.runbook import write_runbook
from hypercare.reports.summary import Summary, read_summary
from hypercare.shipped import FOLDER

__all__ = [
    "ReportsFolderProblem",
    "RoundResults",
    "check_writable",
    "publish",
    "rounds_of_day",
    "work_folder",
    "write_report",
]
DAY = "day"
ALLURE_RESULTS, RUNBOOK_PAGES = "allure-results", "runbook"
# From a report to all days: by way of its own day, or at once where it is opened as `latest`.
ROOT = "../"
PAGE, PRINTED, ALLURE = "index.html", "daily.pdf", "allure"
_FILES = (
    FileLink("allure/index.html", "Allure report", "every check with its evidence and its history"),
    FileLink("allure/dashboard.html", "Charts", "day by day, from the Allure report"),
    FileLink("pytest.html", "Test report", "the checks as pytest saw them"),
    FileLink("daily.pdf", "Printed report", "this page on paper"),
    FileLink("daily.md", "Daily report as text", "the plan's template, filled in"),
    FileLink("junit.xml", "JUnit", "for a build server"),
    FileLink("summary.json", "Data", "everything here, for other programs"),
    FileLink("metrics.prom", "Metrics", "for Prometheus"),
)


def write_report(
    summary: Summary, folder: Path, *, rounds: Sequence[RoundResults] = (), project: Path = FOLDER
) -> None:
    """Fill `folder`, in which pytest may have left junit.xml and pytest.html, with all that tells the verdict.

    What takes longer is added later, by `add_later_pages`. `rounds` are the published rounds behind a daily summary,
    whose files are brought together. `project` is the folder whose own pages stand before those of the runbook that
    comes with the program.

    Raises:
        ReportsFolderProblem: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        summary.write(folder / "summary.json")
        (folder / "daily.md").write_text(daily_markdown(summary), encoding="utf-8")
        (folder / "metrics.prom").write_text(metrics_text(summary), encoding="utf-8")
        if (folder / PYTEST_HTML).is_file():
            make_readable(folder / PYTEST_HTML, summary)
        if rounds:
            gather_round_files([(one.summary, one.folder.parent) for one in rounds], folder)
        write_runbook(summary, folder / RUNBOOK_PAGES, project=project)
        results = [one.folder for one in rounds] or [folder / ALLURE_RESULTS]
        write_questions(summary, folder, results)
        (folder / PAGE).write_text(page_of(summary, folder), encoding="utf-8")
    except OSError as error:
        raise ReportsFolderProblem(f"the report cannot be written to {folder}: {error.strerror or error}") from None


def rewrite_report(summary: Summary, folder: Path) -> None:
    """Write anew what tells the verdict in words, each file whole at once, so that nobody reads half of one.

    Raises:
        ReportsFolderProblem: the folder cannot be written.
    """
    texts = {
        "summary.json": summary.to_json(),
        "daily.md": daily_markdown(summary),
        "metrics.prom": metrics_text(summary),
        PAGE: page_of(summary, folder),
    }
    try:
        for name, text in texts.items():
            beside = folder / f".{name}.new"
            beside.write_text(text, encoding="utf-8")
            beside.replace(folder / name)
    except OSError as error:
        raise ReportsFolderProblem(f"the report cannot be written to {folder}: {error.strerror or error}") from None


def page_of(summary: Summary, folder: Path, *, promised: Collection[str] = ()) -> str:
    """The page of a report as HTML. It leads to what lies in the folder by now, and to what is promised."""
    files = [file for file in _FILES if file.href in promised or (folder / file.href).exists()]
    pages = {item.id: f"{RUNBOOK_PAGES}/{item.id}.html" for item in summary.items}
    there = {item: page for item, page in pages.items() if (folder / page).is_file()}
    figures = f"{QUESTIONS}/{FIGURES}"
    links = Links(
        files=files,
        runbook_pages=there,
        day_pages=pages_of_days(folder, [one.day for one in summary.recent_days]),
        tests=_tests(folder),
        questions=pages_there(summary, folder),
        figures=figures if (folder / figures).is_file() else "",
        root=ROOT,
    )
    return page_html(summary, links)


def pages_of_days(folder: Path, days: Sequence[date]) -> dict[date, str]:
    """Where a report in `<reports>/<day>/<round>` finds other days that have one: on the page of all days."""
    return pages_from(folder.absolute().parent.parent, days, ROOT)


def pages_from(reports: Path, days: Sequence[date], root: str) -> dict[date, str]:
    """Where a page from which `root` leads to the folder of the reports finds the days that have one."""
    there = [day for day in days if any((reports / day.isoformat()).glob(f"[!.]*/{PAGE}"))]
    return {day: f"{root}{PAGE}#day-{day.isoformat()}" for day in there}


def _tests(folder: Path) -> dict[str, str]:
    """By the ids of checks: the page of each check's own test in the Allure report, once that is there."""
    try:
        tests = json.loads((folder / ALLURE / TESTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(check): f"{ALLURE}/index.html#{test}" for check, test in tests.items()}


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
