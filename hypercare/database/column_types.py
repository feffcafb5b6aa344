"""Of which types the fields of the mapping are, where the engine is strict about them and says so.

PostgreSQL compares no uuid with a text, rounds no money and refuses a word that is none of an enumeration's. Its own
word on the types is got with the first question to an entity, also of a view or a select.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, text

_NAMES = text("SELECT oid, typname, typtype FROM pg_type WHERE oid = ANY(:oids)")
_WORDS = text("SELECT enumtypid, enumlabel FROM pg_enum WHERE enumtypid = ANY(:oids)")
_TEXTS = {"text", "varchar", "bpchar", "citext", "name", "char", "unknown"}
_WHOLE = {"int2", "int4", "int8", "oid"}
_FRACTIONS = {"numeric", "float4", "float8"}
_MOMENTS = {"timestamp", "timestamptz", "date"}
# Not what compares without regard to something: citext to case, bpchar to spaces at the end.
_HASHED = _WHOLE | _FRACTIONS | _MOMENTS | {"text", "varchar", "bool", "uuid", "time", "xid"}


@dataclass(frozen=True)
class ColumnType:
    """A type by the engine's own name; `words` are those of an enumeration, None for any other type."""

    name: str
    words: frozenset[str] | None = None

    @property
    def is_text(self) -> bool:
        return self.name in _TEXTS

    @property
    def is_whole(self) -> bool:
        return self.name in _WHOLE

    @property
    def may_be_no_number(self) -> bool:
        """Whether it knows NaN."""
        return self.name in _FRACTIONS

    @property
    def may_be_endless(self) -> bool:
        """Whether it knows infinity as a moment."""
        return self.name in _MOMENTS

    @property
    def is_hashed(self) -> bool:
        """Whether the engine has a hash of its values that is another for each change of them."""
        return self.words is not None or self.name in _HASHED

    @property
    def compares_as(self) -> str:
        """Columns of one such family can be compared with each other."""
        if self.words is not None or self.is_text:
            return "text"
        return "number" if self.is_whole or self.name in _FRACTIONS else self.name


def column_types(connection: Connection, question: Select[Any]) -> Mapping[str, ColumnType]:
    """The types of a question's columns by their labels; empty on engines that compare anything with anything."""
    if connection.dialect.name != "postgresql":
        return {}
    result = connection.execute(question.where(text("1 = 0")))
    columns: Any = () if result.cursor is None else result.cursor.description
    described = {str(column[0]): int(column[1]) for column in columns or ()}
    result.close()
    return _types(connection, described)


def _types(connection: Connection, described: Mapping[str, int]) -> Mapping[str, ColumnType]:
    oids = sorted(set(described.values()))
    kinds = {int(oid): (str(name), str(kind)) for oid, name, kind in connection.execute(_NAMES, {"oids": oids})}
    words: dict[int, set[str]] = {}
    enumerations = [oid for oid, (_, kind) in kinds.items() if kind == "e"]
    if enumerations:
        for oid, word in connection.execute(_WORDS, {"oids": enumerations}):
            words.setdefault(int(oid), set()).add(str(word))
    return {
        label: ColumnType(kinds[oid][0], frozenset(words.get(oid, ())) if oid in enumerations else None)
        for label, oid in described.items()
        if oid in kinds
    }


def fits(value: Any, kind: ColumnType | None) -> Any:
    """A value of the target file so that it can be compared with a column of this type; as it is if none is known."""
    if kind is None or value is None:
        return value
    if kind.is_text or kind.words is not None:
        return str(value).lower() if isinstance(value, bool) else str(value)
    if kind.name == "bool":
        return _as_flag(value)
    if kind.is_whole or kind.may_be_no_number:
        return _as_number(value)
    return _as_uuid(value) if kind.name == "uuid" else value


def among(values: Collection[Any], kind: ColumnType | None) -> tuple[Any, ...]:
    """Those of the values that a column of this type can hold."""
    fitting = [fits(value, kind) for value in values]
    return tuple(value for value in fitting if value is not None and (kind is None or _can_hold(kind, value)))


def _can_hold(kind: ColumnType, value: Any) -> bool:
    if kind.words is not None:
        return value in kind.words
    if kind.is_whole or kind.may_be_no_number:
        return not isinstance(value, str)
    expected = {"bool": bool, "uuid": UUID}.get(kind.name)
    return expected is None or isinstance(value, expected)


def _as_number(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        return int(value) if value.strip().lstrip("-").isdecimal() else value
    return value


def _as_uuid(value: Any) -> Any:
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        return value


def _as_flag(value: Any) -> Any:
    text = str(value).strip().lower()
    if text in {"1", "true", "t", "yes", "y", "on"}:
        return True
    return False if text in {"0", "false", "f", "no", "n", "off"} else value
