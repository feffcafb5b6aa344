"""When a trouble is an incident, when it is over, and what raises its level: [incidents]; and who is on call."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from hypercare.outcome.level import Level
from hypercare.target_file.section import Duration, Section, one_or_more
from hypercare.target_file.sections.notify import WEEK, HoursOfDay, Weekday


class OnCall(Section):
    """Who is called in some hours of some days, in the business's own zone.

    Hours over midnight belong to the day on which they begin. `first` and `last` bound the entry to some dates, for
    instance a holiday's cover.
    """

    who: Annotated[tuple[str, ...], BeforeValidator(one_or_more), Field(min_length=1)]
    days: tuple[Weekday, ...] = WEEK
    hours: HoursOfDay | None = None
    first: date | None = None
    last: date | None = None


class IncidentsSection(Section):
    """When a trouble is an incident and what raises its level.

    A round opens an incident for what failed twice. A prober opens one when `confirm` of its last `confirm_of` samples
    were down; what it saw down is over when it has held for `hold`. What comes back within `reopen_within` is the same
    incident. What begins `flapping_from` times in `flapping_within` is flapping: it is told once, and is over only when
    it has held for `steady_after`.

    A trouble that keeps several people from working (`several_users`, or half of a branch) is at least of level
    `branch_level`, one that keeps every branch from it at least of `all_level`. What begins `recurrence_from` times in
    `recurrence_within`, and what nobody answers in time, is raised by a level, but not above `raised_at_most`: that
    something is annoying, or unanswered, does not make it critical.
    """

    confirm: int = Field(default=2, ge=1)
    confirm_of: int = Field(default=3, ge=1)
    hold: Duration = timedelta(minutes=10)
    reopen_within: Duration = timedelta(days=3)
    flapping_from: int = Field(default=3, ge=2)
    flapping_within: Duration = timedelta(hours=6)
    steady_after: Duration = timedelta(hours=1)
    several_users: int = Field(default=5, ge=2)
    branch_level: Level = Level.L2
    all_level: Level = Level.L3
    recurrence_from: int = Field(default=3, ge=2)
    recurrence_within: Duration = timedelta(days=14)
    raised_at_most: Level = Level.L2

    @model_validator(mode="after")
    def _can_be_confirmed(self) -> Self:
        if self.confirm > self.confirm_of:
            raise ValueError(f"confirm = {self.confirm} of the last {self.confirm_of} samples can never be reached")
        return self
