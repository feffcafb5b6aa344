"""On which days of the plan something belongs to it, as the checklist says it: `days = "1-3"` or `after = 14`."""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from hypercare.plan.critical_period import DayRange

_HOW = 'write the first and the last day, "1-3", or one day, "5"'


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
    """What belongs to some days of the plan: from the first to the last of `days`, or those that come `after` one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    days: Annotated[DayRange | None, BeforeValidator(_range_of)] = None
    after: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _is_said_in_one_way(self) -> Self:
        if self.days is not None and self.after is not None:
            raise ValueError("days and after say the same thing; keep one of them")
        return self

    @property
    def day_range(self) -> DayRange | None:
        return self.days if self.after is None else DayRange(self.after + 1)
