"""How the records of each day stand: a fingerprint that is another as soon as one of them is changed, comes or goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, FromClause, String, and_, cast, func, or_, select

from hypercare.database.fingerprint import quick_fingerprint
from hypercare.operations_model.instants import Instant
from hypercare.operations_model.look_ups import owner_beside
from hypercare.operations_model.model import Model
from hypercare.operations_model.records import Records
from hypercare.plan.calendar import Period
from hypercare.seals.row_versions import VERSION, versioned
from hypercare.seals.window import Watch, merged, number_of_day

DayFingerprint = tuple[int, str]
"""How many records there are, and what they are like."""
NOTHING: DayFingerprint = (0, "")


def fingerprints_of(model: Model, watch: Watch, days: Sequence[Period]) -> Sequence[DayFingerprint]:
    """Of the records of an entity on each of these days, oldest first, by all that is mapped of them."""
    hashed = _Hashed.of(model, watch.entity)
    records = hashed.records
    return _by_day(model, records.source, records.instant(watch.field), hashed, days)


def fingerprints_of_parts(model: Model, watch: Watch, days: Sequence[Period], part: str) -> Sequence[DayFingerprint]:
    """Of what belongs to the records of each of these days: it goes by the day of its whole, whatever its own."""
    whole, hashed = model.records(watch.entity), _Hashed.of(model, part)
    instant, field = whole.instant(watch.field), field_of_whole(model, part, watch.entity)
    between = _key_range(model, whole, hashed.records, field, instant, days)
    source = whole.source.join(hashed.records.source, and_(hashed.records[field] == whole["id"], *between))
    return _by_day(model, source, instant, hashed, days)


def fingerprints_of_owners(model: Model, watch: Watch, days: Sequence[Period], owner: str) -> Sequence[DayFingerprint]:
    """Of what the records of each of these days belong to, by one of their fields: each as often as it has records."""
    name, _, field = owner.partition(".")
    records = model.records(watch.entity)
    hashed = _Hashed.of(model, model.definitions.refers_to(watch.entity, name), field)
    source, owners = owner_beside(model, records, hashed.records, name)
    return _by_day(model, source, records.instant(watch.field), replace(hashed, records=owners), days)


def has_owner(model: Model, watch: Watch, owner: str) -> bool:
    """Whether it is mapped by which field the records belong to it, and what is read of it."""
    name, _, field = owner.partition(".")
    entity = model.definitions.refers_to(watch.entity, name)
    return bool(entity) and model.has(watch.entity, name) and model.has(entity, "id", *([field] if field else []))


def field_of_whole(model: Model, part: str, whole: str) -> str:
    """The field by which a part belongs to its whole, "sale" of a line; empty where none is mapped."""
    fields = [field for field in model.definitions.fields[part] if model.definitions.refers_to(part, field) == whole]
    return next((field for field in fields if field != "id" and model.has(part, field)), "")


def fingerprints_of_all(model: Model, entity: str, days: Sequence[Period]) -> Sequence[DayFingerprint]:
    """Of all records of a small entity, which is the same for each day."""
    hashed = _Hashed.of(model, entity)
    statement = select(func.count().label("count"), hashed.by(hashed.columns)).select_from(hashed.records.source)
    row = model.database.row(statement, about=f"seal of {hashed.records.place}")
    return [_read(row)] * len(days)


def _key_range(
    model: Model, whole: Records, parts: Records, field: str, instant: Instant, days: Sequence[Period]
) -> Sequence[ColumnElement[bool]]:
    """Between which keys the parts lie: says nothing new, but a planner reads them in one go instead of one by one."""
    kinds = (whole.types.get("id"), parts.types.get(field))
    if not all(kind is not None and kind.is_whole for kind in kinds):
        return ()
    ranges = merged(days)
    each = select(number_of_day(instant, ranges).label("range"), whole["id"].label("id")).where(_on(instant, days))
    ids = each.subquery("of_whole")
    ends = select(func.min(ids.c.id).label("first"), func.max(ids.c.id).label("last")).group_by(ids.c.range)
    found = model.database.rows(ends, about=f"keys of {whole.place}")
    key = parts[field]
    return (or_(*(key.between(row["first"], row["last"]) for row in found)),) if found else ()


def _on(instant: Instant, days: Sequence[Period]) -> ColumnElement[bool]:
    return or_(*(instant.within(one) for one in merged(days)))


def is_cheap(model: Model, entity: str) -> bool:
    """Whether the engine tells a changed row without a look at its values."""
    return _Hashed.of(model, entity).are_versions


@dataclass(frozen=True)
class _Hashed:
    """The records with what they are told apart by: what the engine itself keeps of each row's version, or values."""

    records: Records
    values: Sequence[str]
    has_versions: bool = False
    is_strict: bool = False
    """Whether the engine hashes values by their types, of which it does not know all."""

    @classmethod
    def of(cls, model: Model, entity: str, field: str = "") -> _Hashed:
        """Of all that is mapped, or of one field alone."""
        is_strict = model.database.dialect == "postgresql"
        if field:
            return cls(model.records(entity), ["id", field], is_strict=is_strict)
        records = versioned(model, entity)
        if records is None:
            records = model.records(entity)
            return cls(records, _mapped(records), is_strict=is_strict)
        # An expression may read other tables, of which the version of this row says nothing.
        expressions = [field for field in _mapped(records) if records.mapping.columns[field].sql is not None]
        return cls(records, expressions, has_versions=True, is_strict=is_strict)

    @property
    def are_versions(self) -> bool:
        return self.has_versions and not self.values

    @property
    def columns(self) -> Sequence[ColumnElement[Any]]:
        version = [self.records.source.c[VERSION]] if self.has_versions else []
        return [*version, *map(self._to_be_hashed, self.values)]

    def by(self, columns: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
        return quick_fingerprint(*columns).label("fingerprint")

    def _to_be_hashed(self, field: str) -> ColumnElement[Any]:
        column, kind = self.records.source.c[field], self.records.types.get(field)
        # Where nothing is known of the types (a field is gone), all are written out, as each type can be.
        is_hashed = kind.is_hashed if kind is not None else not self.is_strict
        return column if is_hashed else cast(column, String)


def _mapped(records: Records) -> Sequence[str]:
    return [field for field in sorted(records.mapping.columns) if field not in records.gone and field != VERSION]


def _by_day(
    model: Model, source: FromClause, instant: Instant, hashed: _Hashed, days: Sequence[Period]
) -> Sequence[DayFingerprint]:
    values = [one.label(f"value_{at}") for at, one in enumerate(hashed.columns)]
    each = (
        select(number_of_day(instant, days).label("day"), *values)
        .select_from(source)
        .where(_on(instant, days))
        .subquery("each_one")
    )
    columns = [each.c[one.name] for one in values]
    statement = select(each.c.day, func.count().label("count"), hashed.by(columns)).group_by(each.c.day)
    rows = model.database.rows(statement, about=f"seals of {hashed.records.place} by day")
    found = {int(row["day"]): _read(row) for row in rows}
    return [found.get(number, NOTHING) for number in range(len(days))]


def _read(row: Mapping[str, Any]) -> DayFingerprint:
    return int(row["count"]), str(row["fingerprint"] or "")
