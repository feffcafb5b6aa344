"""The reports folder: <date>/<round>/, and `latest`, which always leads to a whole report."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

_LOG = logging.getLogger(__name__)
LATEST = "latest"
WORK = ".work"
# A round's report with its evidence takes some ten MB; less than this is as good as full.
LEAST_FREE_BYTES = 64 * 1024 * 1024
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class ReportsFolderProblem(Exception):
    """The reports folder cannot take a report; the message is one line. The fault is ours, not the target's."""


def check_writable(root: Path) -> None:
    """Find out before a round whether its report will find a place.

    Raises:
        ReportsFolderProblem: the folder is missing and cannot be made, is read-only, or its disk is full.
    """
    probe = root / f".writable-{uuid4().hex[:8]}"
    with _one_clear_line(root):
        root.mkdir(parents=True, exist_ok=True)
        probe.mkdir()
        probe.rmdir()
        free = shutil.disk_usage(root).free
    if free < LEAST_FREE_BYTES:
        raise ReportsFolderProblem(
            f"the reports folder {root} has only {free // 2**20} MB left; a report needs {LEAST_FREE_BYTES // 2**20} MB"
        )


def work_folder(root: Path) -> Path:
    """A new folder inside `root`, out of sight until it is published; on the same disk, so that it can be moved.

    Raises:
        ReportsFolderProblem: it cannot be made.
    """
    folder = root / WORK / uuid4().hex[:12]
    with _one_clear_line(root):
        folder.mkdir(parents=True)
    return folder


def publish(
    work_dir: Path,
    reports_root: Path,
    day: date,
    round_name: str,
    *,
    keep_days: int | None = None,
    lead_there: bool = True,
    keep_former: bool = True,
) -> Path:
    """Move a finished report to <root>/<date>/<round>/ and lead `latest` to it.

    A report of the same round and day is kept aside as <round>-<HHMMSS>; without `keep_former` it is removed. `latest`
    changes in one step: whoever opens it sees the old report whole, or the new; without `lead_there` it stays where it
    leads. With `keep_days`, days older than that before `day` are removed.

    Returns:
        where the report is now.

    Raises:
        ReportsFolderProblem: it cannot be moved there; `latest` is then as it was.
    """
    place = reports_root / day.isoformat() / round_name
    with _one_clear_line(reports_root):
        place.parent.mkdir(parents=True, exist_ok=True)
        aside = _set_aside(reports_root, place) if place.exists() else None
        _move(work_dir, place)
        if lead_there or (aside is not None and not keep_former and _latest_leads_to(reports_root, aside)):
            _lead(reports_root, place)
        if aside is not None and not keep_former:
            shutil.rmtree(aside, ignore_errors=True)
    _LOG.info("report published: %s", place)
    with contextlib.suppress(OSError):
        (reports_root / WORK).rmdir()
    if keep_days is not None:
        remove_old(reports_root, day, keep_days)
    return place


def shows_a_later_day(reports_root: Path, day: date) -> bool:
    """Whether `latest` leads to a report of a day after this one."""
    latest = reports_root / LATEST
    if not latest.is_symlink():
        return False
    shown = latest.resolve().parent.name
    return bool(_DATE.fullmatch(shown)) and shown > day.isoformat()


def replace_whole(file: Path, text: str) -> None:
    """Write a file of a folder of reports in one step: whoever opens it sees it whole, as it was or as it is.

    Raises:
        ReportsFolderProblem: it cannot be written.
    """
    beside = _hidden(file)
    with _one_clear_line(file.parent):
        try:
            beside.write_text(text, encoding="utf-8")
            beside.replace(file)
        finally:
            beside.unlink(missing_ok=True)


def remove_old(reports_root: Path, day: date, keep_days: int) -> list[date]:
    """Remove the folders of days more than `keep_days` before `day`, never the one that `latest` leads to.

    Returns:
        the days that were removed. What cannot be removed stays, and is tried again next time.
    """
    latest = (reports_root / LATEST).resolve()
    removed = []
    for folder in sorted(reports_root.iterdir()):
        if not _DATE.fullmatch(folder.name) or folder.is_symlink() or not folder.is_dir():
            continue
        try:
            its_day = date.fromisoformat(folder.name)
        except ValueError:
            continue
        if day - its_day > timedelta(days=keep_days) and not latest.is_relative_to(folder.resolve()):
            shutil.rmtree(folder, ignore_errors=True)
            _LOG.info("reports of %s removed: older than %d days", its_day, keep_days)
            removed.append(its_day)
    return removed


def _set_aside(reports_root: Path, place: Path) -> Path:
    """Keep the report at `place` under another name; `latest` leads to a whole report all the while.

    Returns:
        where it is kept.
    """
    aside, copy, gone = _aside(place), _hidden(place), _hidden(place)
    shutil.copytree(place, copy, copy_function=_linked, symlinks=True)
    copy.replace(aside)
    if _latest_leads_to(reports_root, place):
        _lead(reports_root, aside)
    place.replace(gone)
    shutil.rmtree(gone, ignore_errors=True)
    return aside


def _latest_leads_to(reports_root: Path, place: Path) -> bool:
    latest = reports_root / LATEST
    return latest.is_symlink() and latest.resolve() == place.resolve()


def _linked(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _hidden(place: Path) -> Path:
    return place.with_name(f".{place.name}-{uuid4().hex[:8]}")


def _aside(place: Path) -> Path:
    """A free name after the time at which the older report was finished."""
    written = datetime.fromtimestamp(place.stat().st_mtime).astimezone()
    name = f"{place.name}-{written:%H%M%S}"
    candidates = (place.with_name(name if number == 1 else f"{name}-{number}") for number in range(1, 1000))
    return next(candidate for candidate in candidates if not candidate.exists())


def _move(work_dir: Path, place: Path) -> None:
    """One step on the same disk; from another disk the copy is made beside the place first."""
    try:
        work_dir.replace(place)
    except OSError:
        beside = _hidden(place)
        try:
            shutil.copytree(work_dir, beside)
            beside.replace(place)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        shutil.rmtree(work_dir, ignore_errors=True)


def _lead(reports_root: Path, place: Path) -> None:
    latest = reports_root / LATEST
    if latest.is_dir() and not latest.is_symlink():
        # Where an artefact was unpacked, or the file system knew no links: kept, out of the way.
        latest.replace(_aside(latest))
    link = _hidden(latest)
    link.symlink_to(place.relative_to(reports_root), target_is_directory=True)
    link.replace(latest)


@contextlib.contextmanager
def _one_clear_line(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ReportsFolderProblem(f"the reports folder {root} cannot be written: {error.strerror or error}") from None
