"""The suite's own log of a pytest session, and of what its checks came to."""

from __future__ import annotations

import logging
import os
from contextlib import ExitStack

import pytest

from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.own_log import LogFileProblem, asked_file, asked_verbosity, writing

_LOG = logging.getLogger(__name__)


def write_own_log(config: pytest.Config) -> None:
    """Write it until the session ends, where an option or the command that started us asks for it.

    Raises:
        pytest.UsageError: the file cannot be written.
    """
    file, verbosity = config.option.hypercare_log or asked_file(), asked_verbosity()
    with ExitStack() as stack:
        # pytest catches what a check writes to standard error; its lines are to be seen as they come.
        stream = stack.enter_context(open(os.dup(2), "w", encoding="utf-8")) if verbosity else None  # noqa: PTH123
        try:
            stack.enter_context(writing(file, verbosity, stream))
        except LogFileProblem as error:
            raise pytest.UsageError(str(error)) from None
        config.add_cleanup(stack.pop_all().close)


def log_result(result: CheckResult) -> None:
    """How one check ended, why, and what would mend it."""
    seconds = result.duration_s or 0.0
    attempts = f", looked at {result.attempts} times" if result.attempts > 1 else ""
    items = ", ".join(result.items)
    if result.outcome is Outcome.PASSED:
        _LOG.info("%s passed after %.2f s (%s)", result.nodeid, seconds, items)
        return
    by = f" by {result.blocked_by}" if result.blocked_by else ""
    remedy = f" {result.remedy}" if result.remedy else ""
    level = f" at {result.level.value}" if result.outcome is Outcome.FAILED else ""
    told = f"{result.outcome.value}{level}{by} after {seconds:.2f} s{attempts}"
    _LOG.info("%s %s (%s): %s%s", result.nodeid, told, items, result.sentence, remedy)


def log_end(status: int, results: list[CheckResult], missed: int, seconds: float) -> None:
    """How a round ended, in numbers."""
    counts = {outcome: sum(one.outcome is outcome for one in results) for outcome in Outcome}
    told = ", ".join(f"{count} {outcome.value}" for outcome, count in counts.items() if count)
    left = f", {missed} that never ended" if missed else ""
    _LOG.info("the round ends with status %d after %.1f s: %s%s", status, seconds, told or "no check", left)
