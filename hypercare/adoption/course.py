"""How a sign of resistance goes on from day to day: since when, whether it decreases, and whether it is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

# What is so much less than it was at its worst decreases; what is so much more than ever before increases.
_LESS, _MORE = 0.75, 1.25
# Who was not seen for so long, with the sign or at work without it, is not followed any longer.
_FOLLOWED = timedelta(days=7)
# The step that is due from so many days after a sign was first seen.
UNDERSTAND, ADDRESS, MONITOR, ESCALATE = (
    "understand: talk to them",
    "address it",
    "monitor, and praise what has improved",
    "escalate to whoever leads them",
)
_STEPS = ((7, ESCALATE), (4, MONITOR), (2, ADDRESS), (0, UNDERSTAND))
_ESCALATED_AFTER = timedelta(days=_STEPS[0][0])


@dataclass(frozen=True)
class Course:
    """Since when rounds have seen a sign, how grave it was on each day, and on which day it was `gone`."""

    since: date
    extents: Mapping[date, float] = field(default_factory=dict)
    gone: date | None = None

    @classmethod
    def recalled(cls, remembered: Any) -> Course:
        """What was kept of it; once that was no more than its first day."""
        if isinstance(remembered, str):
            return cls(date.fromisoformat(remembered))
        extents = {date.fromisoformat(day): float(extent) for day, extent in remembered["extents"].items()}
        gone = date.fromisoformat(remembered["gone"]) if remembered.get("gone") else None
        return cls(date.fromisoformat(remembered["since"]), extents, gone)

    def to_keep(self) -> dict[str, Any]:
        return {
            "since": self.since.isoformat(),
            "extents": {day.isoformat(): round(extent, 3) for day, extent in self.extents.items()},
            "gone": self.gone.isoformat() if self.gone else None,
        }

    def seen_on(self, today: date, extent: float) -> Course:
        """The same with today; one that was gone before begins anew."""
        if self.gone is not None and self.gone < today:
            return Course(today, {today: extent})
        recent = {day: one for day, one in self.extents.items() if day > today - timedelta(days=31)}
        return replace(self, extents={**recent, today: extent}, gone=None)

    def is_followed(self, today: date) -> bool:
        last = self.gone or max(self.extents, default=today)
        return today - last < _FOLLOWED

    def days(self, today: date) -> int:
        """How long it has been seen, or was until it was gone: 1 on the first day."""
        return ((self.gone or today) - self.since).days + (self.gone is None)

    def direction(self, today: date) -> str:
        """ "new", "decreases", "increases" or "as before", by how grave it was on earlier days."""
        earlier = [extent for day, extent in self.extents.items() if day < today]
        if not earlier:
            return "new" if self.since == today else "as before"
        now, worst = self.extents.get(today, earlier[-1]), max(earlier)
        if now <= _LESS * worst:
            return "decreases"
        return "increases" if now > _MORE * worst else "as before"

    def step(self, today: date) -> str:
        """The step that is due; what decreases is not escalated."""
        due = next(words for days, words in _STEPS if (today - self.since).days >= days)
        return MONITOR if due == ESCALATE and self.direction(today) == "decreases" else due

    @property
    def escalated_from(self) -> date:
        """The day from which it is escalated unless it decreases."""
        return self.since + _ESCALATED_AFTER
