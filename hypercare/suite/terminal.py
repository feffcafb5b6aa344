"""What a session says on the terminal: how checks ended, and what else is to know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.suite.recording import RECORDER

ReportStatus = tuple[str, str, tuple[str, dict[str, bool]]]

# pytest counts by category, prints the letter in its row of dots and the word when verbose.
_STATUSES: Mapping[Outcome, ReportStatus] = {
    Outcome.PASSED: ("passed", ".", ("PASSED", {"green": True})),
    Outcome.FAILED: ("failed", "F", ("FAILED", {"red": True})),
    Outcome.FLAKY: ("flaky", "~", ("FLAKY", {"yellow": True})),
    Outcome.BLOCKED: ("blocked", "b", ("BLOCKED", {"yellow": True})),
    Outcome.NOT_COVERED: ("not covered", "n", ("NOT COVERED", {"yellow": True})),
    Outcome.MONITOR_FAULT: ("monitor fault", "M", ("MONITOR FAULT", {"red": True})),
    Outcome.AWAITING: ("awaiting", "?", ("AWAITING A PERSON", {"yellow": True})),
}
_WORTH_A_LINE = (Outcome.MONITOR_FAULT, Outcome.FLAKY, Outcome.BLOCKED, Outcome.AWAITING, Outcome.NOT_COVERED)


def status_of_report(result: Mapping[str, Any]) -> ReportStatus:
    return _STATUSES[Outcome(result["outcome"])]


def print_summary(reporter: Any, config: pytest.Config) -> None:
    """Say in a line what neither passed nor failed; pytest itself shows the failures, and nothing else."""
    if RECORDER not in config.stash:
        return
    quiet = [result for result in config.stash[RECORDER].results if result.outcome in _WORTH_A_LINE]
    if not quiet:
        return
    reporter.write_sep("=", "also to know")
    for outcome in _WORTH_A_LINE:
        for result in (one for one in quiet if one.outcome is outcome):
            reporter.write_line(_line(result))


def _line(result: CheckResult) -> str:
    item = ", ".join(result.items)
    line = f"{result.outcome.value.upper():13} {item}: {result.sentence}"
    if not result.remedy:
        return line
    return f"{line if line.endswith(('.', '?', '!')) else line + '.'} {result.remedy}"
