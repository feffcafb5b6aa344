"""The index of the reports of one target, with the days of which only its history tells."""

from __future__ import annotations

import logging
from pathlib import Path

from hypercare.history.day_statuses import statuses_of_days
from hypercare.history.problem import HistoryProblem
from hypercare.history.store import History
from hypercare.publishing.folder_index import write_index
from hypercare.reports.folder import ReportsFolderProblem
from hypercare.target_file.config import TargetConfig

_LOG = logging.getLogger(__name__)


def index_reports(reports: Path, config: TargetConfig, history: History) -> str:
    """Make the index of a reports folder anew. Never raises: reports without it are reports.

    Returns:
        why it could not be made, in a sentence; empty where it was.
    """
    try:
        remembered = statuses_of_days(history)
    except HistoryProblem as problem:
        _LOG.info("the index tells only of the days in the folder: %s", problem)
        remembered = {}
    try:
        write_index(reports, remembered, config.business.calendar.go_live)
    except ReportsFolderProblem as problem:
        return f"The index of all days could not be made: {problem}"
    return ""
