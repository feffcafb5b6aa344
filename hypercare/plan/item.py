"""A line of the plan with all that hangs on it, one that is switched off, and a figure of a plan's own."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from hypercare.outcome.level import Level
from hypercare.outcome.part import Part
from hypercare.plan.days import ForDays
from hypercare.plan.ways import Way


class Kind(StrEnum):
    AUTO = "auto"
    ATTEST = "attest"
    FIGURE = "figure"


class Trading(StrEnum):
    """What an item has to do with selling: nothing, nothing is sold without it, or it shows that something is."""

    NO = "no"
    NEEDED = "needed"
    PROOF = "proof"


class About(StrEnum):
    """Whether an item asks if something works, if what is stored is right, how people work, or of errors."""

    SYSTEM = "system"
    DATA = "data"
    PEOPLE = "people"
    ERRORS = "errors"


class Item(ForDays):
    """A line of the plan, of every day where it names none.

    An item that `answers_for` a way in fails when that is down, and what goes the way is blocked. What `depends_on`
    others is blocked where one of them is down, unless it `stands_alone`: then its own failure is told all the same.
    """

    id: str = Field(pattern=r"^[a-z]+(\.[a-z0-9-]+)?$")
    words: str
    section: str
    rounds: tuple[str, ...]
    level: Level
    raised: str = ""
    kind: Kind = Kind.AUTO
    question: str = ""
    answers_for: Way | None = None
    trading: Trading = Trading.NO
    about: About = About.SYSTEM
    depends_on: tuple[str, ...] = ()
    stands_alone: bool = False

    @property
    def runbook(self) -> str:
        """Path of the item's page, relative to the project."""
        return f"docs/runbook/{self.id}.md"


class SwitchedOff(Part):
    """An item that is left out of a plan, with the reason and the name of whoever answers for that."""

    id: str
    words: str
    reason: str
    by: str


class PlannedFigure(BaseModel):
    """A figure that a check of one's own records, as reports show it. `unit` is "money" for the business's currency."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_.]*$", max_length=80)
    words: str = Field(min_length=1)
    unit: str = ""
    section: str = ""
