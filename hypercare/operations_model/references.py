"""Fields that hold another entity's key: whether they name something, and whether that is there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists

from hypercare.operations_model.model import Model
from hypercare.operations_model.records import Records
from hypercare.operations_model.selection import selection
from hypercare.target_file.mapping import EntityMapping

# What systems write where they have nothing to name.
_NOTHING = ("", "0", "-1", str(UUID(int=0)), UUID(int=0).hex)


def names_something(records: Records, field: str) -> ColumnElement[bool]:
    """Whether it holds a key at all."""
    return and_(records[field].is_not(None), cast(records[field], String(60)).not_in(_NOTHING))


def is_there(model: Model, records: Records, field: str, owner: EntityMapping) -> ColumnElement[bool]:
    """Whether what the field names is there; what the mapping of its owner leaves out counts as there."""
    whole: Select[Any] = selection(owner.model_copy(update={"where": None}), ("id",))
    kinds = model.database.types_of(whole).get("id"), records.types.get(field)
    all_of_them = whole.subquery("whole")
    own, theirs = records[field], all_of_them.c.id
    differ = kinds[0] is not None and kinds[1] is not None and kinds[0].compares_as != kinds[1].compares_as
    # A field is text here already where any other that names the same is kept as text.
    if differ or records.compares_as_text(field):
        return exists().where(cast(theirs, String()) == cast(own, String()))
    return exists().where(theirs == own)
