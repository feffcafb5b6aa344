"""Which entities there are: the built-in ones, and those that a target file adds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationInfo
from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

from hypercare.target_file.entities import ENTITIES, VOCABULARY, Kind

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

Place = tuple[str, str]
"""An entity and a field of it."""


@dataclass(frozen=True)
class EntityDefinitions:
    """The fields of each entity, the words of those that speak in fixed words, and what those refer to that hold keys.

    `own` are the fields that the target file adds, `personal` those of them that hold personal data.
    """

    fields: Mapping[str, Mapping[str, Kind]]
    words: Mapping[Place, tuple[str, ...]]
    references: Mapping[Place, str]
    own: frozenset[Place] = frozenset()
    personal: frozenset[Place] = frozenset()

    def refers_to(self, entity: str, field: str) -> str:
        """The entity whose key the field holds; nothing for what is no such field."""
        if field == "id":
            return entity if "id" in self.fields[entity] else ""
        return self.references.get((entity, field), "")

    def own_references(self) -> Mapping[Place, str]:
        """The fields of one's own that hold the key of an entity, each with that entity."""
        return {place: owner for place, owner in self.references.items() if place in self.own}

    def own_entities(self) -> tuple[str, ...]:
        return tuple(name for name in self.fields if name not in ENTITIES)


def _named_after(field: str) -> str:
    """The entity whose key a built-in field holds, by its name."""
    named = "user" if field in _PEOPLE else _NAMED_OTHERWISE.get(field, field)
    return named if named in ENTITIES else ""


BUILT_IN = EntityDefinitions(
    fields=ENTITIES,
    words=VOCABULARY,
    references={
        (entity, field): _named_after(field)
        for entity, fields in ENTITIES.items()
        for field, kind in fields.items()
        if kind is Kind.KEY and _named_after(field)
    },
)


def definitions_in(info: ValidationInfo) -> EntityDefinitions:
    """Which entities a mapping is checked against."""
    return info.context if isinstance(info.context, EntityDefinitions) else BUILT_IN


def require_known_keys(mapping: Any, keys: Collection[str], definitions: EntityDefinitions) -> None:
    """Raise a ValidationError for what is neither a key of [mapping] nor an entity."""
    known_names = {*keys, *definitions.fields}
    unknown = [name for name in mapping if name not in known_names] if isinstance(mapping, dict) else []
    if unknown:
        says: dict[tuple[str, ...], str] = {
            (name,): _unknown(name, mapping[name], keys, definitions) for name in unknown
        }
        raise problems_at(says, "unknown_key")


def _unknown(name: str, value: object, keys: Collection[str], definitions: EntityDefinitions) -> str:
    if not isinstance(value, dict):
        nearest, hint = get_close_matches(name, keys, n=1, cutoff=0.5), ""
    else:
        nearest = get_close_matches(name, definitions.fields, n=1)
        hint = f"; an entity of your own is declared as [entities.{name}]"
    return f"unknown key 'mapping.{name}'" + (f"; did you mean {nearest[0]!r}?" if nearest else hint)


def problems_at(problems: Mapping[tuple[str, ...], str], kind: str) -> ValidationError:
    """Several things of a kind that are wrong, each in one line and at its place."""
    details = [
        InitErrorDetails(type=PydanticCustomError(kind, "{says}", {"says": says}), loc=place, input=None)
        for place, says in problems.items()
    ]
    return ValidationError.from_exception_data(kind, details)
