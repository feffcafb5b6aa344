"""When the business is open: the union of its branches' hours, as lengths of time, without the days it is closed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta

from hypercare.plan.calendar import Period
from hypercare.plan.schedule import Schedule
from hypercare.target_file.sections.business import BusinessSection

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_A_MONTH = 31


def closed_on(business: BusinessSection, day: date, names: Collection[str] = ()) -> str | None:
    """Why nobody works on the day, in the whole business or in the branch of these names; None when it is open."""
    for one in business.closed:
        if one.day == day and (one.branch is None or one.branch in names):
            return one.reason or "closed"
    for rule in business.public_holidays:
        if (rule.branch is None or rule.branch in names) and (celebrated := rule.on(day)) is not None:
            return celebrated
    return None


def works_on(business: BusinessSection, day: date) -> bool:
    """Whether anybody begins work on the day; what goes on over midnight from the day before does not count."""
    if not business.hours:
        return closed_on(business, day) is None
    weekday = _WEEKDAYS[day.weekday()]
    return any(weekday in one.days and closed_on(business, day, {one.branch}) is None for one in business.hours)


def due_on(business: BusinessSection, schedule: Schedule, day: date) -> tuple[datetime, ...]:
    """The instants of a day at which a round is due: by its own days, else where somebody works; never while all is
    closed, and on no day of the plan that it does not belong to. One that moves is due on the next working day."""
    calendar = business.calendar
    if schedule.days and not calendar.has_rounds_of(schedule.days, day):
        return ()
    if not schedule.moves:
        is_due = closed_on(business, day) is None if schedule.names_days else works_on(business, day)
        return schedule.on(day, calendar) if is_due else ()
    if not works_on(business, day):
        return ()
    instants = schedule.on(day, calendar)
    eve = day - timedelta(days=1)
    while not instants and not works_on(business, eve) and (day - eve).days < _A_MONTH:
        if schedule.on(eve, calendar):
            return (calendar.at(day, schedule.hour),)
        eve -= timedelta(days=1)
    return instants


def is_open_at(business: BusinessSection, instant: datetime, names: Collection[str]) -> bool | None:
    """Whether the branch of these names is open just then; None where its hours are not stated."""
    if not any(hours.branch in names for hours in business.hours):
        return None
    return any(instant in period for name in names for period in _openings(business, instant, instant, name))


def begin_alike(business: BusinessSection, day: date, other: date, names: Collection[str] = ()) -> bool:
    """Whether both days begin with work that goes on from the day before, or neither."""
    return _goes_on_into(business, day, names) == _goes_on_into(business, other, names)


def days_are_unsettled(business: BusinessSection) -> bool:
    """Whether somebody works over midnight, and nothing says to which day the books count that."""
    return business.day_starts is None and any(time.min < one.closes <= one.opens for one in business.hours)


def _goes_on_into(business: BusinessSection, day: date, names: Collection[str]) -> bool:
    eve = day - timedelta(days=1)
    return any(
        (business.day_starts or time.min) < hours.closes <= hours.opens
        and (not names or hours.branch in names)
        and _WEEKDAYS[eve.weekday()] in hours.days
        and closed_on(business, eve, {hours.branch}) is None
        for hours in business.hours
    )


def open_time(business: BusinessSection, start: datetime, end: datetime) -> timedelta | None:
    """How long any branch was open between two instants; None when the target file states no hours."""
    if not business.hours:
        return None
    return sum((period.length for period in _open_between(business, start, end)), timedelta(0))


def not_closed_time(business: BusinessSection, start: datetime, end: datetime) -> timedelta:
    """How much of the time between two instants lies on days on which the business is not closed as a whole."""
    return sum((period.length for period in _days_not_closed(business, start, end)), timedelta(0))


def instant_before(business: BusinessSection, end: datetime, length: timedelta) -> datetime:
    """The instant from which so much open time has passed until `end`.

    Where no hours are stated every hour counts, but for closed days. What would lie more than a month back is put
    there.
    """
    earliest = end - timedelta(days=_A_MONTH)
    between = _open_between if business.hours else _days_not_closed
    for period in reversed(list(between(business, earliest, end))):
        if period.length >= length:
            return period.end - length
        length -= period.length
    return earliest


def instant_after(business: BusinessSection, start: datetime, length: timedelta) -> datetime:
    """The instant at which so much open time will have passed since `start`.

    Where no hours are stated every hour counts, but for closed days. What would lie more than a month ahead is put
    there.
    """
    latest = start + timedelta(days=_A_MONTH)
    between = _open_between if business.hours else _days_not_closed
    for period in between(business, start, latest):
        if period.length >= length:
            return period.start + length
        length -= period.length
    return latest


def service_periods(business: BusinessSection, start: datetime, end: datetime, branch: str = "") -> list[Period]:
    """The stretches between two instants in which the branch is open, or any of them; in order and apart.

    Where no hours are stated (of this branch) every hour counts, but for closed days.
    """
    if any(not branch or hours.branch == branch for hours in business.hours):
        return list(_open_between(business, start, end, branch))
    return list(_days_not_closed(business, start, end, branch))


def _open_between(business: BusinessSection, start: datetime, end: datetime, branch: str = "") -> Iterator[Period]:
    """The stretches between two instants during which the branch or any is open, in order and apart."""
    covered = start
    for period in sorted(_openings(business, start, end, branch)):
        begin, finish = max(period.start, covered), min(period.end, end)
        if finish > begin:
            yield Period(begin, finish)
            covered = finish


def _days_not_closed(business: BusinessSection, start: datetime, end: datetime, branch: str = "") -> Iterator[Period]:
    for day in _days(business, start, end):
        whole = business.calendar.day(day)
        part = Period(max(whole.start, start), min(whole.end, end))
        if part.end > part.start and closed_on(business, day, {branch} - {""}) is None:
            yield part


def _openings(business: BusinessSection, start: datetime, end: datetime, branch: str = "") -> Iterator[Period]:
    calendar = business.calendar
    for day in _days(business, start - timedelta(days=1), end):
        weekday = _WEEKDAYS[day.weekday()]
        for hours in business.hours:
            if branch and hours.branch != branch:
                continue
            if weekday in hours.days and closed_on(business, day, {hours.branch}) is None:
                # Hours that end at or before their start go on over midnight.
                last = day + timedelta(days=1) if hours.closes <= hours.opens else day
                yield Period(calendar.at(day, hours.opens), calendar.at(last, hours.closes))


def _days(business: BusinessSection, start: datetime, end: datetime) -> Iterator[date]:
    day, last = business.calendar.date_of(start), business.calendar.date_of(end)
    while day <= last:
        yield day
        day += timedelta(days=1)
