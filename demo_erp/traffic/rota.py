"""Who works when: opening hours on a date, and the shifts that follow from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from demo_erp.business_time import local_instant
from demo_erp.traffic.branches import ALL_BRANCHES, BranchProfile
from demo_erp.traffic.people import ADMINISTRATOR, BRANCH_ROLES, OWNER, Person, staff

ROTA_DAYS_AHEAD = 14
_MANAGERS_DAY_OFF = {"HAR": 2, "OLD": 4, "GAR": 1, "NOR": 2, "TRN": 5}
_OFFICE_HOURS = {"owner": ("10:00", "17:30"), "administrator": ("08:30", "17:30")}


@dataclass(frozen=True)
class Duty:
    """A shift of one person."""

    person: Person
    starts: datetime
    ends: datetime

    def covers(self, start: datetime, end: datetime | None = None) -> bool:
        return self.starts <= start and (end or start) <= self.ends


@dataclass(frozen=True)
class Opening:
    """A branch open on a day, from and until these instants."""

    branch: BranchProfile
    opens: datetime
    closes: datetime


class Rota:
    """The shifts of every day, worked out from the date alone."""

    def __init__(self, timezone: ZoneInfo) -> None:
        self.timezone = timezone
        self.opening = lru_cache(maxsize=2000)(self._opening)
        self.duties = lru_cache(maxsize=2000)(self._duties)

    def everybody(self, day: date) -> Iterator[Duty]:
        """All shifts of a day, head office first."""
        if day.weekday() < 5:
            for person in (OWNER, ADMINISTRATOR):
                starts, ends = (self.instant(day, clock) for clock in _OFFICE_HOURS[person.role])
                yield Duty(person, starts, ends)
        for branch in ALL_BRANCHES:
            for role in BRANCH_ROLES:
                yield from self.duties(branch, role, day)

    def instant(self, day: date, clock: str) -> datetime:
        """When the business's clocks show "HH:MM" on a day."""
        return local_instant(day, time.fromisoformat(clock), self.timezone)

    def _opening(self, branch: BranchProfile, day: date) -> Opening | None:
        hours = branch.hours.get(day.weekday())
        if hours is None:
            return None
        return Opening(branch, self.instant(day, hours[0]), self.instant(day, hours[1]))

    def _duties(self, branch: BranchProfile, role: str, day: date) -> tuple[Duty, ...]:
        opening = self.opening(branch, day)
        if opening is None:
            return ()
        if role == "manager":
            return tuple(self._managers(opening, day))
        if role == "sales":
            return tuple(self._counter(opening, day))
        return tuple(self._workshop(opening, day))

    def _managers(self, opening: Opening, day: date) -> Iterator[Duty]:
        if day.weekday() != _MANAGERS_DAY_OFF[opening.branch.code]:
            for person in staff(opening.branch, "manager"):
                starts = opening.opens - timedelta(minutes=15)
                yield Duty(person, starts, min(starts + timedelta(hours=8, minutes=45), opening.closes))

    def _counter(self, opening: Opening, day: date) -> Iterator[Duty]:
        """In turn an early and a late shift, so that the counter is never empty while the doors are open."""
        length = timedelta(hours=8)
        early = opening.opens - timedelta(minutes=15)
        late = opening.closes + timedelta(minutes=30)
        for turn, person in enumerate(_present(staff(opening.branch, "sales"), day)):
            if turn % 2 == 0 and not opening.branch.training:
                yield Duty(person, early, min(early + length, late))
            else:
                yield Duty(person, max(early, late - length), late)

    def _workshop(self, opening: Opening, day: date) -> Iterator[Duty]:
        starts = opening.opens - timedelta(minutes=30 if not opening.branch.training else 0)
        for person in _present(staff(opening.branch, "production"), day):
            yield Duty(person, starts, min(starts + timedelta(hours=8), opening.closes))


def _present(people: tuple[Person, ...], day: date) -> list[Person]:
    """One of three or more has the day off; who begins changes from day to day."""
    if len(people) < 3:
        return list(people)
    first = day.toordinal() % len(people)
    return [people[(first + turn) % len(people)] for turn in range(1, len(people))]
