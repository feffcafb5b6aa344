"""What goes wrong in the weeks that are lived, and what the rounds have to say of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from faultlab.catalogue import fault_named
from hypercare.outcome.level import Level

SERVER_DOWN = "server down"


@dataclass(frozen=True, order=True)
class Moment:
    """A local time of a day of the business; day 1 is the day of go-live."""

    day: int
    at: time

    def instant(self, go_live: date) -> datetime:
        """Local, without a zone: as the embedded system takes it."""
        return datetime.combine(go_live + timedelta(days=self.day - 1), self.at)


@dataclass(frozen=True)
class Trouble:
    """From `begins` to `ends` a fault is in, or the server is down. `noticed_by` are items with their levels."""

    what: str
    begins: Moment
    ends: Moment
    noticed_by: Mapping[str, Level]
    may_notice: frozenset[str] = frozenset()

    def lasts_at(self, moment: Moment) -> bool:
        return self.begins <= moment < self.ends


def at(day: int, hour: int, minute: int = 0) -> Moment:
    return Moment(day, time(hour, minute))


def of_fault(name: str, begins: Moment, ends: Moment) -> Trouble:
    """A fault of the catalogue, which says itself who must notice."""
    fault = fault_named(name)
    return Trouble(name, begins, ends, fault.noticed_by, fault.may_notice)


BEHIND_THE_API = frozenset({"perf.mobile", "perf.response-time"})

HEALTHY: Sequence[Trouble] = ()
FOURTEEN_DAYS: Sequence[Trouble] = (
    Trouble(
        SERVER_DOWN,
        at(2, 11),
        at(2, 14),
        {"ops.sales": Level.L3},
        BEHIND_THE_API | {"ops.production-steps", "health.api", "health.web", "health.mobile"},
    ),
    of_fault("slow-for-some", at(3, 11, 30), at(3, 16)),
    of_fault("job-failed", at(5, 11), at(6, 8)),
    of_fault("backup-truncated", at(6, 16, 50), at(7, 1)),
    of_fault("password-guessed", at(8, 8, 30), at(8, 16)),
    of_fault("sale-total-a-cent-more", at(9, 14), at(10, 8)),
    of_fault("issue-without-answer", at(12, 11), at(12, 16)),
    of_fault("error-never-seen", at(13, 11, 30), at(13, 13)),
)
