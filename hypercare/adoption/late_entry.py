"""Branches that sell on paper and enter the whole day in one go, and workshops that do so with their costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from sqlalchemy import select

from hypercare.adoption.in_one_go import most_within
from hypercare.operations_model.model import Model
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from hypercare.target_file.open_hours import service_periods

# So much of a day's sales within so short a time, where the branch was open for several hours, is no rush of customers.
_IN_ONE_GO = timedelta(minutes=30)
_SHARE = 0.8
_LEAST_SALES = 8
_LEAST_OPEN = timedelta(hours=4)
_BY_HAND = timedelta(seconds=5)
_MOST_SALES = 20_000
_COSTS_OF = timedelta(days=7)
_LEAST_EARLIER = 4


def branches_that_enter_in_one_go(model: Model) -> Found:
    """Branches whose sales of yesterday were nearly all entered within half an hour, though they were open for hours.

    A branch of which they came in faster than a hand enters them has a till that hands them over.
    Where all that can be judged do so, that is how sales come in here (a till hands them over in the evening).
    Raises NotCovered where that is so, or no branch had enough sales.
    """
    judged, rows = rows_of_entry_in_one_go(model)
    return model.found(rows, of=len(judged), place=model.records("sale").place)


def rows_of_entry_in_one_go(model: Model) -> tuple[frozenset[str], list[dict[str, object]]]:
    """The same, all of them, with the branches that were judged."""
    yesterday = model.calendar.date_of(model.as_of) - timedelta(days=1)
    judged = {
        branch: sorted(times)
        for branch, times in _entered(model, yesterday).items()
        if len(times) >= _LEAST_SALES and not _was_handed_over(times) and _was_open_for_hours(model, branch, yesterday)
    }
    if not judged:
        raise NotCovered(
            f"No branch had {_LEAST_SALES} sales yesterday that people entered, so it cannot be told when they did.",
            remedy="Nothing to mend: look again tomorrow.",
        )
    most = {branch: most_within(_IN_ONE_GO, times) for branch, times in judged.items()}
    late = {branch: many for branch, many in most.items() if many >= _SHARE * len(judged[branch])}
    if late and len(late) == len(judged):
        raise NotCovered(
            f"In all {len(judged)} branches that can be judged, yesterday's sales were entered in one go: "
            "that seems to be how they come in here.",
            remedy="If people are to enter them as they sell, ask each branch why they do not.",
        )
    rows: list[dict[str, object]] = [
        {"branch": model.branch_word(branch), "day": yesterday.isoformat(), "sales": len(judged[branch]),
         "in half an hour": many}
        for branch, many in late.items()
    ]  # fmt: skip
    return frozenset(model.branch_word(branch) for branch in judged), rows


def workshops_that_enter_in_one_go(model: Model) -> Found:
    """Branches whose costs of today were nearly all entered within half an hour, though they were open for hours and
    did so on no more than one of their earlier days.

    Raises NotCovered where no branch had enough costs today and on four of the seven days before.
    """
    today = model.calendar.date_of(model.as_of)
    by_day = _costs(model, today)
    shares = {
        branch: {
            day: most_within(_IN_ONE_GO, sorted(times)) / len(times)
            for day, times in days.items()
            if len(times) >= _LEAST_SALES
        }
        for branch, days in by_day.items()
    }
    judged = {
        branch: days
        for branch, days in shares.items()
        if today in days
        and len(days) > _LEAST_EARLIER
        and not _was_handed_over(by_day[branch][today])
        and _was_open_for_hours(model, branch, today)
    }
    if not judged:
        raise NotCovered(
            f"Not enough history: no branch had {_LEAST_SALES} costs today and on {_LEAST_EARLIER} of the days before.",
            remedy="Nothing to mend: the check learns from each day.",
        )
    rows: list[dict[str, object]] = [
        {
            "branch": model.branch_word(branch),
            "costs": len(by_day[branch][today]),
            "in half an hour": f"{days[today]:.0%}",
        }
        for branch, days in judged.items()
        if days[today] >= _SHARE and sum(share >= _SHARE for day, share in days.items() if day != today) <= 1
    ]
    return model.found(rows, of=len(judged), place=model.records("cost").place)


def _costs(model: Model, today: date) -> Mapping[object, Mapping[date, Sequence[datetime]]]:
    """By branch and day, when the costs of the last days were entered; of the newest 20,000."""
    cost, order = model.records("cost"), model.records("production_order")
    entered = cost.instant("entered_at")
    statement = (
        select(order["branch"].label("branch"), entered.raw.label("at"))
        .select_from(cost.source.join(order.source, cost["order"] == order["id"]))
        .where(
            entered.within(Period(model.calendar.day(today - _COSTS_OF).start, model.as_of)),
            *model.excluding_canary(order),
        )
        .order_by(entered.raw.desc())
        .limit(_MOST_SALES)
    )
    found: dict[object, dict[date, list[datetime]]] = defaultdict(lambda: defaultdict(list))
    for row in model.database.rows(statement, about="when costs were entered"):
        at = entered.timestamp_format.decode(row["at"])
        if at is not None:
            found[row["branch"]][model.calendar.date_of(at)].append(at)
    return found


def _entered(model: Model, day: date) -> Mapping[object, Sequence[datetime]]:
    sale = model.records("sale")
    created = sale.instant("created_at")
    statement = (
        select(sale["branch"].label("branch"), created.raw.label("at"))
        .where(created.within(model.calendar.day(day)), *model.excluding_canary(sale))
        .limit(_MOST_SALES + 1)
    )
    rows = model.database.rows(statement, about="when sales were entered")
    if len(rows) > _MOST_SALES:
        raise NotCovered(
            f"More than {_MOST_SALES:,} sales a day are too many to tell how they were entered.",
            remedy="Nothing to mend: so many are not entered by hand in one go.",
        )
    found: dict[object, list[datetime]] = defaultdict(list)
    for row in rows:
        at = created.timestamp_format.decode(row["at"])
        if at is not None:
            found[row["branch"]].append(at)
    return found


def _was_open_for_hours(model: Model, branch: object, day: date) -> bool:
    whole: Period = model.calendar.day(day).until(model.as_of)
    word = model.branch_word(branch)
    periods = service_periods(model.target.config.business, whole.start, whole.end, word)
    return sum((one.length for one in periods), timedelta(0)) >= _LEAST_OPEN


def _was_handed_over(times: Sequence[datetime]) -> bool:
    """Whether half of them or more followed the one before faster than anybody enters anything."""
    ordered = sorted(times)
    gaps = sorted(later - earlier for earlier, later in pairwise(ordered))
    return gaps[len(gaps) // 2] <= _BY_HAND
