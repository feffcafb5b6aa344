"""How far a question about a large table has come, from round to round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

# The older rows are cut into so many parts at least; each day has its part.
LEAST_PARTS = 7
_MOST_PARTS_A_DAY = 2

Key = int | str


@dataclass(frozen=True)
class Mark:
    """Between which keys the rows of a table lay on a day."""

    day: date
    low: int
    high: int


@dataclass
class Progress:
    """Of one question: on which day each part is due and was read; when it was asked last, and which keys broke it;
    `more` did than are kept.

    Where there are no parts but pages of keys, `after` is the last key of those that were read, None before the first,
    and `laps` are the days on which the two last passes through the table began.
    """

    due: list[date]
    read: list[date | None]
    asked: date
    broken: list[Key] = field(default_factory=list)
    more: bool = False
    after: Key | None = None
    laps: list[date] = field(default_factory=list)

    @property
    def whole_since(self) -> date | None:
        """Since when all was read at least once; None where that has not come to its end yet."""
        if self.laps:
            return self.laps[0] if len(self.laps) > 1 else None
        days = [day for day in self.read if day is not None]
        return min(days) if len(days) == len(self.read) else None

    def due_by(self, today: date) -> list[int]:
        """The parts to read now, the longest overdue first; where there are many, no more than two a day."""
        due = sorted((day, number) for number, day in enumerate(self.due) if day <= today)
        most = len(due) if len(self.due) <= LEAST_PARTS else _MOST_PARTS_A_DAY
        return [number for _, number in due[:most]]

    def read_page(self, up_to: Key | None, today: date) -> None:
        """A page was read, up to a key or to the end of the table."""
        self.laps = self.laps or [today]
        self.after = up_to
        if up_to is None:
            self.laps = [*self.laps, today][-2:]
        self.read[0] = today

    def written(self) -> Mapping[str, Any]:
        """As plain JSON."""
        return {
            "due": [day.isoformat() for day in self.due],
            "asked": self.asked.isoformat(),
            "read": [None if day is None else day.isoformat() for day in self.read],
            "broken": self.broken,
            "more": self.more,
            "after": self.after,
            "laps": [day.isoformat() for day in self.laps],
        }

    @classmethod
    def of(cls, one: Mapping[str, Any]) -> Progress:
        """From what `written` gave, of whatever version."""
        return cls(
            [date.fromisoformat(day) for day in one["due"]],
            [None if day is None else date.fromisoformat(day) for day in one["read"]],
            date.fromisoformat(one["asked"]),
            list(one["broken"]),
            bool(one["more"]),
            one.get("after"),
            [date.fromisoformat(day) for day in one.get("laps", ())],
        )
