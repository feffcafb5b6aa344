"""One entity of the target, as something that questions can be asked of."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import copy
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Numeric,
    String,
    Subquery,
    and_,
    case,
    cast,
    exists,
    false,
    literal,
    literal_column,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.sql.selectable import NamedFromClause
from sqlalchemy.types import NullType

from hypercare.database.column_types import ColumnType, among
from hypercare.operations_model.amounts import Amount
from hypercare.operations_model.instants import Instant
from hypercare.operations_model.portable import without_index
from hypercare.operations_model.representation import Representation
from hypercare.operations_model.selection import branch_links, selection
from hypercare.outcome.signals import NotCovered, Signal
from hypercare.target_file.entities import Kind
from hypercare.target_file.mapping import ColumnMapping, EntityMapping
from hypercare.target_file.renamed_keys import old_words_for


class Records:
    """The records of one entity under our own names. `records["branch"]` is the raw column of a field.

    Every access to a field that is not mapped raises NotCovered, naming the field and how to map it; one that is
    mapped but `gone` from the database raises what that says. `types` are those of the fields where the engine is
    strict about them; of the fields `as_text` (by entity) the text is compared.
    """

    def __init__(
        self,
        entity: str,
        mapping: EntityMapping,
        representation: Representation,
        alias: str = "",
        gone: Mapping[str, Signal] | None = None,
        types: Mapping[str, ColumnType] | None = None,
        as_text: Collection[tuple[str, str]] = (),
    ) -> None:
        self.entity = entity
        self.mapping = mapping
        self.gone = gone or {}
        self.types = types or {}
        self._as_text = as_text
        self._representation = representation
        self._definitions = representation.mapping.definitions
        self.kinds = self._definitions.fields[entity]
        there = [field for field in mapping.columns if field not in self.gone]
        self.source: NamedFromClause = selection(mapping, there).subquery(alias or entity)

    def has(self, *fields: str) -> bool:
        return all(field in self.mapping.columns for field in fields)

    def need(self, *fields: str) -> None:
        """Raise NotCovered for the first of the fields that is not mapped."""
        for field in fields:
            if field not in self.kinds:
                raise NotCovered(
                    f"{self.entity}.{field} is not declared",
                    remedy=f"Add {field} to [entities.{self.entity}] fields, and map it in [mapping.{self.entity}].",
                )
            if field not in self.mapping.columns:
                raise NotCovered(
                    f"{self.entity}.{field} is not mapped",
                    remedy=f"Map {field} in [mapping.{self.entity}] columns.",
                )

    def __getitem__(self, field: str) -> ColumnElement[Any]:
        raw = self._raw(field)
        return _readable(raw, self.kinds[field], self.types.get(field), self.compares_as_text(field))

    def compares_as_text(self, field: str) -> bool:
        """Whether it holds a key that other tables keep in another form, so that all of them are compared as text."""
        return (self.entity, field) in self._as_text

    def _raw(self, field: str) -> ColumnElement[Any]:
        self.need(field)
        if field in self.gone:
            raise self.gone[field].with_traceback(None)
        return self.source.c[field]

    def of(self, field: str, key: ColumnElement[Any]) -> Records:
        """Those whose `field` is the key of another row of the same question, to be looked up for each such row.

        Only for engines that know lateral subqueries. One with an offset is not taken apart and joined otherwise.
        """
        looked_up = copy(self)
        mine = select(self.source).where(self[field] == key).offset(literal_column("0"))
        looked_up.source = mine.lateral(f"{self.entity}_of")
        return looked_up

    def branch_link(self, alias: str) -> Subquery | None:
        """Which record belongs to which branch, where it may be several; None where it is one."""
        links = branch_links(self.mapping)
        return None if links is None else links.subquery(alias)

    @property
    def place(self) -> str:
        """The table, for a person who goes to look."""
        return place_of(self.entity, self.mapping)

    def instant(self, field: str) -> Instant:
        kind = self.types.get(field)
        return self._representation.instant(self[field], self._column(field), self.mapping, kind)

    def amount(self, field: str) -> Amount:
        kind = self.types.get(field)
        return self._representation.amount(self[field], self._column(field), self.mapping, kind)

    def flag(self, field: str) -> ColumnElement[bool]:
        """Whether the flag is set; a missing one is not."""
        raw, words, kind = self._raw(field), self.mapping.values.get(field), self.types.get(field)
        if words is None:
            if kind is not None and kind.name != "bool" and not kind.is_whole:
                raise NotCovered(
                    f"{self.entity}.{field} is of the type {kind.name}, which says neither yes nor no",
                    remedy=f"Say which of its words mean yes in [mapping.{self.entity}.values] {field}.",
                )
            return raw != 0 if kind is not None and kind.is_whole else raw == true()
        if "yes" in words:
            return self._one_of(field, words["yes"])
        return or_(raw.is_(None), not_(self._one_of(field, words.get("no", ()))))

    def holds(self, field: str, value: object) -> ColumnElement[bool]:
        """Whether the field is this value, which may come from a file or an API as text."""
        return self[field] == str(value) if self.compares_as_text(field) else self._one_of(field, (value,))

    def is_(self, field: str, *ours: str) -> ColumnElement[bool]:
        """Whether the field says one of our words, asked in theirs so that an index helps.

        A state that the target gives no word for is one that it does not have. A word of any other field that is not
        mapped raises NotCovered, since nothing could be told from it; that there is none is said by an empty list.
        """
        named = [value for word in ours for value in self._theirs(field, word)]
        return self._one_of(field, named)

    def is_mostly(self, field: str, *ours: str) -> ColumnElement[bool]:
        """`is_` of what most records say, beside another condition that tells the few that are meant."""
        named = [value for word in ours for value in self._theirs(field, word)]
        return self._one_of(field, named, without_index(self._raw(field)))

    def is_not(self, field: str, *ours: str) -> ColumnElement[bool]:
        """Whether the field says anything else, or nothing."""
        return or_(self[field].is_(None), not_(self.is_(field, *ours)))

    def has_unknown_value(self, field: str) -> ColumnElement[bool]:
        """Whether the field says what stands for none of our words."""
        return self.is_not(field, *self._definitions.words[self.entity, field])

    def word(self, field: str) -> ColumnElement[Any]:
        """What the field says, in our words where there is one."""
        words, kind = self.mapping.values.get(field), self.types.get(field)
        if not words:
            return self[field]
        mapped_words = {ours: theirs for ours, theirs in words.items() if among(theirs, kind)}
        return case(*((self._one_of(field, theirs), ours) for ours, theirs in mapped_words.items()), else_="unknown")

    def _one_of(
        self, field: str, values: Collection[Any], column: ColumnElement[Any] | None = None
    ) -> ColumnElement[bool]:
        """On the raw column, so that an index helps; of an enumeration the engine itself finds the type."""
        kind = self.types.get(field)
        fitting = among(values, kind)
        if not fitting:
            return false()
        if kind is not None and kind.words is not None:
            fitting = tuple(literal(value, NullType()) for value in fitting)
        return (self._raw(field) if column is None else column).in_(fitting)

    def _theirs(self, field: str, word: str) -> tuple[Any, ...]:
        words = self.mapping.values.get(field)
        if words is None:
            # An expression of the mapping may yield what the word was called before.
            return (word, *old_words_for(f"mapping.{self.entity}.values.{field}", word))
        if word not in words and (self.entity, field) not in self._definitions.words:
            raise NotCovered(
                f"{self.entity}.{field} says nothing of {word!r}",
                remedy=f'Map it as "{word}" = [...] in [mapping.{self.entity}.values.{field}].',
            )
        return words.get(word, ())

    def _column(self, field: str) -> ColumnMapping:
        return self.mapping.columns[field]


def _readable(raw: ColumnElement[Any], ours: Kind, kind: ColumnType | None, is_text: bool) -> ColumnElement[Any]:
    """The column so that our questions can be put to it on an engine that is strict about types."""
    if kind is None:
        return raw
    if kind.name == "money":
        return cast(raw, Numeric())
    if is_text or (ours is Kind.TEXT and not kind.is_text) or kind.words is not None:
        return cast(raw, String())
    return raw


def in_different_branches(one: Records, other: Records) -> ColumnElement[bool]:
    """Both belong to a branch, and to none together. A record may belong to several (`branches` of its mapping)."""
    both_have_one = and_(one["branch"].is_not(None), other["branch"].is_not(None))
    first, second = one.branch_link("of_one"), other.branch_link("of_the_other")
    if first is None and second is None:
        return differs(one["branch"], other["branch"])
    if first is not None and second is not None:
        both = first.join(second, first.c.branch == second.c.branch)
        shared = exists().select_from(both).where(first.c.record == one["id"], second.c.record == other["id"])
    elif first is not None:
        shared = exists().where(first.c.record == one["id"], first.c.branch == other["branch"])
    else:
        assert second is not None
        shared = exists().where(second.c.record == other["id"], second.c.branch == one["branch"])
    return and_(both_have_one, not_(shared))


def differs(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[bool]:
    """Both known and not equal."""
    return and_(one.is_not(None), other.is_not(None), one != other)


def place_of(entity: str, mapping: EntityMapping) -> str:
    """Where an entity's records are, in words; asks the database nothing."""
    return mapping.table or f"the select of {entity}"
