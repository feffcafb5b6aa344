"""Stretches of a day in which nobody asked for anything, though people were about to work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from hypercare.outcome.finding import Row
from hypercare.performance.day_figures import MINUTES_OF_A_SLOT, SLOTS_OF_AN_HOUR, DayFigures
from hypercare.plan.calendar import Calendar, Period
from hypercare.target_file.open_hours import open_time
from hypercare.target_file.sections.business import BusinessSection

# Two slots without any request: what begins and ends amid others is ten minutes longer at most.
_LEAST_SLOTS = 2
_MOST_SLOTS = 3 * SLOTS_OF_AN_HOUR
_LEAST_EXPECTED = 40
_LEAST_ON_OTHER_DAYS = 15


@dataclass(frozen=True)
class Pause:
    """From when to when nothing was asked for, and how many requests the half hours around it let expect."""

    period: Period
    expected: int
    usual: int

    def row(self, calendar: Calendar) -> Row:
        start, end = (at.astimezone(calendar.zone) for at in (self.period.start, self.period.end))
        return {
            "from": f"{start:%Y-%m-%d %H:%M}",
            "to": f"{end:%H:%M}",
            "expected": self.expected,
            "on_other_days_at_least": self.usual,
        }


def pauses_of(days: Sequence[DayFigures], business: BusinessSection, as_of: datetime) -> list[Pause]:
    """Those of the last of the days that no other day has at that hour.

    Judged in stated opening hours only, by days on which the business was open then as well; without stated hours, by
    the same days of the week. Of a day that was not read whole nothing is known.
    """
    today = days[-1]
    if not today.complete:
        return []
    calendar = business.calendar
    found = []
    for first, last in _empty_stretches(today, _slot_of(as_of, calendar)):
        period = Period(_start(calendar, today.day, first), _start(calendar, today.day, last))
        others = [one for one in days[:-1] if one.complete and _is_alike(business, one.day, today.day, period)]
        expected = _expected(today.slots, first, last)
        usual = min((sum(one.slots[first:last]) for one in others), default=0)
        if expected >= _LEAST_EXPECTED and usual >= _LEAST_ON_OTHER_DAYS:
            found.append(Pause(period, expected, usual))
    return found


def _empty_stretches(day: DayFigures, until: int) -> Iterator[tuple[int, int]]:
    """Between requests before and after it; what goes on now is told by those who look whether logs are silent."""
    first = None
    for number, many in enumerate(day.slots[:until]):
        if many == 0:
            first = number if first is None else first
        elif first is not None:
            if _LEAST_SLOTS <= number - first <= _MOST_SLOTS and any(day.slots[:first]):
                yield first, number
            first = None


def _expected(slots: Sequence[int], first: int, last: int) -> int:
    """By the quieter of the half hours before and after."""
    before, after = slots[max(first - 3, 0) : first], slots[last : last + 3]
    rates = [sum(part) / len(part) for part in (before, after) if part]
    return round(min(rates, default=0.0) * (last - first))


def _is_alike(business: BusinessSection, other: date, day: date, period: Period) -> bool:
    calendar = business.calendar
    length = period.length
    moved = Period(*(_same_clock(calendar, at, other) for at in (period.start, period.end)))
    both = [open_time(business, one.start, one.end) for one in (period, moved)]
    if None in both:
        return other.weekday() == day.weekday()
    return all(one == length for one in both)


def _same_clock(calendar: Calendar, at: datetime, day: date) -> datetime:
    return calendar.at(day, at.astimezone(calendar.zone).time())


def _slot_of(at: datetime, calendar: Calendar) -> int:
    local = at.astimezone(calendar.zone)
    return (local.hour * 60 + local.minute) // MINUTES_OF_A_SLOT


def _start(calendar: Calendar, day: date, slot: int) -> datetime:
    clock = time(*divmod(slot % (24 * SLOTS_OF_AN_HOUR) * MINUTES_OF_A_SLOT, 60))
    return calendar.at(day + timedelta(days=slot // (24 * SLOTS_OF_AN_HOUR)), clock)
