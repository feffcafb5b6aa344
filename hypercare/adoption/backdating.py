"""People who enter records under an earlier day: what was on paper is caught up on, and no day's figures were whole."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, false, func, select

from hypercare.adoption.attendance import Attendance
from hypercare.operations.sequences import made_in
from hypercare.operations_model.model import LONGEST_WATCH, Model
from hypercare.operations_model.records import Records
from hypercare.operations_model.schema_drift import left_out_if_gone
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period

# What is entered, by whom, when it says that it was, and the activity log's word for it.
_ENTERED = (("sale", "created_by", "created_at", "sale.create"), ("cost", "entered_by", "entered_at", "cost.enter"))
# Whoever enters one or two so has forgotten them.
_LEAST = 3
# What was begun before midnight and entered after it is of no earlier day.
_OVER_MIDNIGHT = timedelta(hours=3)
# In a role of fewer people, or where half of them do so, it may be how its work is done.
_LEAST_ALIKE = 3
_MOST_PEOPLE = 20_000
_BY_HAND = timedelta(seconds=5)
# So many at once are an import, which carries old dates over.
_AN_IMPORT = 500


@dataclass(frozen=True)
class _Entry:
    """How many records of today each person entered, and how many of them under an earlier day."""

    all: Mapping[str, int]
    earlier: Mapping[str, int]


def people_who_backdate(attendance: Attendance) -> Found:
    """People who entered three records or more today under an earlier day, unlike the others of their role.

    When a record was entered is told by the activity log, else by keys that are counted up. Raises NotCovered where
    neither does, or no role has enough people who entered anything today.
    """
    judged, rows = rows_of_backdating(attendance)
    return attendance.found(rows, of=judged, place="sales, costs")


def rows_of_backdating(attendance: Attendance) -> tuple[int, list[dict[str, object]]]:
    """The same, all of them, with how many people were judged."""
    entered, earlier = Counter[str](), Counter[str]()
    told = False
    for entry in _entries(attendance.model):
        told = True
        entered.update(entry.all)
        earlier.update(entry.earlier)
    if not told:
        raise NotCovered(
            "Nothing but its own date tells when a record was entered.",
            remedy="Map [mapping.activity] with entity_id and the words sale.create and cost.enter.",
        )
    alike: dict[str, list[str]] = defaultdict(list)
    for key in entered.keys() | earlier.keys():
        if key in attendance.people:
            alike[attendance.people[key].role].append(key)
    judged = {
        key
        for role, keys in alike.items()
        if role and len(keys) >= _LEAST_ALIKE and 2 * sum(earlier[key] >= _LEAST for key in keys) < len(keys)
        for key in keys
    }
    if not judged:
        raise NotCovered(
            f"No role has {_LEAST_ALIKE} people who entered something today, most of them under today.",
            remedy="Nothing to mend: where all enter under an earlier day, that is how work is done here.",
        )
    return len(judged), [
        {**attendance.who(attendance.people[key]), "entered today": entered[key] + earlier[key],
         "under an earlier day": earlier[key]}
        for key in sorted(judged)
        if earlier[key] >= _LEAST
    ]  # fmt: skip


def _entries(model: Model) -> Iterator[_Entry]:
    for entity, who, at, action in _ENTERED:
        if model.has(entity, who, at):
            with left_out_if_gone():
                records = model.records(entity)
                today = Period(_today(model).start - _OVER_MIDNIGHT, model.as_of)
                new = _logged_today(model, records, records.instant(at).within(today), action)
                if new is None:
                    new = made_in(model, records, at, _today(model))
                if new is not None:
                    before = Period(today.start - LONGEST_WATCH, today.start)
                    yield _Entry(
                        _by_person(model, records, (who, at), today), _by_person(model, records, (who, at), before, new)
                    )


def _today(model: Model) -> Period:
    return Period(model.calendar.at(model.calendar.date_of(model.as_of), time.min), model.as_of)


def _logged_today(
    model: Model, records: Records, is_of_today: ColumnElement[bool], action: str
) -> ColumnElement[bool] | None:
    """Whether the activity log says that a record that is not of today was entered today; None where it tells of none.

    Only what is of today is read: those few are found by their keys. Several that came faster than a hand enters them
    were handed over by a device that had been out of reach.
    """
    if not model.has("activity", "action", "entity_id", "at"):
        return None
    log = model.records("activity")
    if action not in log.mapping.values.get("action", {action: ()}):
        return None
    at = log.instant("at")
    entered = select(log["entity_id"].label("key"), at.raw.label("at")).where(
        log.is_("action", action), at.within(_today(model)), log["entity_id"].is_not(None)
    )
    if not model.database.rows(entered.limit(1), about="whether entries are logged"):
        return None
    of_today = select(records["id"]).where(is_of_today, records["id"].is_not(None))
    others = entered.where(log["entity_id"].not_in(of_today)).limit(_AN_IMPORT)
    rows = model.database.rows(others, about=f"{records.place} entered under another day")
    keys = list(_entered_by_hand((at.timestamp_format.decode(row["at"]), row["key"]) for row in rows))
    return records["id"].in_(keys) if keys and len(rows) < _AN_IMPORT else false()


def _entered_by_hand(entries: Iterable[tuple[datetime | None, object]]) -> Iterator[object]:
    """The keys of records, by when they were entered, but for those of which several came at once."""
    dated = sorted(((at, key) for at, key in entries if at is not None), key=lambda entry: entry[0])
    at_once: list[object] = []
    last: datetime | None = None
    for at, key in dated:
        if last is not None and at - last > _BY_HAND:
            yield from at_once if len(at_once) < _LEAST else ()
            at_once = []
        at_once.append(key)
        last = at
    yield from at_once if len(at_once) < _LEAST else ()


def _by_person(
    model: Model, records: Records, fields: tuple[str, str], period: Period, *only: ColumnElement[bool]
) -> Mapping[str, int]:
    who, at = fields
    statement = (
        select(records[who].label("who"), func.count().label("many"))
        .where(records.instant(at).within(period), *only, *model.excluding_canary(records))
        .group_by(records[who])
        .limit(_MOST_PEOPLE)
    )
    rows = model.database.rows(statement, about=f"{records.place} by who entered them")
    return {str(row["who"]): int(row["many"]) for row in rows if row["who"] is not None}
