"""One branch alone that stops working in the middle of the day, while by its own habit it would have gone on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from statistics import median

from hypercare.operations.pace import HISTORY_DAYS, Counter
from hypercare.operations_model.model import Model
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from hypercare.target_file.open_hours import closed_on, is_open_at

# A branch that had so much in the middle of such hours, and never nothing, has stopped when there is nothing: of what
# comes by chance with ten in the middle, none at all is seen once in some ten thousand such hours.
_LEAST_IN_THE_MIDDLE = 10
_LEAST_DAYS = 4
IN_MID_DAY = (timedelta(hours=1.5), timedelta(hours=3), timedelta(hours=5))
ALL_DAY = (timedelta(hours=24),)


@dataclass(frozen=True)
class _Stop:
    branch: object
    length: timedelta
    usual: float
    days: int


def stopped_branches(
    model: Model, count: Counter, at_work: frozenset[object] | None, place: str, lengths: Sequence[timedelta]
) -> Found:
    """Branches in which nothing has happened for one of the lengths, though that has never been so at such hours.

    Where all that can be judged have stopped, the business has, and other checks tell of that.

    Raises NotCovered where no branch has enough history, or the business is closed.
    """
    business = model.target.config.business
    today = model.calendar.date_of(model.as_of)
    closed = closed_on(business, today)
    if closed is not None:
        raise NotCovered(f"Nobody works today ({closed}).", remedy="Nothing to mend.")
    judged: set[object] = set()
    stops: dict[object, _Stop] = {}
    numbers = [n for n in range(1, HISTORY_DAYS + 1) if today - timedelta(days=n) >= model.calendar.go_live]
    for length in lengths:
        counted = count([_hours(model, number, length) for number in (0, *numbers)])
        for branch in {branch for _, branch in counted}:
            earlier = _earlier(model, branch, counted, numbers, today)
            if not _is_judged(model, branch, earlier, at_work):
                continue
            judged.add(branch)
            if not counted.get((0, branch)):
                stops.setdefault(branch, _Stop(branch, length, median(earlier), len(earlier)))
    if not judged:
        raise NotCovered(
            f"Not enough history: no branch has had {_LEAST_IN_THE_MIDDLE} or more in such hours"
            f" on {_LEAST_DAYS} earlier days.",
            remedy="Nothing to mend: the check learns from each day.",
        )
    alone = stops.values() if len(stops) < len(judged) else ()
    rows = [_row(model, one) for one in alone]
    return model.found(rows, of=len(judged), place=place)


def _earlier(
    model: Model, branch: object, counted: Mapping[tuple[int, object], int], numbers: Sequence[int], today: date
) -> list[int]:
    """What came in at such hours on the days on which the branch is known to work: like days of the week, or all."""
    names, business = {str(branch), model.branch_word(branch)}, model.target.config.business
    days = {days_ago: today - timedelta(days=days_ago) for days_ago in numbers}
    known_for = max((days_ago for days_ago, other in counted if other == branch), default=0)
    worked = [
        days_ago for days_ago, day in days.items() if days_ago <= known_for and closed_on(business, day, names) is None
    ]
    like_today = [days_ago for days_ago in worked if (days[days_ago].weekday() >= 5) == (today.weekday() >= 5)]
    return [counted.get((days_ago, branch), 0) for days_ago in like_today]


def _is_judged(
    model: Model,
    branch: object,
    earlier: Sequence[int],
    at_work: frozenset[object] | None,
) -> bool:
    if len(earlier) < _LEAST_DAYS or min(earlier) == 0 or median(earlier) < _LEAST_IN_THE_MIDDLE:
        return False
    names = {str(branch), model.branch_word(branch)}
    business = model.target.config.business
    if closed_on(business, model.calendar.date_of(model.as_of), names) is not None:
        return False
    return (not at_work or branch in at_work) and is_open_at(business, model.as_of, names) is not False


def _hours(model: Model, days_earlier: int, length: timedelta) -> Period:
    hours = model.calendar.same_hours(model.as_of, days_earlier)
    return Period(max(hours.start, hours.end - length), hours.end)


def _row(model: Model, one: _Stop) -> dict[str, object]:
    begin = model.calendar.at(model.calendar.date_of(model.as_of), time.min)
    since = max(begin, model.as_of - one.length).astimezone(model.calendar.zone)
    return {
        "branch": model.branch_word(one.branch),
        "nothing since": f"{since:%H:%M}",
        "usual in such hours": one.usual,
        "earlier days": one.days,
    }
