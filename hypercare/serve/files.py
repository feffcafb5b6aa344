"""Files of the reports folder: which of them are shown, as what, and by which policy."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from hypercare.serve import policies
from hypercare.serve.exchange import HTML

_PLAIN = "text/plain; charset=utf-8"
# What lies there and is for people. The history and what rounds leave for each other is not.
_KINDS = {
    ".html": HTML,
    ".md": _PLAIN,
    ".txt": _PLAIN,
    ".prom": _PLAIN,
    ".xml": _PLAIN,
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".ics": "text/calendar; charset=utf-8",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".svg": "image/svg+xml",
}
_TO_BE_SAVED = {".csv", ".xlsx", ".ics"}
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
FIRST_PAGE = "index.html"
# A day's folders, and the page that says how a round went.
_SCRIPTED = re.compile(r"(^|/)(allure[^/]*/.*|pytest\.html|pytest/.*)$")


@dataclass(frozen=True)
class ReportFile:
    """`is_page` is whether it is one of our own pages, which bear a way back; `has_scripts` whether it is Allure's or
    pytest's."""

    path: Path
    kind: str
    policy: str
    is_page: bool = False
    has_scripts: bool = False
    is_saved: bool = False


def find_file(root: Path, asked: str) -> ReportFile | None:
    """The file of the reports folder that a decoded path names; None for what is not there or is not shown.

    Nothing outside the folder is, by whatever way the path or a link leads there, and nothing that is hidden.
    """
    parts = asked.split("/")
    if any(not _is_plain(part) for part in parts):
        return None
    try:
        place, top = root.joinpath(*parts).resolve(strict=True), root.resolve(strict=True)
    except (OSError, ValueError, RuntimeError):
        return None
    if not place.is_relative_to(top) or not place.is_file():
        return None
    inside = place.relative_to(top)
    ending = place.suffix.lower()
    # Where a link within the folder leads is judged like any other place.
    if ending not in _KINDS or any(not _is_plain(part) for part in inside.parts):
        return None
    return _shown(place, inside.as_posix(), ending)


def is_folder_with_page(root: Path, asked: str) -> bool:
    """Whether the path names a folder that has a page to begin with."""
    return find_file(root, f"{asked.rstrip('/')}/{FIRST_PAGE}".lstrip("/")) is not None


def _is_plain(part: str) -> bool:
    return bool(part) and part.isprintable() and not part.startswith(".") and not set(part) & set('\\:"')


def _shown(place: Path, inside: str, ending: str) -> ReportFile:
    kind = _KINDS[ending]
    if ending == ".html":
        if _SCRIPTED.search(inside):
            return ReportFile(place, kind, policies.SCRIPTED_PAGE, has_scripts=True)
        return ReportFile(place, kind, policies.REPORT_PAGE, is_page=True)
    policy = policies.PAPER if ending == ".pdf" else policies.PLAIN_FILE
    return ReportFile(place, kind, policy, is_saved=ending in _TO_BE_SAVED)
