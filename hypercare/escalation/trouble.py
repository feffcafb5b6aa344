"""What a round or a prober saw go wrong, before it is known whether it is an incident that is open already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from hypercare.outcome.level import Level

# That nobody answers an incident is an incident too, but one whose own lateness is not told: the first one's is.
UNANSWERED = "incidents-unanswered"
# The cause of an outage is the address that does not answer, be it a round or a prober that saw it.
OUTAGE = "outage:"
# What says nothing of its cause is known by its item.
OF_ITEM = "check:"


class Spread(IntEnum):
    """How far a trouble reaches. What cannot be known counts as one."""

    ONE = 0
    BRANCH = 1
    ALL = 2

    @property
    def words(self) -> str:
        return ("one user", "a branch", "all branches")[self]


@dataclass(frozen=True)
class Trouble:
    """Failures that share a cause, and the items that it keeps from being looked at.

    `level` is what the failures themselves call for. `findings` are their sentences by the check that found each,
    "item check", but for those of an outage. `failing` names what has to hold before it is over, where that is not
    simply the items: a way that is down in one branch only is "health.web@north".
    """

    cause: str
    level: Level
    sentence: str
    items: tuple[str, ...]
    blocked: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    spread: Spread = Spread.ONE
    failing: tuple[str, ...] = ()
    findings: Mapping[str, str] = field(default_factory=dict)

    @property
    def must_hold(self) -> tuple[str, ...]:
        return self.failing or self.items
