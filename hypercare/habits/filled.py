"""Fields that are always filled in records of their kind and state."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, literal_column, or_, select

from hypercare.habits.by_day import Counts, CountsByAge, CountsOfDays, by_day_and_age, counted_by_day, counts_of
from hypercare.habits.judging import Habit, Tally, unless_gone
from hypercare.operations_model.instants import Instant
from hypercare.operations_model.model import LARGEST_WATCH, Model
from hypercare.operations_model.portable import one_if
from hypercare.operations_model.records import Records
from hypercare.operations_model.violations import Row
from hypercare.outcome.evidence import rows_wanted
from hypercare.seals import Seals, Watch, Window
from hypercare.target_file.entities import Kind

# When records of an entity were made; of those without it none is new. What belongs to a sale is reckoned elsewhere.
_MADE = {
    "user": "created_at",
    "customer": "created_at",
    "product": "",
    "shift": "starts_at",
    "sale": "created_at",
    "payment": "paid_at",
    "ledger_entry": "posted_at",
    "manual_record": "handed_in_at",
    "production_order": "created_at",
    "step": "updated_at",
    "cost": "entered_at",
    "activity": "at",
    "login_attempt": "at",
    "session": "created_at",
    "issue": "reported_at",
    "job": "queued_at",
}
_STANDING = {"user", "customer", "product"}
# What records of one entity are told apart by: what is filled in one state need not be so in another.
_STATES = {
    "user": ("active",),
    "product": ("active",),
    "sale": ("state", "kind"),
    "ledger_entry": ("account",),
    "production_order": ("state",),
    "step": ("state",),
    "cost": ("kind",),
    "activity": ("action",),
    "login_attempt": ("succeeded",),
    "issue": ("state",),
    "job": ("state",),
}
# What people may leave open in any one record: whom, what for and until when, but not who, when, how much or what.
_OPEN = {
    ("user", "branch"), ("user", "role"), ("user", "locked_until"), ("customer", "branch"), ("customer", "number"),
    ("product", "kind"), ("product", "price"), ("shift", "branch"), ("shift", "ends_at"), ("sale", "customer"),
    ("sale", "branch"), ("ledger_entry", "payment"), ("production_order", "sale"), ("production_order", "product"),
    ("production_order", "budget"), ("production_order", "due_on"), ("step", "assigned_to"), ("cost", "step"),
    ("session", "ended_at"), ("issue", "branch"),
    ("issue", "category"), ("issue", "severity"), ("issue", "respond_by"), ("issue", "resolve_by"),
}  # fmt: skip
_MOST_STATES = 60
_MANY = ""
_State = tuple[str, ...]
_ByAge = Mapping[bool, Mapping[str, int]]


def filled(model: Model, seals: Seals) -> Iterator[Habit]:
    """A habit for each mapped field of each kind of record; whether it is one, its tally tells."""
    for entity, made in _MADE.items():
        if model.has(entity, "id"):
            yield from unless_gone(partial(_habits_of, model, seals, entity, made if model.has(entity, made) else ""))


def _habits_of(model: Model, seals: Seals, entity: str, made: str) -> Iterator[Habit]:
    records = model.records(entity)
    states = [name for name in _STATES.get(entity, ()) if records.has(name)]
    fields = [name for name in records.kinds if records.has(name) and name not in {"id", made, *states}]
    fields = [name for name in fields if (entity, name) not in _OPEN]
    when = records.instant(made) if made else None
    if not fields or (entity in _STANDING and _are_too_many(model, records)):
        return
    if when is None or entity in _STANDING:
        counted = _of_all(model, records, fields, states, when)
        among = list(model.excluding_canary(records))
    else:
        watch = Watch(entity, made)
        ask = partial(_of_window, model, fields, states, watch)
        counted = counted_by_day(seals, f"filled in {entity}", watch, ask)
        among = [when.within(model.hypercare), *model.excluding_canary(records)]
    tallies = _tallies(counted)
    if len(tallies) > _MOST_STATES:
        return
    for state, field in product(tallies, fields):
        others = [other for other in tallies if other != state and other[:-1] == state[:-1]]
        siblings = {_name(entity, field, other): _tally(tallies[other], field) for other in others}
        missing = and_(_is_missing(records, field), *_in_state(records, states, state))
        sample = _sample(model, records, field, [missing, *among], when)
        tally, dated = _tally(tallies[state], field), when is not None
        name, partly = _name(entity, field, state), counted.is_partial
        yield Habit(name, tally, records.place, sample, dated=dated, siblings=siblings, is_partial=partly)


def _name(entity: str, field: str, state: Sequence[str]) -> str:
    return f"{entity}.{field}" + (f" of {', '.join(state)}" if state else "")


def _tally(counts_by_age: _ByAge, field: str) -> Tally:
    past, new = counts_by_age.get(False, {}), counts_by_age.get(True, {})
    return Tally(*(part.get(name, 0) for part in (past, new) for name in (_MANY, field)))


def _are_too_many(model: Model, records: Records) -> bool:
    """People, customers and products are there since long before, so all of them are looked at, or none."""
    some = select(literal_column("1").label("one")).select_from(records.source).limit(LARGEST_WATCH + 1).subquery()
    many = int(model.database.value(select(func.count()).select_from(some), about=f"size of {records.place}"))
    return many > LARGEST_WATCH


def _of_all(
    model: Model, records: Records, fields: Sequence[str], states: Sequence[str], when: Instant | None
) -> CountsOfDays:
    new: ColumnElement[Any] = literal_column("0")
    if when is not None:
        new = one_if(when.since(model.since_yesterday_evening.start))
    each = select(literal_column("0").label("day"), new.label("is_new")).where(*model.excluding_canary(records))
    counted = CountsOfDays()
    for (_, is_new), counts in _counted(model, records, fields, states, each).items():
        (counted.new if is_new else counted.past).update(counts)
    return counted


def _of_window(model: Model, fields: Sequence[str], states: Sequence[str], watch: Watch, window: Window) -> CountsByAge:
    records = model.records(watch.entity)
    each = by_day_and_age(model, window, records.instant(watch.field))
    return _counted(model, records, fields, states, each.where(*model.excluding_canary(records)), len(window.days))


def _counted(
    model: Model,
    records: Records,
    fields: Sequence[str],
    states: Sequence[str],
    each: Select[Any],
    days: int = 1,
) -> CountsByAge:
    """By day and age, and by state and field as JSON, how many records there are and how many lack the field."""
    asked = each.add_columns(
        *(_state(records, name).label(f"state_{name}") for name in states),
        *(one_if(_is_missing(records, field)).label(f"no_{field}") for field in fields),
    )
    found = asked.select_from(records.source).subquery("each_one")
    keys = [found.c.day, found.c.is_new, *(found.c[f"state_{name}"] for name in states)]
    sums = [func.sum(found.c[f"no_{field}"]).label(f"no_{field}") for field in fields]
    statement = select(*keys, func.count().label("many"), *sums).group_by(*keys).limit(2 * days * (_MOST_STATES + 1))
    rows = model.database.rows(statement, about=f"what is filled in {records.place}")

    def counts(row: Row) -> Counts:
        state = [str(row[f"state_{name}"]) for name in states]
        lacking = {field: number for field in fields if (number := _number(row, f"no_{field}"))}
        numbers = {_MANY: _number(row, "many"), **lacking}
        return {json.dumps([*state, name]): number for name, number in numbers.items()}

    return counts_of(rows, counts)


def _tallies(counted: CountsOfDays) -> Mapping[_State, _ByAge]:
    found: dict[_State, dict[bool, dict[str, int]]] = defaultdict(lambda: {False: {}, True: {}})
    for is_new, counts in ((False, counted.past), (True, counted.new)):
        for key, number in counts.items():
            *state, name = json.loads(key)
            found[tuple(state)][is_new][name] = number
    return found


def _state(records: Records, name: str) -> ColumnElement[Any]:
    return one_if(records.flag(name)) if records.kinds[name] is Kind.FLAG else records[name]


def _in_state(records: Records, states: Sequence[str], state: Sequence[str]) -> Iterator[ColumnElement[bool]]:
    for name, word in zip(states, state, strict=True):
        stored = _state(records, name)
        yield stored.is_(None) if word == "None" else cast(stored, String(200)) == word


def _is_missing(records: Records, field: str) -> ColumnElement[bool]:
    kind = records.kinds[field]
    if kind is Kind.INSTANT:
        return records.instant(field).is_missing
    if kind in (Kind.TEXT, Kind.STATE):
        return or_(records[field].is_(None), func.trim(cast(records[field], String(200))) == "")
    return records[field].is_(None)


def _sample(
    model: Model, records: Records, field: str, among: Sequence[ColumnElement[bool]], when: Instant | None
) -> Callable[[bool], Sequence[Row]]:
    def sample(only_new: bool) -> Sequence[Row]:
        shown = {"record": model.shown_name(records).expression}
        if records.has("branch") and field != "branch":
            shown["branch"] = records["branch"]
        if when is not None:
            shown["made"] = when.raw
        new = [when.since(model.since_yesterday_evening.start)] if only_new and when is not None else []
        statement = select(*(one.label(name) for name, one in shown.items())).select_from(records.source)
        rows = model.database.rows(
            statement.where(*among, *new).limit(rows_wanted()), about=f"{records.place}, {field}"
        )
        return [_readable(model, records, field, row, when) for row in rows]

    return sample


def _readable(model: Model, records: Records, field: str, row: Row, when: Instant | None) -> Row:
    readable: dict[str, object] = {"what": records.entity, "lacks": field, "record": row["record"]}
    if "branch" in row:
        readable["branch"] = model.branch_word(row["branch"])
    if when is not None:
        readable["made"] = model.shown_time(when).readable(row["made"])
    return readable


def _number(row: Mapping[str, object], name: str) -> int:
    return int(str(row.get(name) or 0))
