"""An incident as its readers see it: what its events made of it, with the people and the promise of its level."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from hypercare.outcome.level import Level


@dataclass(frozen=True)
class Incident:
    """One trouble over time.

    `level` is who acts; `gravity` the highest level that its failures themselves called for, before spread, recurrence
    or lateness raised it. `items` are all that it was ever seen in, `failing` what has not held since. `respond_by` is
    when the promise of its level, `respond_within`, runs out; it is counted anew when the incident comes back or is
    raised. `begun` is how often it began. `told` are the levels that have heard of it.
    `findings` are all its sentences, where there are several.
    """

    id: int
    cause: str
    level: Level
    gravity: Level
    sentence: str
    opened: datetime
    last_seen: datetime
    acknowledged: datetime | None
    acknowledged_by: str | None
    resolved: datetime | None
    resolved_by: str | None
    holding_since: datetime | None
    respond_by: datetime
    respond_within: timedelta
    who: str
    items: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    failing: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    flapping: bool = False
    begun: int = 1
    told: tuple[Level, ...] = ()
    note: str | None = None
    findings: tuple[str, ...] = ()

    def is_late(self, now: datetime) -> bool:
        """Whether nobody has answered although the promise of its level has run out, and it does not hold again."""
        felt = self.resolved is None and self.holding_since is None
        return felt and self.acknowledged is None and self.respond_by < now
