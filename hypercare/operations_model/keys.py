"""Where keys are kept so that they do not compare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from hypercare.database.column_types import ColumnType
from hypercare.target_file.entity_definitions import EntityDefinitions, Place


def keys_to_compare_as_text(
    types: Mapping[str, Mapping[str, ColumnType]], definitions: EntityDefinitions
) -> frozenset[Place]:
    """The fields, by entity, of a key that one table keeps as a uuid or number and another as text."""
    alike: defaultdict[str, dict[Place, str]] = defaultdict(dict)
    for entity, fields in types.items():
        for field, kind in fields.items():
            owner = definitions.refers_to(entity, field)
            if owner:
                alike[owner][entity, field] = kind.compares_as
    return frozenset(place for places in alike.values() if len(set(places.values())) > 1 for place in places)
