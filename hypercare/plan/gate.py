"""A gate of the plan: what must hold at the end of a stretch of days, as the checklist says it."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hypercare.outcome.level import Level
from hypercare.plan.item import About


class Criterion(BaseModel):
    """One thing that must hold: uptime above a percentage, items (by id, or all that are about data) that held on the
    last days, questions that were answered, or no incident of a level within the gate's days."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: str = Field(min_length=1)
    uptime_above: float | None = Field(default=None, ge=0, le=100)
    items: tuple[str, ...] = ()
    about: About | None = None
    answered: tuple[str, ...] = ()
    no_incident: Level | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        parts = (self.uptime_above is not None, self.items, self.about, self.answered, self.no_incident)
        if not any(parts):
            raise ValueError("it names nothing to go by: uptime_above, items, about, answered or no_incident")
        return self


class Gate(BaseModel):
    """`id` is that of the item that asks for it, `days` how many days it looks back on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    words: str = Field(min_length=1)
    days: int = Field(ge=1)
    criteria: tuple[Criterion, ...] = Field(min_length=1)
