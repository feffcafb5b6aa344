"""Work that was entered in one go: all steps of an order within a minute, a dozen sales by one person at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select

from hypercare.operations.asked_orders import orders_excluding_canary
from hypercare.operations_model.hands import names_of_people
from hypercare.operations_model.instants import Instant
from hypercare.operations_model.look_ups import children_beside
from hypercare.operations_model.model import Model
from hypercare.operations_model.records import Records
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period

_AT_ONCE = timedelta(minutes=1)
_LEAST_STEPS = 4
# Nobody serves so many customers, or does so much work, within a minute.
_LEAST_RECORDS = 8
# Nobody types one every other second, not even from a pile of slips.
_FASTEST = 30
_MOST_ROWS = 20_000
_LOOKS_BACK = timedelta(days=7)
_OF_PEOPLE = (("sale", "created_by", "created_at"), ("cost", "entered_by", "entered_at"))

Times = Mapping[object, Sequence[datetime]]


def orders_ticked_off_in_one_go(model: Model) -> Found:
    """Orders of which four steps or more were finished today within a minute.

    Raises NotCovered where that was so in the week before: then steps are ticked off by something else than people; and
    where none was finished then, so that nothing tells how that is done here.
    """
    today, before = _today_and_before(model)
    hasty = _hasty(_steps(model, today), _LEAST_STEPS)
    earlier = _steps(model, before) if hasty else {}
    if hasty and not earlier:
        raise _not_enough_history("how steps are ticked off")
    if _hasty(earlier, _LEAST_STEPS):
        raise NotCovered(
            "Orders had all their steps finished within a minute in the week before too: that seems to be usual here.",
            remedy="If people are to tick off each step as it is done, ask production why they do not.",
        )
    place = model.records("step").place
    rows: list[dict[str, object]] = [{"order": order, "steps within a minute": many} for order, many in hasty.items()]
    rows = model.exceptions.without(rows, "production_order", "order", place)
    return model.found(rows, of=None, place=place)


def people_who_enter_in_one_go(model: Model) -> Found:
    """People who entered eight sales, or costs, or more within a minute today, and some in the week before.

    What nobody's hand is fast enough for was entered by a program, as is what comes under a name that entered nothing
    before. Where somebody did so in the week before, too, it is usual here (an import). Raises NotCovered where nothing
    tells who entered what, or how that is done here.
    """
    today, before = _today_and_before(model)
    rows: list[dict[str, object]] = []
    places: list[str] = []
    unknown: list[str] = []
    for entity, who, at in _OF_PEOPLE:
        if not model.has(entity, who, at):
            continue
        records = model.records(entity)
        places.append(records.place)
        hasty = _hasty(_entered(model, records, who, at, today), _LEAST_RECORDS)
        earlier = _entered(model, records, who, at, before) if hasty else {}
        if hasty and not earlier:
            unknown.append(entity)
        if _hasty(earlier, _LEAST_RECORDS):
            continue
        by_hand = {key: many for key, many in hasty.items() if key in earlier and many <= _FASTEST}
        names = names_of_people(model, by_hand)
        rows += [{"user": names[key], "what": entity, "within a minute": many} for key, many in by_hand.items()]
    if not places:
        model.records("sale").need("created_by")
    if unknown and not rows:
        raise _not_enough_history(f"how people enter each {' and '.join(unknown)}")
    rows = model.exceptions.without(rows, "user", "user", ", ".join(places))
    return model.found(rows, of=None, place=", ".join(places))


def _not_enough_history(what: str) -> NotCovered:
    return NotCovered(
        f"Not enough history: nothing of the week before tells {what}.",
        remedy="Nothing to mend: the check learns from each day.",
    )


def _today_and_before(model: Model) -> tuple[Period, Period]:
    start = model.calendar.at(model.calendar.date_of(model.as_of), time.min)
    return Period(start, model.as_of), Period(start - _LOOKS_BACK, start)


def _steps(model: Model, period: Period) -> Times:
    order = model.records("production_order")
    source, step = children_beside(model, order, model.records("step"), "order")
    finished = step.instant("finished_at")
    among = [step.is_("state", "done"), *orders_excluding_canary(model, order)]
    return _times(model, source, model.shown_name(order).expression, finished, [finished.within(period), *among])


def _entered(model: Model, records: Records, who: str, at: str, period: Period) -> Times:
    instant = records.instant(at)
    among = [instant.within(period), *model.excluding_canary(records)]
    return _times(model, records.source, records[who], instant, among)


def _times(
    model: Model, source: Any, key: ColumnElement[Any], at: Instant, among: Sequence[ColumnElement[bool]]
) -> Times:
    """By key, when its records came to be, in order; of the newest 20,000."""
    statement = (
        select(key.label("key"), at.raw.label("at"))
        .select_from(source)
        .where(*among)
        .order_by(at.raw.desc())
        .limit(_MOST_ROWS)
    )
    found: dict[object, list[datetime]] = defaultdict(list)
    for row in model.database.rows(statement, about="when records were entered"):
        moment = at.timestamp_format.decode(row["at"])
        if moment is not None and row["key"] is not None:
            found[row["key"]].append(moment)
    return {name: sorted(moments) for name, moments in found.items()}


def _hasty(times: Times, least: int) -> Mapping[object, int]:
    """By key, how many at most within a minute, where these are enough."""
    most = {key: most_within(_AT_ONCE, moments) for key, moments in times.items()}
    return {key: many for key, many in most.items() if many >= least}


def most_within(length: timedelta, moments: Sequence[datetime]) -> int:
    """How many of some moments, in order, lie within so long at most."""
    most = first = 0
    for number, moment in enumerate(moments):
        while moment - moments[first] > length:
            first += 1
        most = max(most, number - first + 1)
    return most
