"""Times of a life, told by its days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta


@dataclass(frozen=True, order=True)
class Moment:
    """A local time of a day of the business; day 1 is the day of go-live."""

    day: int
    at: time

    def calendar_day(self, go_live: date) -> date:
        return go_live + timedelta(days=self.day - 1)

    def local(self, go_live: date) -> datetime:
        """Without a zone."""
        return datetime.combine(self.calendar_day(go_live), self.at)

    def __str__(self) -> str:
        return f"day {self.day} {self.at:%H:%M}"


def at(day: int, hour: int, minute: int = 0) -> Moment:
    return Moment(day, time(hour, minute))
