"""Entities and fields of one's own: the [entities] part of a target file.

    [entities.invoice]
    fields = { number = "text", customer = "customer", total = "money", state = ["open", "paid"], due_at = "instant" }

    [entities.sale]
    fields = { warehouse = "text" }

They are mapped, asked and tried as the built-in ones are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo, model_validator

from hypercare.target_file.entities import ENTITIES, Kind
from hypercare.target_file.entity_definitions import BUILT_IN, EntityDefinitions, Place, problems_at
from hypercare.target_file.mapping import MappingConfig
from hypercare.target_file.section import Section

_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_KEYS_OF_MAPPING = frozenset(MappingConfig.model_fields) - frozenset(ENTITIES)


class FieldType(StrEnum):
    """What a field of one's own holds. A "day" has no time, an "instant" has; a "reference" is another's key."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    INSTANT = "instant"
    DAY = "day"
    FLAG = "flag"
    STATE = "state"
    KEY = "key"
    REFERENCE = "reference"

    @property
    def kind(self) -> Kind:
        return Kind.KEY if self is FieldType.REFERENCE else Kind(self.value)


def _read_field(value: object) -> object:
    """A type, an entity that is referred to, or the words of a state, each without its table."""
    if isinstance(value, str):
        return {"type": value} if value in set(FieldType) else {"type": FieldType.REFERENCE, "to": value}
    return {"type": FieldType.STATE, "words": value} if isinstance(value, list | tuple) else value


class OwnField(Section):
    """One field. `to` is the entity that a reference leads to; `words` are all words that a state may say, in ours:
    what else stands there is then an unknown state. `personal` values are masked in samples.

    In short: `"money"` is a type, `"customer"` a reference to that entity, `["open", "paid"]` a state of these words.
    """

    type: FieldType
    to: str | None = None
    words: tuple[str, ...] = ()
    personal: bool = False

    @model_validator(mode="after")
    def _fits_its_type(self) -> OwnField:
        if (self.to is not None) != (self.type is FieldType.REFERENCE):
            raise ValueError('a reference, and nothing else, says to which entity: { type = "reference", to = "..." }')
        if self.words and self.type is not FieldType.STATE:
            raise ValueError(f"only a state has words of its own, and this is of the type {self.type.value}")
        if len(set(self.words)) != len(self.words):
            raise ValueError("the words of a state differ from each other")
        return self


Declared = Annotated[OwnField, BeforeValidator(_read_field, json_schema_input_type=str | tuple[str, ...] | OwnField)]


class OwnEntity(Section):
    """An entity of one's own with its fields, or fields of one's own for a built-in entity.

    An entity of one's own has an `id` besides. Its `branch`, if it has one, is the branch that a record belongs to.
    """

    fields: dict[str, Declared] = Field(min_length=1)


def require_consistent(own: dict[str, OwnEntity]) -> dict[str, OwnEntity]:
    """What is declared, if names are free and references lead somewhere.

    Raises:
        ValidationError: with a line for each name that is not, and for each reference that does not.
    """
    problems = dict([*_of_entities(own), *_of_fields(own)])
    if problems:
        raise problems_at(problems, "own_entity")
    return own


def _of_entities(own: Mapping[str, OwnEntity]) -> Iterator[tuple[tuple[str, ...], str]]:
    for name in own:
        if not _NAME.match(name):
            yield (name,), "the name of an entity is made of small letters, digits and _"
        elif name in _KEYS_OF_MAPPING:
            yield (name,), f"[mapping] has a key {name!r} already; give the entity another name"
        elif name in set(FieldType):
            yield (name,), f"{name!r} is a type of fields; give the entity another name"


def _of_fields(own: Mapping[str, OwnEntity]) -> Iterator[tuple[tuple[str, ...], str]]:
    for entity, field, declared in _every_field(own):
        says = _wrong_with(own, entity, field, declared)
        if says:
            yield (entity, "fields", field), says


def _wrong_with(own: Mapping[str, OwnEntity], entity: str, field: str, declared: OwnField) -> str:
    if not _NAME.match(field):
        return "the name of a field is made of small letters, digits and _"
    if field in ENTITIES.get(entity, ()):
        return f"{entity} has a field {field!r} already; give yours another name"
    if field == "id" and declared.type is not FieldType.KEY:
        return "the id of an entity is a key, and need not be declared"
    if field == "branch" and declared.to != "branch":
        return 'it is the branch that a record belongs to: branch = "branch"'
    if declared.to is None or declared.to in own or "id" in ENTITIES.get(declared.to, ()):
        return ""
    if declared.to in ENTITIES:
        return f"{declared.to} has no id that could be referred to"
    nearest = get_close_matches(declared.to, [*FieldType, *ENTITIES, *own], n=1)
    hint = f"did you mean {str(nearest[0])!r}?" if nearest else f"types are {', '.join(FieldType)}"
    return f"{declared.to!r} is neither a type nor an entity; {hint}"


def _every_field(own: Mapping[str, OwnEntity]) -> Iterator[tuple[str, str, OwnField]]:
    return ((entity, field, one) for entity, section in own.items() for field, one in section.fields.items())


def definitions_with(own: Mapping[str, OwnEntity]) -> EntityDefinitions:
    """The built-in entities, and what the target file adds to them."""
    if not own:
        return BUILT_IN
    fields: dict[str, dict[str, Kind]] = {entity: dict(kinds) for entity, kinds in ENTITIES.items()}
    words: dict[Place, tuple[str, ...]] = dict(BUILT_IN.words)
    references: dict[Place, str] = dict(BUILT_IN.references)
    for entity, field, declared in _every_field(own):
        fields.setdefault(entity, {"id": Kind.KEY})[field] = declared.type.kind
        if declared.words:
            words[entity, field] = declared.words
        if declared.to is not None:
            references[entity, field] = declared.to
    every_own = frozenset((entity, field) for entity, field, _ in _every_field(own))
    personal = frozenset((entity, field) for entity, field, one in _every_field(own) if one.personal)
    return EntityDefinitions(fields, words, references, every_own, personal)


def mapped_with_own(value: Any, handler: Callable[[Any], MappingConfig], info: ValidationInfo) -> MappingConfig:
    """The [mapping] of a target file, in which its own entities are mapped as well as the built-in ones."""
    own = info.data.get("entities")
    if own is None:
        return MappingConfig()  # what is wrong with [entities] is said first
    if not own:
        return handler(value)
    return MappingConfig.speaking(definitions_with(own), value)
