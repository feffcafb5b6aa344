"""Fields that are always filled in records of their kind and state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, func, literal_column, or_, select

from hypercare.habits.judging import Habit, Tally, unless_gone
from hypercare.operations_model.instants import Instant
from hypercare.operations_model.model import LARGEST_WATCH, Model
from hypercare.operations_model.portable import one_if
from hypercare.operations_model.records import Records
from hypercare.operations_model.violations import Row
from hypercare.outcome.finding import SAMPLE_SIZE
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


def filled(model: Model) -> Iterator[Habit]:
    """A habit for each mapped field of each kind of record; whether it is one, its tally tells."""
    for entity, made in _MADE.items():
        if model.has(entity, "id"):
            yield from unless_gone(partial(_habits_of, model, entity, made if model.has(entity, made) else ""))


def _habits_of(model: Model, entity: str, made: str) -> Iterator[Habit]:
    records = model.records(entity)
    states = [name for name in _STATES.get(entity, ()) if records.has(name)]
    fields = [name for name in records.kinds if records.has(name) and name not in {"id", made, *states}]
    fields = [name for name in fields if (entity, name) not in _OPEN]
    when = records.instant(made) if made else None
    among = _among(model, records, when)
    if not fields or among is None:
        return
    rows = _counted(model, records, fields, states, when, among)
    tallies: dict[tuple[str, ...], dict[bool, Row]] = defaultdict(dict)
    for row in rows:
        state = tuple(str(row[f"state_{name}"]) for name in states)
        tallies[state][bool(row["is_new"])] = row
    if len(tallies) > _MOST_STATES:
        return
    for state, field in product(tallies, fields):
        others = [other for other in tallies if other != state and other[:-1] == state[:-1]]
        siblings = {_name(entity, field, other): _tally(tallies[other], field) for other in others}
        missing = and_(_is_missing(records, field), *_in_state(records, states, state))
        sample = _sample(model, records, field, [missing, *among], when)
        tally, dated = _tally(tallies[state], field), when is not None
        yield Habit(_name(entity, field, state), tally, records.place, sample, dated=dated, siblings=siblings)


def _name(entity: str, field: str, state: Sequence[str]) -> str:
    return f"{entity}.{field}" + (f" of {', '.join(state)}" if state else "")


def _tally(rows_by_age: Mapping[bool, Row], field: str) -> Tally:
    past, new = rows_by_age.get(False, {}), rows_by_age.get(True, {})
    return Tally(*(_number(part, name) for part in (past, new) for name in ("many", f"no_{field}")))


def _among(model: Model, records: Records, when: Instant | None) -> list[ColumnElement[bool]] | None:
    """What is looked at; None where it is too much. People, customers and products are there since long before."""
    if when is not None and records.entity not in _STANDING:
        return [when.within(model.watched(when, records)), *model.excluding_canary(records)]
    some = select(literal_column("1").label("one")).select_from(records.source).limit(LARGEST_WATCH + 1).subquery()
    many = int(model.database.value(select(func.count()).select_from(some), about=f"size of {records.place}"))
    return None if many > LARGEST_WATCH else list(model.excluding_canary(records))


def _counted(
    model: Model,
    records: Records,
    fields: Sequence[str],
    states: Sequence[str],
    when: Instant | None,
    among: Sequence[ColumnElement[bool]],
) -> Sequence[Row]:
    new: ColumnElement[Any] = literal_column("0")
    if when is not None:
        new = one_if(when.since(model.since_yesterday_evening.start))
    each = (
        select(
            new.label("is_new"),
            *(_state(records, name).label(f"state_{name}") for name in states),
            *(one_if(_is_missing(records, field)).label(f"no_{field}") for field in fields),
        )
        .select_from(records.source)
        .where(*among)
        .subquery("each_one")
    )
    keys = [each.c.is_new, *(each.c[f"state_{name}"] for name in states)]
    sums = [func.sum(each.c[f"no_{field}"]).label(f"no_{field}") for field in fields]
    statement = select(*keys, func.count().label("many"), *sums).group_by(*keys).limit(2 * _MOST_STATES + 2)
    return model.database.rows(statement, about=f"what is filled in {records.place}")


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
        rows = model.database.rows(statement.where(*among, *new).limit(SAMPLE_SIZE), about=f"{records.place}, {field}")
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
