"""What GitLab takes as reports of a job, under names that stay: <reports>/ci/junit.xml and metrics.txt."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

FOLDER = "ci"
_FILES = {"junit.xml": "junit.xml", "metrics.prom": "metrics.txt"}


def runs_here(environment: Mapping[str, str]) -> bool:
    return environment.get("GITLAB_CI") == "true"


def copy_reports(report: Path, reports: Path) -> None:
    """Copy what a published report has of them.

    Raises:
        OSError: they cannot be written.
    """
    folder = reports / FOLDER
    folder.mkdir(exist_ok=True)
    for source, name in _FILES.items():
        if (report / source).is_file():
            beside = folder / f".{uuid4().hex[:8]}-{name}"
            shutil.copyfile(report / source, beside)
            beside.replace(folder / name)
