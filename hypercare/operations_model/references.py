"""Fields that hold another entity's key: whether they name something, and whether that is there."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists

from hypercare.operations_model.model import Model
from hypercare.operations_model.records import Records
from hypercare.operations_model.selection import selection
from hypercare.target_file.mapping import EntityMapping


def names_something(records: Records, field: str) -> ColumnElement[bool]:
    """Systems without keys write 0 or '' for "none"."""
    return and_(records[field].is_not(None), cast(records[field], String(60)).not_in(("", "0")))


def is_there(model: Model, records: Records, field: str, owner: EntityMapping) -> ColumnElement[bool]:
    """Whether what the field names is there; what the mapping of its owner leaves out counts as there."""
    whole: Select[Any] = selection(owner.model_copy(update={"where": None}), ("id",))
    kinds = model.database.types_of(whole).get("id"), records.types.get(field)
    all_of_them = whole.subquery("whole")
    own, theirs = records[field], all_of_them.c.id
    if kinds[0] is not None and kinds[1] is not None and kinds[0].compares_as != kinds[1].compares_as:
        return exists().where(cast(theirs, String()) == cast(own, String()))
    return exists().where(theirs == own)
