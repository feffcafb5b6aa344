"""How the records of each day stand: a fingerprint that is another as soon as one of them is changed, comes or goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, func, select

from hypercare.database.fingerprint import fingerprint
from hypercare.operations_model.instants import Instant
from hypercare.operations_model.model import Model
from hypercare.operations_model.records import Records
from hypercare.plan.calendar import Period
from hypercare.seals.window import Watch, number_of_day

DayFingerprint = tuple[int, str]
"""How many records there are, and what they are like."""
NOTHING: DayFingerprint = (0, "")


def fingerprints_of(model: Model, watch: Watch, days: Sequence[Period]) -> Sequence[DayFingerprint]:
    """Of the records of an entity on each of these days, which lie side by side, by all that is mapped of them."""
    records = model.records(watch.entity)
    return _by_day(model, records.source, records.instant(watch.field), _all_of(records), days, records.place)


def fingerprints_of_parts(model: Model, watch: Watch, part: str, days: Sequence[Period]) -> Sequence[DayFingerprint]:
    """Of what belongs to the records of each of these days: it goes by the day of its whole, whatever its own."""
    whole, parts = model.records(watch.entity), model.records(part)
    source = whole.source.join(parts.source, parts[watch.entity] == whole["id"])
    return _by_day(model, source, whole.instant(watch.field), _all_of(parts), days, parts.place)


def fingerprints_of_all(model: Model, entity: str, days: Sequence[Period]) -> Sequence[DayFingerprint]:
    """Of all records of a small entity, which is the same for each day."""
    records = model.records(entity)
    statement = select(*_count_and_fingerprint(_all_of(records))).select_from(records.source)
    return [_fingerprint_of(model.database.row(statement, about=f"seal of {records.place}"))] * len(days)


def _by_day(
    model: Model,
    source: FromClause,
    instant: Instant,
    columns: Sequence[ColumnElement[Any]],
    days: Sequence[Period],
    place: str,
) -> Sequence[DayFingerprint]:
    each = (
        select(number_of_day(instant, days).label("day"), *(one.label(f"c{at}") for at, one in enumerate(columns)))
        .select_from(source)
        .where(instant.within(Period(days[0].start, days[-1].end)))
        .subquery("each_one")
    )
    hashed = [one for one in each.c if one.name != "day"]
    statement = select(each.c.day, *_count_and_fingerprint(hashed)).group_by(each.c.day)
    rows = model.database.rows(statement, about=f"seals of {place} by day")
    found = {int(row["day"]): _fingerprint_of(row) for row in rows}
    return [found.get(number, NOTHING) for number in range(len(days))]


def _count_and_fingerprint(columns: Sequence[ColumnElement[Any]]) -> Sequence[ColumnElement[Any]]:
    return func.count().label("count"), fingerprint(*columns).label("fingerprint")


def _fingerprint_of(row: Mapping[str, Any]) -> DayFingerprint:
    return int(row["count"]), str(row["fingerprint"] or "")


def _all_of(records: Records) -> Sequence[ColumnElement[Any]]:
    """As it lies there, without what makes it comparable."""
    return [records.source.c[field] for field in sorted(records.mapping.columns) if field not in records.gone]
