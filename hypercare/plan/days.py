"""On which days of the plan something belongs to it, as the checklist says it: `days = "1-3"` or `after = 14`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

_HOW = 'write the first and the last day, "1-3", or one day, "5"'


@dataclass(frozen=True)
class DayRange:
    """Days of the plan, the first and the last of them included; without a last one, all that come after."""

    first: int
    last: int | None = None

    def __contains__(self, day: object) -> bool:
        return isinstance(day, int) and self.first <= day and (self.last is None or day <= self.last)

    def is_over_before(self, other: DayRange) -> bool:
        return self.last is not None and self.last < other.first


def _range_of(value: object) -> object:
    if isinstance(value, DayRange):
        return value
    match value:
        case int(day):
            first = last = day
        case [int(first), int(last)]:
            pass
        case str(text) if found := re.fullmatch(r"\s*(\d+)\s*(?:[-\u2013]\s*(\d+)\s*)?", text):
            first, last = int(found[1]), int(found[2] or found[1])
        case _:
            raise ValueError(f"{value!r} names no days; {_HOW}")
    if first > last:
        raise ValueError(f"day {first} comes after day {last}; {_HOW}")
    return DayRange(first, last)


class ForDays(BaseModel):
    """What belongs to some days of the plan: from the first to the last of `days`, those that come `after` one, or
    both; to all where neither is said."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    days: Annotated[DayRange | None, BeforeValidator(_range_of)] = None
    after: int | None = Field(default=None, ge=0)

    @property
    def day_ranges(self) -> tuple[DayRange, ...]:
        """Its days; empty where it belongs to all."""
        later = () if self.after is None else (DayRange(self.after + 1),)
        return later if self.days is None else (self.days, *later)
