"""How the ways in are probed and how their uptime is counted: [probe], [uptime] and [[maintenance]]."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from hypercare.target_file.section import Duration, Section, one_or_more
from hypercare.target_file.sections.notify import Weekday

ProbedWay = Literal["web", "api", "mobile", "database"]


class ProbeSection(Section):
    """How `hypercare probe` looks: without a browser, and twice before it says that something is down.

    Each way is looked at `every` so often. An answer later than `degraded_after` is degraded, one that is not there
    after `timeout` is none. What fails is tried again `retry_after`, up to `tries` in all. `endpoint` is the name of
    the one of [[api.endpoints]] that is asked, without it one that is called health. `witness` is a host and port
    outside of the target that answers whenever this machine's own network works: when it does not answer either, a
    failure is unknown and not down. `name` tells this prober from others; without it that is the name of the machine.
    """

    every: Duration = timedelta(seconds=60)
    degraded_after: Duration = timedelta(seconds=3)
    timeout: Duration = timedelta(seconds=20)
    tries: int = Field(default=2, ge=1, le=5)
    retry_after: Duration = timedelta(seconds=2)
    ways: tuple[ProbedWay, ...] = ("web", "api", "mobile", "database")
    endpoint: str | None = None
    witness: str | None = Field(default=None, pattern=r"^[^:/\s]+:\d{1,5}$")
    name: str | None = Field(default=None, min_length=1, max_length=80)

    @model_validator(mode="after")
    def _in_time_for_the_next(self) -> Self:
        if self.every <= timedelta(0):
            raise ValueError("every must be longer than nothing")
        return self


class UptimeSection(Section):
    """How uptime is counted, in service hours ([[business.hours]]) and since go-live.

    What a look saw holds until the next one, but for at most `reach` times the interval of its prober. `ways` are those
    that make up the system, which is down while any of them is; without them all that are probed. `goal` is the
    percentage that was promised.
    """

    reach: float = Field(default=1.5, ge=1, le=10)
    ways: tuple[Annotated[str, Field(min_length=1, max_length=20)], ...] = ()
    goal: float = Field(default=98.0, ge=0, le=100)
    since: date | None = Field(default=None, description="the day from which it counts, if it is not that of go-live")


class MaintenanceWindow(Section):
    """Announced work: time that is not judged, under its name. Times without a zone are the business's own.

    Once, from `start` to `end` (days count whole); or again and again: on `days`, without them every day, `at` a time
    for as long as it `lasts`, between `start` and `end` if they are given. Without `ways` or `branches` it is that of
    all of them.
    """

    name: str = Field(min_length=1)
    start: date | datetime | None = None
    end: date | datetime | None = None
    days: tuple[Weekday, ...] = ()
    at: time | None = None
    lasts: Duration | None = None
    ways: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()

    @field_validator("ways", "branches", "days", mode="before")
    @classmethod
    def _one_or_more(cls, value: object) -> object:
        return one_or_more(value)

    @model_validator(mode="after")
    def _once_or_again(self) -> Self:
        if self.at is None:
            self._check_once()
        elif self.lasts is None or not timedelta(0) < self.lasts <= timedelta(days=7):
            raise ValueError("what is done again and again also says how long it lasts, seven days at most")
        return self

    def _check_once(self) -> None:
        if self.start is None or self.end is None:
            raise ValueError("give start and end, or at and lasts for what is done again and again")
        if self.days or self.lasts is not None:
            raise ValueError("days and lasts go together with at")
        if type(self.start) is type(self.end) and _naive(self.start) == _naive(self.end) and self.end < self.start:
            raise ValueError("it ends before it begins")


def _naive(moment: datetime | date) -> bool:
    return not isinstance(moment, datetime) or moment.tzinfo is None
