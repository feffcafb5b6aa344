"""When a round is due: at a time of each working day, or by a cron expression, in the business's own zone."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator, Field

from hypercare.plan.calendar import Calendar
from hypercare.plan.days import DayRange, ForDays

if TYPE_CHECKING:
    from cronsim import CronSim

_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
_FIELDS = 5
_MOST_A_DAY = 24
_EXAMPLE = 'write a time, "09:00", or a cron expression of five fields, "0 22 * * 1-6"'
# Any day serves to ask at which hour a round is due.
_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_EVE = _SOME_DAY - timedelta(seconds=1)


@dataclass(frozen=True)
class Schedule:
    """`clock` is the time of a round that is due once on each working day; else `cron` says when it is due.

    It is due on all days of the plan unless `days` names some. One that `moves` is due on the next working day where it
    would be due on a day on which nobody works.

    Where clocks are put forward, what falls into the hour that is left out is due right after it; what falls into the
    hour that comes twice is due the first time only.
    """

    cron: str = ""
    clock: time = time.min
    days: tuple[DayRange, ...] = ()
    moves: bool = False

    @classmethod
    def of(cls, text: str) -> Schedule:
        """Raises ValueError for what is neither a time nor a cron expression that is ever due."""
        if _CLOCK.fullmatch(text):
            return cls(clock=time.fromisoformat(text if text[2] == ":" else f"0{text}"))
        return cls(cron=_checked(text))

    @property
    def names_days(self) -> bool:
        """Whether it says itself on which days, so that the business's hours need not be asked."""
        return bool(self.cron) and self.cron.split()[2:] != ["*", "*", "*"]

    @property
    def hour(self) -> time:
        """At which time it is due, the first of several."""
        return next(_ticks(self.cron, _EVE)).time() if self.cron else self.clock

    def on(self, day: date, calendar: Calendar) -> tuple[datetime, ...]:
        """The instants of a local day at which it is due, in order."""
        if not self.cron:
            return (calendar.at(day, self.clock),)
        eve = datetime.combine(day - timedelta(days=1), time(23, 59, 59), calendar.zone)
        found = []
        for instant in _ticks(self.cron, eve):
            if instant.date() > day:
                break
            # An hour that comes twice before midnight is of the day before.
            if instant.date() == day:
                found.append(instant.astimezone(UTC))
        return tuple(found)


def _ticks(cron: str, after: datetime) -> CronSim:
    from cronsim import CronSim

    return CronSim(cron, after)


def _checked(cron: str) -> str:
    from cronsim import CronSimError

    if len(cron.split()) != _FIELDS:
        raise ValueError(f"{cron!r} is no time; {_EXAMPLE}")
    try:
        ticks = _ticks(cron, _SOME_DAY)
        next(ticks)
    except CronSimError as error:
        raise ValueError(f"{cron!r} is no cron expression ({str(error).lower()}); {_EXAMPLE}") from None
    except StopIteration:
        raise ValueError(f"{cron!r} is due on no day at all") from None
    often = len(ticks.minutes) * len(ticks.hours)
    if often > _MOST_A_DAY:
        raise ValueError(f"{cron!r} is due {often} times a day; a round is due {_MOST_A_DAY} times at most")
    return " ".join(cron.split())


def _due_text(value: object) -> object:
    """TOML has times of its own; what is neither a time nor text is left to the validation."""
    if isinstance(value, time):
        value = value.isoformat()
    if isinstance(value, str) and value:
        Schedule.of(value)
    return value


Due = Annotated[str, BeforeValidator(_due_text)]


class PlannedRound(ForDays):
    """A round of the plan. Without `at` nobody waits for it; one that `moves` is held on the next working day."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=20)
    at: Due = ""
    moves: bool = False

    @property
    def schedule(self) -> Schedule | None:
        return replace(Schedule.of(self.at), days=self.day_ranges, moves=self.moves) if self.at else None

    def schedule_at(self, at: str) -> Schedule | None:
        """Its schedule where somebody says when it is due. That is heeded at once, and to the letter, also for a round
        that the plan has only `after` a day; but `days` end with their last one."""
        return replace(Schedule.of(at), days=() if self.days is None else (self.days,)) if at else None
