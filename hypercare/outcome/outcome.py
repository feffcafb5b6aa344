"""How a check or an item ended, and how the ends of several checks make the end of one item."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Outcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    FLAKY = "flaky"
    BLOCKED = "blocked"
    NOT_COVERED = "not covered"
    MONITOR_FAULT = "monitor fault"
    AWAITING = "awaiting"

    @property
    def was_looked_at(self) -> bool:
        """Whether the target itself was seen, so that the item counts as covered."""
        return self in {Outcome.PASSED, Outcome.FAILED, Outcome.FLAKY}


# What a reader must know first stands first. A check that is not covered does not
# take away what its sisters saw, so it weighs least of all.
_WEIGHT = (
    Outcome.FAILED,
    Outcome.MONITOR_FAULT,
    Outcome.FLAKY,
    Outcome.BLOCKED,
    Outcome.AWAITING,
    Outcome.PASSED,
    Outcome.NOT_COVERED,
)


def weightiest(outcomes: Iterable[Outcome]) -> Outcome:
    """The outcome of an item whose checks ended with `outcomes`; not covered when there is none."""
    return min(outcomes, key=_WEIGHT.index, default=Outcome.NOT_COVERED)
