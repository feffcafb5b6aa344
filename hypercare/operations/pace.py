"""The pace of the business: today so far against the same hours of earlier days."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from sqlalchemy import select

from hypercare.operations_model.model import LONGEST_WATCH, Model
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from hypercare.target_file.open_hours import begin_alike, closed_on, is_open_at

HISTORY_DAYS = 21
LATELY = timedelta(minutes=90)
_FELT = timedelta(minutes=15)
_SETTLED_IN = timedelta(minutes=60)
_MADE_AT = {"sale": "created_at", "step": "updated_at", "cost": "entered_at"}

# Counts by (number of the period, branch).
Counter = Callable[[Sequence[Period]], Mapping[tuple[int, object], int]]


@dataclass(frozen=True)
class BranchPace:
    """One branch: what came in, and what usually has by this hour on such a day."""

    branch: object
    actual: int
    expected: float


@dataclass(frozen=True)
class Pace:
    """How today compares. Only branches that are open on such a day are in it; `days` is how many were learned from.

    `closed` says why nobody works today, where all are closed.
    """

    branches: Sequence[BranchPace]
    days: int
    closed: str = ""

    @property
    def actual(self) -> int:
        return sum(one.actual for one in self.branches)

    @property
    def expected(self) -> float:
        return sum(one.expected for one in self.branches)

    @property
    def ratio(self) -> float:
        """Actual of expected; 1 when nothing is expected."""
        return self.actual / self.expected if self.expected else 1.0

    def silent(self, least: float) -> Sequence[BranchPace]:
        """Branches with nothing at all where at least so much is usual."""
        return [one for one in self.branches if one.actual == 0 and one.expected >= least]

    def rows(self, model: Model) -> list[dict[str, object]]:
        """The branches as rows of a sample, worst first."""
        worst = sorted(self.branches, key=lambda one: one.actual / one.expected if one.expected else 1.0)
        return [
            {"branch": model.branch_word(one.branch), "so far": one.actual, "usual": round(one.expected, 1)}
            for one in worst
        ]


def pace_of(
    model: Model, count: Counter, at_work: frozenset[object] | None = None, last: timedelta | None = None
) -> Pace:
    """Compare today, from midnight or for the `last` so long, with the same hours of up to three weeks.

    `at_work` are the branches where somebody who does such work is on shift, if that can be known. Days before the
    branch's first are not learned from, nor those on which it did nothing or was closed; on such a day nothing is
    expected of it.
    """
    business = model.target.config.business
    today = model.calendar.business_date(model.as_of)
    if _was_worked_on(model, last):
        raise NotCovered(
            "The system was under maintenance in the time whose pace is asked for, so that pace says nothing.",
            remedy="Nothing to mend: look again tomorrow.",
        )
    numbers = [
        days_ago
        for days_ago in range(1, HISTORY_DAYS + 1)
        if today - timedelta(days=days_ago) >= model.calendar.go_live
    ]
    with model.database.snapshot():
        counted = count([_hours(model, number, last) for number in (0, *numbers)])
        whole_days = count([model.calendar.business_day(today - timedelta(days=number)) for number in (0, *numbers)])
    branches = []
    for branch in {branch for _, branch in (*counted, *whole_days)}:
        names = {str(branch), model.branch_word(branch)}
        earlier = {
            days_ago: today - timedelta(days=days_ago) for days_ago in numbers if whole_days.get((days_ago, branch))
        }
        worked = {
            days_ago: day
            for days_ago, day in earlier.items()
            if closed_on(business, day, names) is None and begin_alike(business, today, day, names)
        }
        known_for = max(worked, default=0)
        alike = [days_ago in worked for days_ago in numbers if days_ago <= known_for and days_ago % 7 == 0]
        actual = counted.get((0, branch), 0)
        is_open = closed_on(business, today, names) is None and _is_open(model, branch, at_work, alike)
        if is_open or (is_open is None and actual):
            usual = _usual(today, {day: counted.get((days_ago, branch), 0) for days_ago, day in worked.items()})
            branches.append(BranchPace(branch, actual, usual))
    return Pace(sorted(branches, key=lambda one: str(one.branch)), len(numbers), closed_on(business, today) or "")


def usual_by_now(model: Model, count: Callable[[Period], int], days: int = 7) -> float:
    """What is usual by this hour: the middle of the last days; 0 where any of them had none, or none is known.

    Days on which the business is closed are not asked; if today is one, nothing is usual.
    """
    today, business = model.calendar.business_date(model.as_of), model.target.config.business
    if closed_on(business, today) is not None or _was_worked_on(model, None):
        return 0.0
    numbers_known = [
        days_ago for days_ago in range(1, days + 1) if today - timedelta(days=days_ago) >= model.calendar.go_live
    ]
    by_number = {days_ago: today - timedelta(days=days_ago) for days_ago in numbers_known}
    numbers = [
        days_ago
        for days_ago, day in by_number.items()
        if closed_on(business, day) is None and begin_alike(business, today, day)
    ]
    counted = [count(model.calendar.same_hours(model.as_of, number)) for number in numbers]
    return float(median(counted)) if counted and min(counted) > 0 else 0.0


def branches_at_work(model: Model, entity: str, maker: str) -> frozenset[object] | None:
    """Branches where somebody who makes such records has been on shift for an hour; None if not known.

    Who makes them is told by the last weeks, where the records tell when they were made.
    """
    if not model.has("shift", "user", "branch", "starts_at", "ends_at") or not model.has(entity, maker):
        return None
    shift, records = model.records("shift"), model.records(entity)
    began = shift.instant("starts_at").before(model.as_of - _SETTLED_IN)
    makers, made_at = select(records[maker]), _MADE_AT.get(entity, "")
    if records.has(made_at):
        makers = makers.where(records.instant(made_at).within(Period(model.as_of - LONGEST_WATCH, model.as_of)))
    statement = select(shift["branch"].label("branch")).where(
        began,
        shift.instant("starts_at").since(model.as_of - timedelta(days=1)),
        shift.instant("ends_at").since(model.as_of),
        shift["user"].in_(makers),
    )
    rows = model.database.rows(statement.distinct().limit(10_000), about=f"branches at work ({entity})")
    return frozenset(row["branch"] for row in rows)


def _hours(model: Model, days_earlier: int, last: timedelta | None) -> Period:
    hours = model.calendar.same_hours(model.as_of, days_earlier)
    return hours if last is None else Period(max(hours.start, hours.end - last), hours.end)


def _was_worked_on(model: Model, last: timedelta | None) -> bool:
    """Whether all of the system was under maintenance today, or in the `last` so long, for so long that it is felt."""
    hours = _hours(model, 0, last)
    begun = ((max(one.start, hours.start), min(one.end, hours.end)) for one in model.target.worked_on)
    return sum((max(end - start, timedelta(0)) for start, end in begun), timedelta(0)) >= _FELT


def _is_open(
    model: Model, branch: object, at_work: frozenset[object] | None, same_weekday: Sequence[bool]
) -> bool | None:
    """Whether the branch works now: by who is on shift, or by its hours, or by such days before; None is unknown."""
    if at_work:
        return branch in at_work
    named = {str(branch), model.branch_word(branch)}
    by_hours = is_open_at(model.target.config.business, model.as_of, named)
    if by_hours is not None:
        return by_hours
    return any(same_weekday) if same_weekday else None


def _usual(today: date, by_day: Mapping[date, int]) -> float:
    """The middle of such days of the week, drawn towards the middle of all days while there are few of them."""
    if not by_day:
        return 0.0
    alike = [many for day, many in by_day.items() if day.weekday() == today.weekday()]
    middle = float(median(by_day.values()))
    if not alike:
        return middle
    if len(alike) >= 3:
        return float(median(alike))
    return (float(median(alike)) + middle) / 2
