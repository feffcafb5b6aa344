"""Who is at work while everything is closed, though they have a shift of their own, or always work, at other hours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from hypercare.adoption.attendance import Attendance, Person
from hypercare.operations_model.instants import Instant
from hypercare.operations_model.model import Model
from hypercare.operations_model.records import Records
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from hypercare.target_file.open_hours import service_periods

_ROTA = timedelta(days=14)
_HABIT = timedelta(days=7)
_LEAST_DAYS = timedelta(days=3)
_LONGEST_SHIFT = timedelta(hours=16)
# So long after the end of a shift somebody may still be there who has not been home.
_LONGEST_EVENING = timedelta(hours=6)
_MOST_PEOPLE = 5_000
# So many people at work in closed hours of earlier days, and it is a habit of the house.
_USUAL_FROM = 2
_NIGHT = (time(23), time(5))


@dataclass(frozen=True)
class _Act:
    first: datetime
    last: datetime
    many: int

    def and_also(self, other: _Act) -> _Act:
        return _Act(min(self.first, other.first), max(self.last, other.last), self.many + other.many)


def at_work_at_night(attendance: Attendance, margin: timedelta) -> Found:
    """People of the rota who did something in the last night, while every branch was closed and they were off shift.

    `margin` is how long before opening and after closing somebody may still be at work. Who has no shift at all is left
    out: nothing says when they may work. So is who had a shift in the evening and has been in the system ever since: a
    stocktaking goes on after it.

    Raises NotCovered where hours, shifts or traces are not mapped, where it is usual here, or too little is known.
    """
    return _found(attendance, margin, at_night=True)


def at_work_while_closed(attendance: Attendance, margin: timedelta) -> Found:
    """The same of the other hours in which every branch was closed: a Sunday afternoon.

    Without a rota it is people who worked on three earlier days, and only while some branch was open, and all closed
    hours count: as nothing says when they may work, this is to be asked and no alarm.
    Raises NotCovered as `at_work_at_night` does, but for shifts.
    """
    if not attendance.model.has("shift", "user", "starts_at"):
        return _unlike_themselves(attendance, margin)
    return _found(attendance, margin, at_night=False)


def _unlike_themselves(attendance: Attendance, margin: timedelta) -> Found:
    model = attendance.model
    now = model.as_of
    _require_history(model)
    acts = _acts(model, _closed(model, Period(now - timedelta(days=1), now), margin, at_night=None))
    acts = {key: act for key, act in acts.items() if key in attendance.people}
    if acts:
        earlier = Period(max(now - _HABIT, model.hypercare.start), now - timedelta(days=1))
        before = _acts(model, _closed(model, earlier, margin, at_night=None)).keys() & attendance.people.keys()
        _require_unusual(before)
        regular = _at_work_on_days(attendance, [attendance.people[key] for key in acts if key not in before])
        acts = {key: act for key, act in acts.items() if key in regular}
    rows = [_row(model, attendance.people[key], act) for key, act in acts.items()]
    return attendance.found(rows, of=len(attendance.people), place="activity")


def _at_work_on_days(attendance: Attendance, people: Sequence[Person]) -> Collection[str]:
    """The ids of those who left traces on three days or more of the week before today."""
    calendar, today = attendance.model.calendar, attendance.model.calendar.date_of(attendance.model.as_of)
    days = [today - timedelta(days=number) for number in range(1, _HABIT.days + 1)]
    counted = Counter[str]()
    for day in days:
        if people and day >= calendar.go_live:
            counted.update(attendance.came(calendar.day(day), people))
    return {key for key, many in counted.items() if many >= _LEAST_DAYS.days}


def _found(attendance: Attendance, margin: timedelta, *, at_night: bool) -> Found:
    model = attendance.model
    now = model.as_of
    _require_history(model)
    last_day = _closed(model, Period(now - timedelta(days=1), now), margin, at_night=at_night)
    shifts = _shifts(attendance, Period(now - _ROTA, now + timedelta(days=1)))
    off = {
        key: act
        for key, act in _acts(model, last_day).items()
        if key in shifts and not _is_on_shift(shifts[key], act, margin)
    }
    if off:
        earlier = Period(max(now - _HABIT, model.hypercare.start), now - timedelta(days=1))
        before = _acts(model, _closed(model, earlier, margin, at_night=at_night)).keys() & shifts.keys()
        _require_unusual(before)
        off = {key: act for key, act in off.items() if key not in before}
    if at_night:
        off = {key: act for key, act in off.items() if not _has_stayed(attendance, key, shifts[key], act, margin)}
    rows = [_row(model, attendance.people[key], act) for key, act in off.items()]
    return attendance.found(rows, of=len(shifts), place="activity, shifts")


def _has_stayed(attendance: Attendance, key: str, shifts: Sequence[Period], act: _Act, margin: timedelta) -> bool:
    """Whether somebody went on after a shift of the same evening, without a pause as long as the margin."""
    had_shift = any(act.first - _LONGEST_EVENING <= one.end <= act.first for one in shifts)
    before = Period(act.first - margin, act.first)
    return had_shift and bool(attendance.came(before, [attendance.people[key]]))


def _require_unusual(before: Collection[str]) -> None:
    if len(before) >= _USUAL_FROM:
        raise NotCovered(
            f"{len(before)} people were at work in closed hours of earlier days as well: "
            "that seems to be usual here, so nobody is judged.",
            remedy="If nobody is to work then, see whether [[business.hours]] and the mapped times are right.",
        )


def _require_history(model: Model) -> None:
    if not model.target.config.business.hours:
        raise NotCovered(
            "When the branches are open is not said, so nobody is known to work while they are closed.",
            remedy="State their hours as [[business.hours]].",
        )
    if model.as_of - model.calendar.at(model.calendar.go_live, time.min) < _LEAST_DAYS:
        raise NotCovered(
            "Not enough history: whether people work in closed hours by habit is known after three days.",
            remedy="Nothing to mend: the check learns from each day.",
        )


def _closed(model: Model, period: Period, margin: timedelta, *, at_night: bool | None) -> Sequence[Period]:
    """The stretches of a period in which no branch is open, nor within the margin of being so: by night, by day, or
    (None) both."""
    business = model.target.config.business
    around = Period(period.start - margin - timedelta(days=1), period.end + margin + timedelta(days=1))
    open_for = [
        Period(one.start - margin, one.end + margin) for one in service_periods(business, around.start, around.end)
    ]
    nights = list(_nights(model, around))
    others = {True: _without(around, nights), False: nights, None: []}[at_night]
    return _without(period, [*open_for, *others])


def _nights(model: Model, period: Period) -> Iterator[Period]:
    begins, ends = _NIGHT
    day = model.calendar.date_of(period.start) - timedelta(days=1)
    while day <= model.calendar.date_of(period.end):
        yield Period(model.calendar.at(day, begins), model.calendar.at(day + timedelta(days=1), ends))
        day += timedelta(days=1)


def _without(period: Period, taken: Iterable[Period]) -> list[Period]:
    """What is left of a period."""
    found, free_from = [], period.start
    for one in sorted(taken):
        if min(one.start, period.end) > free_from:
            found.append(Period(free_from, min(one.start, period.end)))
        free_from = max(free_from, one.end)
    return [*found, Period(free_from, period.end)] if free_from < period.end else found


def _shifts(attendance: Attendance, period: Period) -> Mapping[str, Sequence[Period]]:
    """By the ids of people of the rota, their shifts; one without an end is as long as any."""
    model = attendance.model
    shift = model.records("shift")
    starts = shift.instant("starts_at")
    ends = shift.instant("ends_at") if shift.has("ends_at") else None
    columns = {"user": shift["user"], "starts": starts.raw, **({} if ends is None else {"ends": ends.raw})}
    statement = (
        select(*(column.label(name) for name, column in columns.items()))
        .where(starts.within(period), *model.excluding_canary(shift))
        .limit(_MOST_PEOPLE * 30)
    )
    found: dict[str, list[Period]] = {}
    for row in model.database.rows(statement, about="shifts"):
        begin, key = starts.timestamp_format.decode(row["starts"]), str(row["user"])
        if begin is None or key not in attendance.people:
            continue
        end = None if ends is None else ends.timestamp_format.decode(row["ends"])
        found.setdefault(key, []).append(Period(begin, end or begin + _LONGEST_SHIFT))
    return found


def _is_on_shift(shifts: Sequence[Period], act: _Act, margin: timedelta) -> bool:
    return any(one.start - margin <= act.first and act.last <= one.end + margin for one in shifts)


def _acts(model: Model, periods: Sequence[Period]) -> Mapping[str, _Act]:
    """By the ids of people, what they did in these periods, by all witnesses that are mapped."""
    found: dict[str, _Act] = {}
    for records, at, only in _witnesses(model) if periods else ():
        statement = (
            select(
                records["user"].label("who"),
                func.min(at.raw).label("first"),
                func.max(at.raw).label("last"),
                func.count().label("many"),
            )
            .where(or_(*(at.within(one) for one in periods)), *only, *model.excluding_canary(records))
            .group_by(records["user"])
            .limit(_MOST_PEOPLE)
        )
        for key, act in _decoded(model.database.rows(statement, about="what was done in closed hours"), at):
            found[key] = act if key not in found else found[key].and_also(act)
    return found


def _decoded(rows: Sequence[Mapping[str, Any]], at: Instant) -> Iterator[tuple[str, _Act]]:
    for row in rows:
        first, last = (at.timestamp_format.decode(row[name]) for name in ("first", "last"))
        if row["who"] is not None and first is not None and last is not None:
            yield str(row["who"]), _Act(first, last, int(row["many"]))


def _witnesses(model: Model) -> Sequence[tuple[Records, Instant, Sequence[ColumnElement[bool]]]]:
    """That somebody was logged out is no deed: systems do it by themselves."""
    found: list[tuple[Records, Instant, Sequence[ColumnElement[bool]]]] = []
    if model.has("activity", "user", "at"):
        activity = model.records("activity")
        is_told = "logout" in activity.mapping.values.get("action", {})
        found.append((activity, activity.instant("at"), [activity.is_not("action", "logout")] if is_told else []))
    if model.has("login_attempt", "user", "succeeded", "at"):
        attempt = model.records("login_attempt")
        found.append((attempt, attempt.instant("at"), [attempt.flag("succeeded")]))
    if not found:
        raise NotCovered("What users do is not mapped.", remedy="Map [mapping.activity] or [mapping.login_attempt].")
    return found


def _row(model: Model, person: Person, act: _Act) -> dict[str, object]:
    zone = model.calendar.zone
    branch = {} if person.branch is None else {"branch": model.branch_word(person.branch)}
    return {
        "user": person.username,
        **branch,
        "from": f"{act.first.astimezone(zone):%Y-%m-%d %H:%M}",
        "to": f"{act.last.astimezone(zone):%Y-%m-%d %H:%M}",
        "things done": act.many,
    }
