"""What earlier rounds leave behind: results that a broken one could not write any more, and what nobody needs now."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypercare.history.broken_rounds import SLACK
from hypercare.history.retention import remove_old
from hypercare.history.runner import is_running
from hypercare.history.store import History
from hypercare.history.watermarks import put_watermark, watermark
from hypercare.outcome.result import CheckResult
from hypercare.reports.folder import WORK
from hypercare.suite.result_journal import RESULTS_FILE, ROUND_FILE, RoundNote, record
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.sections.history import KEEP_DAYS
from hypercare.uptime_history.compacting import compact_as_configured

_LOG = logging.getLogger(__name__)
_OLD = timedelta(days=2)
_TIDIED = "history tidied"
_TIDY_EVERY = timedelta(hours=20)


def recover_results(history: History, reports: Path, longest_check: timedelta) -> None:
    """Write the results of broken rounds into the history, where they are not there yet.

    Raises:
        HistoryProblem: the history cannot be written.
    """
    for folder, note in _left_behind(reports, history.target):
        if _has_broken_off(folder, note, longest_check):
            results = list(_results(folder))
            _LOG.info(
                "%s round %s of %s broke off; its %d results are kept", note.round, note.id, note.day, len(results)
            )
            with history.writing():
                note.begin_in(history)
                record(history, note.id, results)


def clear(history: History, reports: Path) -> None:
    """Remove what is left of rounds whose results are in the history, and of which somebody was told.

    Folders in which nothing was noted yet go when they are old.

    Raises:
        HistoryProblem: the history cannot be read.
    """
    left = {note.id: folder for folder, note in _left_behind(reports, history.target)}
    settled = [left[one] for one in history.settled_rounds(left)]
    for folder in (*settled, *_forgotten(reports)):
        shutil.rmtree(folder, ignore_errors=True)


def _forgotten(reports: Path) -> Iterator[Path]:
    for folder in (reports / WORK).glob("*"):
        if not (folder / ROUND_FILE).exists() and _age(folder) > _OLD:
            yield folder


def _left_behind(reports: Path, target: str) -> Iterator[tuple[Path, RoundNote]]:
    for file in sorted((reports / WORK).glob(f"*/{ROUND_FILE}")):
        try:
            note = RoundNote(**json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            continue
        if note.target == target:
            yield file.parent, note


def _has_broken_off(folder: Path, note: RoundNote, longest_check: timedelta) -> bool:
    running = is_running(note.process)
    if running is not None:
        return not running
    return min(_age(folder / name) for name in (ROUND_FILE, RESULTS_FILE)) > longest_check + SLACK


def _age(path: Path) -> timedelta:
    """How long ago it was written; without end where it is not there."""
    try:
        return datetime.now(UTC) - datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        return timedelta.max


def _results(folder: Path) -> Iterator[CheckResult]:
    try:
        lines = (folder / RESULTS_FILE).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return
    for line in lines:
        try:
            yield CheckResult.from_dict(json.loads(line))
        except (ValueError, TypeError, KeyError):
            continue  # the last line, torn when the round broke off


def tidy(history: History, config: TargetConfig, now: datetime) -> bool:
    """Keep the history small, once a day: what no report needs is removed, old samples are put together.

    `now` is by the target's clock.

    Returns:
        whether it was done.

    Raises:
        HistoryProblem: the history cannot be written.
    """
    done = watermark(history, _TIDIED)
    if done is not None and timedelta(0) <= now - done.at < _TIDY_EVERY:
        return False
    put_watermark(history, _TIDIED, "", now)
    keep_days = config.history.keep_days if config.history is not None else KEEP_DAYS
    remove_old(history, now - timedelta(days=keep_days))
    compact_as_configured(history, config, now)
    return True
