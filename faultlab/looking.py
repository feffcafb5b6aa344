"""Letting the suite look at a system with a fault in it: its own checks, run by pytest within this process."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hypercare.outcome.result import CheckResult

_NEED_A_SERVER = frozenset({"web", "phone", "api", "synthetic"})
PROJECT = Path(__file__).parents[1]
FOLDERS = ("tests_health", "tests_data", "tests_workflows", "tests_mobile")
_QUIET = ("-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:xdist", "--capture=no", "-o", "timeout=0")


@dataclass
class _Eye:
    """Chooses which checks run, and keeps how each ended."""

    doors: bool
    results: list[CheckResult] = field(default_factory=list)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if not self.doors:
            items[:] = [one for one in items if not _NEED_A_SERVER & set(getattr(one, "fixturenames", ()))]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        result = getattr(report, "hypercare", None)
        if result is not None:
            self.results.append(CheckResult.from_dict(result))


def look(
    target_file: Path, reports: Path, *, items: Collection[str] = (), doors: bool = False, retry: bool = False
) -> list[CheckResult]:
    """How each check of these items ended, of all items when none are named.

    Without `doors` only what can be seen in database, logs and backups is looked at, so that no system needs to be
    running. `reports` is where the suite keeps its own state.

    Raises:
        RuntimeError: the suite could not begin at all.
    """
    eye = _Eye(doors)
    folders = [str(PROJECT / folder) for folder in FOLDERS]
    command = [*folders, f"--rootdir={PROJECT}", "-c", str(PROJECT / "pyproject.toml"), *_QUIET]
    command += [f"--target={target_file}", f"--reports={reports}"]
    if items:
        command += ["--item", *items]
    if not retry:
        command.append("--no-retry")
    status = pytest.main(command, plugins=[eye])
    if not eye.results:
        raise RuntimeError(f"the suite did not look at anything (status {int(status)})")
    return eye.results
