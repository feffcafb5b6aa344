"""What the checks will ask of each field, asked beforehand for no row: what does not fit is told before a round."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, literal_column, select

from hypercare.database.column_types import among
from hypercare.database.trouble import TooSlow
from hypercare.operations_model.model import Model
from hypercare.operations_model.records import Records
from hypercare.outcome.signals import ChannelDown, CheckFailed, MonitorFault, NotCovered, Signal
from hypercare.target_file.entities import Kind


def unanswered(model: Model, records: Records) -> Iterator[tuple[str, str, str]]:
    """Each field that a check could not ask for: its name, the reason, and what would mend it."""
    for field in records.mapping.columns:
        if field in records.gone:
            continue
        try:
            trouble = model.database.trouble_with(_question(model, records, field))
        except (CheckFailed, MonitorFault, NotCovered) as signal:
            trouble = signal
        if isinstance(trouble, ChannelDown | TooSlow):
            raise trouble
        if trouble is not None:
            yield field, *_in_words(records, field, trouble)


def words_of_no_such_value(records: Records) -> Iterator[str]:
    """Words of the mapping that an enumeration of the database does not have."""
    for field, words in records.mapping.values.items():
        kind = records.types.get(field)
        if kind is None or kind.words is None:
            continue
        mapped_words = [word for theirs in words.values() for word in theirs]
        unknown = [word for word in mapped_words if not among((word,), kind)]
        if unknown:
            has = ", ".join(sorted(kind.words))
            yield f"{field} is never {', '.join(map(repr, unknown))}: its type has only {has}"


def _question(model: Model, records: Records, field: str) -> Select[Any]:
    """As the checks put it: compared with a moment, summed, held against our words, joined with what it points to."""
    entity = records.entity
    ours = records.kinds[field]
    among_them: list[ColumnElement[bool]] = []
    one: ColumnElement[Any] = literal_column("1").label("one")
    source: Any = records.source
    if ours is Kind.INSTANT:
        among_them = [records.instant(field).within(model.hypercare)]
    elif ours is Kind.MONEY:
        one = records.amount(field).total.label("one")
    elif ours is Kind.NUMBER:
        among_them = [records[field] * literal_column("1") > 0]
    elif ours is Kind.FLAG:
        among_them = [records.flag(field)]
    elif (entity, field) in model.definitions.words:
        among_them = [records.has_unknown_value(field)]
    elif ours is Kind.TEXT:
        among_them = [records[field] != ""]
    elif ours is Kind.KEY:
        owner = model.definitions.refers_to(entity, field)
        if owner and owner != entity and model.has(owner, "id"):
            other = model.records(owner, "pointed_to")
            source = source.join(other.source, other["id"] == records[field])
    return select(one).select_from(source).where(*among_them)


def _in_words(records: Records, field: str, trouble: Signal) -> tuple[str, str]:
    kind = records.types.get(field)
    type_words = f" (its type is {kind.name})" if kind is not None else ""
    if isinstance(trouble, NotCovered | MonitorFault):
        return f"{field}{type_words}: {trouble.reason}", _remedy(records, field) or trouble.remedy
    return f"{field}{type_words}: {trouble}", _remedy(records, field)


def _remedy(records: Records, field: str) -> str:
    """A cast to what the field should be, where it is of a type that is not compared with that."""
    kind, column = records.types.get(field), records.mapping.columns[field].column
    meant = {Kind.MONEY: "numeric", Kind.NUMBER: "numeric", Kind.INSTANT: "timestamptz", Kind.DAY: "date"}
    needed = meant.get(records.kinds[field])
    if kind is None or column is None or needed is None:
        return ""
    return f'Map it by a cast in [mapping.{records.entity}] columns: {field} = {{ sql = "{column}::{needed}" }}.'
