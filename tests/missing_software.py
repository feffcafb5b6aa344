"""One line at the end of a run: what is missing on this machine, and how many tests that left out."""

from __future__ import annotations

import re
from collections import Counter

import pytest

# A test that is left out says so in these words.
_MISSING = re.compile(r"Skipped: (?P<what>.+?) is not installed on this machine")
_GET_THEM = "`bash .ci/engines` installs what this machine can have"


def missing(reason: str) -> str | None:
    """What a skipped test lacked, or None when it was left out for another reason."""
    found = _MISSING.match(reason)
    return found["what"] if found else None


def sentence(missing_counts: Counter[str], files: int) -> str:
    """`missing_counts` counts tests, and whole files that could not even be collected, of which there are `files`."""
    tests = missing_counts.total() - files
    much = f"{tests} test{'' if tests == 1 else 's'}"
    if files:
        much += f" and {files} whole file{'' if files == 1 else 's'}"
    each = ", ".join(f"{what} ({number})" for what, number in missing_counts.most_common())
    return f"{much} left out, for want of {each}: {_GET_THEM}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    missing_counts: Counter[str] = Counter()
    files = 0
    for report in terminalreporter.stats.get("skipped", ()):
        what = missing(report.longrepr[2]) if isinstance(report.longrepr, tuple) else None
        if what:
            missing_counts[what] += 1
            files += isinstance(report, pytest.CollectReport)
    if missing_counts:
        terminalreporter.write_line(sentence(missing_counts, files), yellow=True)
