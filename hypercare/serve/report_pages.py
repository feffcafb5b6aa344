"""The reports folder, and who did what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import quote

from hypercare.reports.folder import LATEST
from hypercare.reports.words import round_words
from hypercare.review.trail import newest_acts
from hypercare.serve.exchange import Answer, not_there, sent_to
from hypercare.serve.files import DAY, FIRST_PAGE, ReportFile, find_file, is_folder_with_page
from hypercare.serve.pages import day_words
from hypercare.serve.site import Visit

_MOST_DAYS = 60
_MOST_LINES = 200
_BODY = b"<body>"
# The page bears its styles within it, so this too has its own; nothing of it comes from the target.
_WAY_BACK = (
    '<nav aria-label="Hypercare" style="display:flex;flex-wrap:wrap;gap:0 18px;max-width:1080px;margin:0 auto;'
    'padding:10px 16px 0;font-size:.95rem">{links}</nav>'
)
# In a sandbox a browser keeps nothing for a page, and Allure does not start where it cannot ask what it kept.
_HEAD = re.compile(rb"<head\b[^>]*>", re.IGNORECASE)
_FORGETFUL = b"""<script>(() => {
  const storage = () => { const kept = new Map(); return {
    getItem: (name) => kept.has(String(name)) ? kept.get(String(name)) : null,
    setItem: (name, value) => { kept.set(String(name), String(value)); },
    removeItem: (name) => { kept.delete(String(name)); }, clear: () => { kept.clear(); },
    key: (number) => [...kept.keys()][number] ?? null, get length() { return kept.size; } }; };
  for (const name of ["localStorage", "sessionStorage"])
    Object.defineProperty(window, name, { value: storage(), configurable: true });
})();</script>"""
_LINK = '<a style="display:inline-block;padding:6px 0;min-height:24px" href="{href}">{words}</a>'


@dataclass(frozen=True)
class ReportLink:
    href: str
    words: str


@dataclass(frozen=True)
class DayOfReports:
    day: str
    links: tuple[ReportLink, ...]

    @property
    def words(self) -> str:
        return day_words(date.fromisoformat(self.day))


def show_reports(visit: Visit) -> Answer:
    root = visit.site.reports
    days = [DayOfReports(folder.name, tuple(_links(root, folder.name))) for folder in _days(root)]
    first = [("/reports/latest/", "The latest report", LATEST), ("/reports/index.html", "All days", "")]
    starts = [ReportLink(href, words) for href, words, folder in first if is_folder_with_page(root, folder)]
    others = [ReportLink(f"/reports/{quote(path.name)}", path.stem) for path in sorted(_pages_beside(root))]
    return visit.page("reports.html.j2", starts=starts, days=[one for one in days if one.links], others=others)


def show_file(visit: Visit) -> Answer:
    """A file of the folder; a folder with a page of its own shows that."""
    root, asked = visit.site.reports, visit.request.parts["path"]
    if not asked:
        return sent_to("/reports")
    file = find_file(root, f"{asked}{FIRST_PAGE}" if asked.endswith("/") else asked)
    if file is None and not asked.endswith("/") and is_folder_with_page(root, asked):
        return sent_to(f"/reports/{quote(asked)}/")
    if file is None:
        raise not_there()
    if file.has_scripts:
        return _scripted(file)
    return _page(file, asked) if file.is_page else _sent(file)


def show_trail(visit: Visit) -> Answer:
    acts = newest_acts(visit.site.history, _MOST_LINES)
    return visit.page("trail.html.j2", acts=acts, log_ins=visit.site.log_ins.newest(_MOST_LINES))


def _page(file: ReportFile, asked: str) -> Answer:
    """One of our own pages, with a way back to those that act."""
    content = _content(file)
    day = DAY.search(file.path.as_posix())
    places = [("/reports", "All reports"), ("/", "Incidents")]
    places += [(f"/day/{day[0]}", "Answer and sign off")] if day and not asked.startswith("runbook") else []
    links = "".join(_LINK.format(href=href, words=words) for href, words in places)
    bar = _WAY_BACK.format(links=links).encode()
    return Answer(content.replace(_BODY, _BODY + bar, 1), kind=file.kind, policy=file.policy)


def _scripted(file: ReportFile) -> Answer:
    content = _HEAD.sub(lambda head: head[0] + _FORGETFUL, _content(file), count=1)
    return Answer(content, kind=file.kind, policy=file.policy)


def _content(file: ReportFile) -> bytes:
    try:
        return file.path.read_bytes()
    except OSError:
        raise not_there() from None


def _sent(file: ReportFile) -> Answer:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.path.name)}"} if file.is_saved else {}
    return Answer(kind=file.kind, policy=file.policy, file=file.path, headers=headers)


def _days(root: Path) -> list[Path]:
    """The folders of the newest days."""
    if not root.is_dir():
        return []
    found = [one for one in root.iterdir() if _is_day(one.name) and one.is_dir() and not one.is_symlink()]
    return sorted(found, reverse=True)[:_MOST_DAYS]


def _is_day(name: str) -> bool:
    try:
        return bool(DAY.fullmatch(name)) and bool(date.fromisoformat(name))
    except ValueError:
        return False


def _links(root: Path, day: str) -> Iterator[ReportLink]:
    """The reports of a day: of the whole day first, then its rounds; not those that others replaced."""
    names = sorted(one.name for one in (root / day).iterdir() if one.is_dir())
    for name in sorted(names, key=lambda name: name != "day"):
        is_replaced = "-" in name and name.rpartition("-")[2].isdigit()
        if not is_replaced and is_folder_with_page(root, f"{day}/{name}"):
            words = "The day" if name == "day" else round_words(name)
            yield ReportLink(f"/reports/{day}/{quote(name)}/", words)


def _pages_beside(root: Path) -> Iterator[Path]:
    """Pages of weeks, months and gates, which lie beside the days."""
    if root.is_dir():
        found = (path for path in root.glob("*.html") if path.name != FIRST_PAGE)
        yield from (path for path in found if find_file(root, path.name) is not None)
