"""Which files of a reports folder are for readers, and whether they changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from hypercare.publishing.folder_index import FLEET, INDEX_PAGE, days_of, page_files

# What Allure and the suite make pages of; no page leads there.
_RAW = {"allure-results", "results.jsonl", "round.json"}
_BESIDE_PAGES = (".md", ".ics")


@dataclass(frozen=True)
class ReportFolder:
    """A report as it lies in `folder`, which readers find at `path`."""

    folder: Path
    path: str

    @cached_property
    def files(self) -> Mapping[str, Path]:
        """By their paths in the report, the page last: what it leads to is there before it."""
        found = dict(sorted(_files_below(self.folder, "")))
        page = {INDEX_PAGE: found.pop(INDEX_PAGE)} if INDEX_PAGE in found else {}
        return {**found, **page}

    @cached_property
    def stamp(self) -> str:
        """Another one as soon as any of the files was written; nothing is read for it."""
        told = hashlib.sha256()
        for path, file in self.files.items():
            status = file.stat()
            told.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
        return told.hexdigest()[:24]


def report_folders(reports: Path) -> Iterator[ReportFolder]:
    """The reports of all days, the oldest first; one without a page is none."""
    for day in days_of(reports):
        of_day = reports / day.isoformat()
        for folder in sorted(of_day.iterdir()):
            if not folder.name.startswith(".") and (folder / INDEX_PAGE).is_file() and not folder.is_symlink():
                yield ReportFolder(folder, f"{day.isoformat()}/{folder.name}")


def files_beside(reports: Path) -> dict[str, Path]:
    """Pages of weeks, months, gates and the fleet, and what goes with them."""
    found: dict[str, Path] = {}
    for page in page_files(reports):
        found |= {
            one.name: one
            for suffix in (*_BESIDE_PAGES, page.suffix)
            if (one := page.with_suffix(suffix)).is_file() and not one.is_symlink()
        }
    return found | dict(sorted(_files_below(reports / FLEET, f"{FLEET}/")))


def digest_of(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _files_below(folder: Path, before: str) -> Iterator[tuple[str, Path]]:
    for one in folder.iterdir() if folder.is_dir() else ():
        if one.name.startswith(".") or one.name in _RAW or one.is_symlink():
            continue
        if one.is_dir():
            yield from _files_below(one, f"{before}{one.name}/")
        elif one.is_file():
            yield f"{before}{one.name}", one
