"""Reports put where others read them: only what changed, each file whole, the index last."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from pydantic import Field

from hypercare.outcome.part import Part
from hypercare.publishing.folder_index import INDEX_DATA, INDEX_PAGE, SUMMARY, read_index, target_folders
from hypercare.publishing.index_page import index_page
from hypercare.publishing.place import Place
from hypercare.publishing.problem import PublishProblem
from hypercare.publishing.redirect_page import latest_page
from hypercare.publishing.report_files import ReportFolder, digest_of, files_beside, report_folders
from hypercare.publishing.report_index import IndexedDay, ReportIndex, together
from hypercare.reports.folder import LATEST

_Kind = TypeVar("_Kind", bound=Part)
_LOG = logging.getLogger(__name__)
_STATE = ".published.json"
# What programs fetch from the newest day under an address that stays.
_FOR_PROGRAMS = (SUMMARY, "metrics.prom", "daily.md")


class _State(Part):
    """What lies in a place: of each report its stamp, of each file beside them its digest."""

    reports: dict[str, str] = Field(default_factory=dict)
    files: dict[str, str] = Field(default_factory=dict)


class _Contents(Part):
    """What a published report is made of; `finished` is when its newest round had ended."""

    finished: str = ""
    files: dict[str, str] = Field(default_factory=dict)


@dataclass
class Publication:
    """What was done: how many files were copied, which days were removed."""

    copied: int = 0
    removed: list[date] = field(default_factory=list)


class Publisher:
    """Puts the reports of one folder into one place. `anew` copies all of it, whatever was copied before."""

    def __init__(self, reports: Path, place: Place, *, keep_days: int | None, anew: bool = False) -> None:
        self._reports, self._place, self._keep_days, self._anew = reports, place, keep_days, anew
        self._done = Publication()
        self._newer_there: set[str] = set()

    def publish(self) -> Publication:
        """Reports first, then the pages beside them, `latest`, and the index; then days that are too old are removed.

        Raises:
            PublishProblem: the place holds the reports of another target.
            OSError: something cannot be read or written; what was copied until then is whole.
        """
        before = self._read(_STATE, _State()) if not self._anew else _State()
        index, since = self._index()
        reports = self._copy_reports(before.reports, since)
        files = self._copy_files(before.files, {**files_beside(self._reports), **self._pages_of_days(reports)})
        for folder in target_folders(self._reports):
            below = Publisher(folder, _Below(self._place, folder.name), keep_days=self._keep_days, anew=self._anew)
            found = below.publish()
            self._done.copied += found.copied
        files |= self._copy_made(before.files, index)
        expired = list(self._expired(since))
        staying = {path: stamp for path, stamp in reports.items() if not _is_of(path, expired)}
        self._keep_state(before, _State(reports=staying, files={**before.files, **files}))
        for day in expired:
            self._place.remove(day.isoformat())
            self._done.removed.append(day)
        return self._done

    def _index(self) -> tuple[ReportIndex, date | None]:
        here = read_index(self._reports / INDEX_DATA)
        there = self._read(INDEX_DATA, ReportIndex())
        if not self._anew and here.target and there.target and here.target != there.target:
            raise PublishProblem(
                f"that place holds the reports of {there.target!r}, and these are of {here.target!r}; give each target "
                "a place of its own"
            )
        newest = max((one.date for one in (*here.days, *there.days) if one.href), default=None)
        since = newest - timedelta(days=self._keep_days) if newest and self._keep_days is not None else None
        return together(here, there, since=since), since

    def _copy_reports(self, stamps: Mapping[str, str], since: date | None) -> dict[str, str]:
        found = dict(stamps)
        for report in report_folders(self._reports):
            if since is not None and report.path < since.isoformat():
                continue
            if found.get(report.path) != report.stamp:
                self._copy_report(report)
                found[report.path] = report.stamp
        return {path: stamp for path, stamp in found.items() if path not in self._newer_there}

    def _pages_of_days(self, reports: Iterable[str]) -> dict[str, Path]:
        """What leads from the folder of each day that was copied to all days."""
        pages = {f"{day}/{INDEX_PAGE}" for day in {path.partition("/")[0] for path in reports}}
        return {page: file for page in sorted(pages) if (file := self._reports / page).is_file()}

    def _copy_report(self, report: ReportFolder) -> None:
        """Another machine's newer report of the same day is left as it is."""
        contents_at = f"{report.path}/{_STATE}"
        there = self._read(contents_at, _Contents())
        finished = _finished(report)
        if there.finished > finished:
            self._newer_there.add(report.path)
            _LOG.info("%s is newer where it is published", report.path)
            return
        digests = {path: digest_of(file) for path, file in report.files.items()}
        digests_there = {} if self._anew else there.files
        changed = {path: file for path, file in report.files.items() if digests_there.get(path) != digests[path]}
        page = changed.pop(INDEX_PAGE, None)
        self._put((file, f"{report.path}/{path}") for path, file in changed.items())
        if page is not None:
            self._put([(page, f"{report.path}/{INDEX_PAGE}")])
        for path in there.files.keys() - digests.keys():
            self._place.remove(f"{report.path}/{path}")
        self._put_text(contents_at, _Contents(finished=finished, files=digests).model_dump_json())

    def _copy_files(self, digests_there: Mapping[str, str], files: Mapping[str, Path]) -> dict[str, str]:
        """Copy those whose digest is another than what the place has."""
        digests = {path: digest_of(file) for path, file in files.items()}
        self._put((files[path], path) for path, digest in digests.items() if digests_there.get(path) != digest)
        return digests

    def _copy_made(self, digests_there: Mapping[str, str], index: ReportIndex) -> dict[str, str]:
        """What is made for the place: where `latest` leads, and the index last."""
        newest = index.newest
        digests: dict[str, str] = {}
        with TemporaryDirectory() as folder:
            if newest is not None:
                page = _written(Path(folder) / "latest.html", latest_page(newest))
                beside = {f"{LATEST}/{name}": file for name, file in self._for_programs(newest)}
                digests |= self._copy_files(digests_there, {**beside, f"{LATEST}/{INDEX_PAGE}": page})
            data = _written(Path(folder) / INDEX_DATA, index.model_dump_json(indent=1) + "\n")
            digests |= self._copy_files(digests_there, {INDEX_DATA: data})
            page = _written(Path(folder) / INDEX_PAGE, index_page(index))
            return digests | self._copy_files(digests_there, {INDEX_PAGE: page})

    def _for_programs(self, newest: IndexedDay) -> Iterator[tuple[str, Path]]:
        folder = (self._reports / newest.href).parent
        if folder.relative_to(self._reports).as_posix() in self._newer_there:
            return
        yield from ((name, folder / name) for name in _FOR_PROGRAMS if (folder / name).is_file())

    def _expired(self, since: date | None) -> Iterator[date]:
        for name in self._place.folders() if since is not None else ():
            try:
                day = date.fromisoformat(name)
            except ValueError:
                continue
            if since is not None and day < since and name == day.isoformat():
                yield day

    def _keep_state(self, before: _State, after: _State) -> None:
        if after != before:
            self._put_text(_STATE, after.model_dump_json())

    def _read(self, path: str, otherwise: _Kind) -> _Kind:
        content = self._place.read(path)
        try:
            return otherwise if content is None else type(otherwise).model_validate_json(content)
        except ValueError:
            return otherwise

    def _put(self, files: Iterable[tuple[Path, str]]) -> None:
        chosen = list(files)
        if chosen:
            self._place.put(chosen)
            self._done.copied += len(chosen)

    def _put_text(self, path: str, text: str) -> None:
        with TemporaryDirectory() as folder:
            self._place.put([(_written(Path(folder) / "text", text), path)])


class _Below:
    """A folder of a place, as a place."""

    def __init__(self, place: Place, folder: str) -> None:
        self._place, self._folder = place, folder

    def read(self, path: str) -> bytes | None:
        return self._place.read(f"{self._folder}/{path}")

    def put(self, files: Iterable[tuple[Path, str]]) -> None:
        self._place.put((file, f"{self._folder}/{path}") for file, path in files)

    def folders(self, below: str = "") -> list[str]:
        return self._place.folders(f"{self._folder}/{below}".rstrip("/"))

    def remove(self, path: str) -> None:
        self._place.remove(f"{self._folder}/{path}")


def _finished(report: ReportFolder) -> str:
    """As it is written in the summary, in the zone of UTC so that texts can be compared; empty where there is none."""
    try:
        told = json.loads((report.folder / SUMMARY).read_bytes())["finished"]
        return datetime.fromisoformat(told).astimezone(UTC).isoformat()
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _is_of(path: str, days: Iterable[date]) -> bool:
    return path.partition("/")[0] in {day.isoformat() for day in days}


def _written(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file
