"""The index of a reports folder, read from what lies in it and written beside it."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from hypercare.publishing.index_page import index_page
from hypercare.publishing.redirect_page import all_days_page
from hypercare.publishing.report_index import IndexedDay, IndexedPage, IndexedRound, IndexedTarget, ReportIndex
from hypercare.reports.folder import replace_whole
from hypercare.reports.summary import Status, Summary, read_summary
from hypercare.reports.verdict import verdict_of
from hypercare.reports.writer import DAY

_LOG = logging.getLogger(__name__)
INDEX_PAGE, INDEX_DATA, SUMMARY = "index.html", "index.json", "summary.json"
REHEARSAL, FLEET = "rehearsal", "fleet"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_HEAD = 16_384
_KINDS = (
    (re.compile(r"week-\d+"), "Weekly summary"),
    (re.compile(r"month-\d+"), "Monthly summary"),
    (re.compile(r"readiness"), "Go or no-go"),
    (re.compile(r"plan"), "What is looked at when, and by whom"),
    (re.compile(r"exit[.-].*"), "Exit gate"),
)
_WORST_FIRST = (Status.CRITICAL, Status.ISSUES, Status.UNKNOWN, Status.HEALTHY)


def write_index(
    reports: Path, remembered: Mapping[date, set[str]] | None = None, go_live: date | None = None
) -> ReportIndex:
    """Make index.html and index.json of a reports folder anew.

    Only reports that changed since the last time are read. `remembered` are the statuses that the history has of each
    day, by which days without a report here are told; `go_live` is day 1.

    Raises:
        ReportsFolderProblem: the folder cannot be written.
    """
    index = index_of_folder(reports, remembered or {}, go_live)
    replace_whole(reports / INDEX_DATA, index.model_dump_json(indent=1) + "\n")
    replace_whole(reports / INDEX_PAGE, index_page(index))
    for day in days_of(reports):
        if not (page := reports / day.isoformat() / INDEX_PAGE).exists():
            replace_whole(page, all_days_page())
    return index


def index_of_folder(reports: Path, remembered: Mapping[date, set[str]], go_live: date | None) -> ReportIndex:
    former = {one.date: one for one in read_index(reports / INDEX_DATA).days}
    days = {day: found for day in days_of(reports) if (found := _day(reports, day, former.get(day))) is not None}
    for day, statuses in remembered.items():
        if day not in days:
            worst = next((one for one in _WORST_FIRST if one.value in statuses), Status.UNKNOWN)
            number = (day - go_live).days + 1 if go_live else 0
            days[day] = IndexedDay(date=day, number=number, status=worst)
    return ReportIndex.of(days.values(), _pages(reports), _targets(reports))


def read_index(file: Path) -> ReportIndex:
    """What index.json says; an empty one where it is not there or cannot be read."""
    try:
        return ReportIndex.model_validate_json(file.read_bytes())
    except (OSError, ValueError):
        return ReportIndex()


def days_of(reports: Path) -> list[date]:
    """The days of which the folder has something."""
    found = []
    for folder in reports.iterdir() if reports.is_dir() else ():
        if _DATE.fullmatch(folder.name) and folder.is_dir() and not folder.is_symlink():
            try:
                found.append(date.fromisoformat(folder.name))
            except ValueError:
                continue
    return sorted(found)


def target_folders(reports: Path) -> Iterator[Path]:
    """The folders of single targets of a fleet."""
    for folder in sorted(reports.iterdir()) if reports.is_dir() else ():
        if folder.name not in {REHEARSAL, FLEET} and not folder.is_symlink() and (folder / INDEX_DATA).is_file():
            yield folder


def page_files(reports: Path) -> list[Path]:
    """The pages that lie beside the folders of days."""
    return sorted(one for one in reports.glob("[!.]*.html") if one.name != INDEX_PAGE and not one.is_symlink())


def _day(reports: Path, day: date, former: IndexedDay | None) -> IndexedDay | None:
    """What the report of the day says, else of its newest round; `former` where its file did not change."""
    folder = reports / day.isoformat()
    for file in (folder / DAY / SUMMARY, *_newest_first(folder)):
        try:
            status = file.stat()
            stamp = f"{file.parent.name}-{status.st_mtime_ns}-{status.st_size}"
            if former is not None and former.stamp == stamp:
                return former
            return _read(reports, read_summary(file), file.parent, stamp)
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:
            _LOG.info("%s is left out of the index: %s", file, str(error).partition("\n")[0])
    return None


def _newest_first(folder: Path) -> list[Path]:
    found = [(file.stat().st_mtime_ns, file) for file in folder.glob(f"[!.]*/{SUMMARY}") if file.parent.name != DAY]
    return [file for _, file in sorted(found, reverse=True)]


def _read(reports: Path, summary: Summary, folder: Path, stamp: str) -> IndexedDay:
    if summary.rounds:
        ran = [(one.round, one.status, one.as_of) for one in summary.rounds if one.ran]
    else:
        ran = [(summary.round, summary.status, summary.as_of)]
    return IndexedDay(
        date=date.fromisoformat(folder.parent.name),
        number=summary.day,
        status=summary.status,
        headline=verdict_of(summary).headline,
        target=summary.target,
        href=_href(reports, folder),
        finished=summary.finished,
        rounds=[
            IndexedRound(round=name, status=status, as_of=as_of, href=_href(reports, folder.parent / name))
            for name, status, as_of in ran
            if status is not None and as_of is not None
        ],
        stamp=stamp,
    )


def _href(reports: Path, folder: Path) -> str:
    page = folder / INDEX_PAGE
    return page.relative_to(reports).as_posix() if page.is_file() else ""


def _pages(reports: Path) -> Iterator[IndexedPage]:
    for page in page_files(reports):
        about = next((words for pattern, words in _KINDS if pattern.fullmatch(page.stem)), "")
        yield IndexedPage(href=page.name, title=_title(page), about=about)
    if (reports / FLEET / INDEX_PAGE).is_file():
        yield IndexedPage(href=f"{FLEET}/{INDEX_PAGE}", title="All targets", about="How each of them stands")


def _title(page: Path) -> str:
    """What the page calls itself, without the name of the target that follows."""
    try:
        with page.open(encoding="utf-8", errors="replace") as file:
            found = _TITLE.search(file.read(_HEAD))
    except OSError:
        found = None
    title = html.unescape(found[1]).partition(" · ")[0].strip() if found else ""
    return title or page.stem


def _targets(reports: Path) -> Iterator[IndexedTarget]:
    for folder in target_folders(reports):
        newest = read_index(folder / INDEX_DATA).newest
        if newest is not None:
            href = f"{folder.name}/{INDEX_PAGE}"
            name = newest.target or folder.name
            yield IndexedTarget(target=name, href=href, status=newest.status, day=newest.date)
