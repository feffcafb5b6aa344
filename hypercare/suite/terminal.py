"""What a session says on the terminal: how checks ended, and what else is to know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.suite.recording import RECORDER
from hypercare.suite.session import SESSION

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
_MOST_LINES, _MOST_ITEMS = 14, 4


def status_of_report(result: Mapping[str, Any]) -> ReportStatus:
    return _STATUSES[Outcome(result["outcome"])]


def print_summary(reporter: Any, config: pytest.Config) -> None:
    """Say what neither passed nor failed; pytest itself shows the failures, and nothing else.

    A line for each check, but on a terminal a line for each reason, and no more than fit a screen.
    """
    if RECORDER not in config.stash:
        return
    quiet = [one for outcome in _WORTH_A_LINE for one in config.stash[RECORDER].results if one.outcome is outcome]
    if not quiet:
        return
    reporter.write_sep("=", "also to know")
    by_reason = reporter.isatty() and config.get_verbosity() <= 0
    for line in _lines_by_reason(quiet, config) if by_reason else map(_line, quiet):
        reporter.write_line(line)


def _line(result: CheckResult) -> str:
    return f"{result.outcome.value.upper():13} {', '.join(result.items)}: {_reason(result)}"


def _reason(result: CheckResult) -> str:
    if not result.remedy:
        return result.sentence
    return f"{result.sentence if result.sentence.endswith(('.', '?', '!')) else result.sentence + '.'} {result.remedy}"


def _lines_by_reason(results: Sequence[CheckResult], config: pytest.Config) -> Iterator[str]:
    """The gravest outcome first, and of one outcome the reason of most checks; then where all of them stand."""
    groups: dict[tuple[Outcome, str], list[CheckResult]] = {}
    for result in results:
        groups.setdefault((result.outcome, _reason(result)), []).append(result)
    ordered = sorted(groups.items(), key=lambda one: (_WORTH_A_LINE.index(one[0][0]), -len(one[1])))
    for (outcome, reason), checks in ordered[:_MOST_LINES]:
        many = f" ({len(checks)} checks)" if len(checks) > 1 else ""
        yield f"{outcome.value.upper():13} {_items_named(checks)}{many}: {reason}"
    left = [check for _, checks in ordered[_MOST_LINES:] for check in checks]
    if left:
        # Here, since a run that says all its reasons loads nothing of reports.
        from hypercare.reports.words import counted

        yield f"and {counted(len(left), 'check')} more, for {counted(len(ordered) - _MOST_LINES, 'other reason')}"
    suite = config.stash[SESSION]
    if suite.work is not None:
        report = suite.reports / "latest" / "index.html"
        yield f"Each of these {len(results)} stands in the report, with its reason: {report}"
    elif len(ordered) < len(results):
        yield f"With -v each of these {len(results)} has a line of its own."


def _items_named(checks: Sequence[CheckResult]) -> str:
    items = list(dict.fromkeys(item for check in checks for item in check.items))
    if len(items) > _MOST_ITEMS:
        items[_MOST_ITEMS - 1 :] = [f"{len(items) - _MOST_ITEMS + 1} more"]
    return ", ".join(items)
