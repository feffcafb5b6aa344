"""A figure at points that follow each other: the hours of a day, or the stages of a workflow."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from hypercare.outcome.part import Part, writable

_LONGEST_NAME = 120

Value = int | float | None


def _short(name: object) -> object:
    """What a target calls a stage may be of any length, and hold what no file takes."""
    if not isinstance(name, str):
        return name
    return writable(name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…")


Name = Annotated[str, BeforeValidator(_short)]


class Along(StrEnum):
    HOURS = "hours"
    STAGES = "stages"


class UsualBand(Part):
    """What is usual at each point, told by `days` earlier days that `alike` names ("Thursdays").

    `low` and `high` lie as far from the `middle` as two standard deviations; null where too few days tell.
    """

    line: str = Field(description="the line of the series that it is to be compared with")
    days: int
    alike: str
    low: list[Value]
    middle: list[Value]
    high: list[Value]


class Series(Part):
    """The `lines` of a figure by their names, each with a value at each of the `points`; null is not known.

    Points are ISO instants at which hours begin, or the names of stages. The last hour may go on: `unfinished`.
    """

    label: str
    along: Along
    unit: str = Field(default="", description='as of a figure: "ms", a currency, or nothing for a count')
    points: list[Name]
    lines: dict[Name, list[Value]]
    usual: UsualBand | None = None
    unfinished: bool = Field(default=False, description="whether the last point goes on, so that its values may grow")
    gap: str = Field(default="", description="what is not known, and why")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        usual = [] if self.usual is None else [self.usual.low, self.usual.middle, self.usual.high]
        if any(len(values) != len(self.points) for values in (*self.lines.values(), *usual)):
            raise ValueError("a series has a value of each line at each point")
        return self


# How a check tells of one: series("sales_by_hour", Series(...)).
TellSeries = Callable[[str, Series], None]
