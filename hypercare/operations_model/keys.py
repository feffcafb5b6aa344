"""Which fields of the mapping hold the key of which entity, and where they are kept so that they do not compare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from hypercare.database.column_types import ColumnType
from hypercare.target_file.entities import ENTITIES, Kind

_NAMED_OTHERWISE = {"order": "production_order"}
_PEOPLE = frozenset(
    {
        "created_by",
        "finalised_by",
        "voided_by",
        "received_by",
        "handed_in_by",
        "assigned_to",
        "updated_by",
        "entered_by",
        "reported_by",
    }
)


def refers_to(entity: str, field: str) -> str:
    """The entity whose key the field holds; nothing for what is no such field."""
    if ENTITIES[entity].get(field) is not Kind.KEY:
        return ""
    if field == "id":
        return entity
    named = "user" if field in _PEOPLE else _NAMED_OTHERWISE.get(field, field)
    return named if named in ENTITIES else ""


def keys_to_compare_as_text(types: Mapping[str, Mapping[str, ColumnType]]) -> frozenset[tuple[str, str]]:
    """The fields, by entity, of a key that one table keeps as a uuid or number and another as text."""
    alike: defaultdict[str, dict[tuple[str, str], str]] = defaultdict(dict)
    for entity, fields in types.items():
        for field, kind in fields.items():
            owner = refers_to(entity, field)
            if owner:
                alike[owner][entity, field] = kind.compares_as
    return frozenset(place for places in alike.values() if len(set(places.values())) > 1 for place in places)
