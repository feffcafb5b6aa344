"""Rules that the schema declared when it was last looked at and declares no more, though the data may still be clean.

A release that drops a table or a column drops its rules with it, and nobody misses those.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from hypercare.database.schemas import TableName
from hypercare.history.memory import Memory
from hypercare.integrity.declared import checks_in
from hypercare.integrity.reflected import Reflected
from hypercare.outcome.finding import Row
from hypercare.outcome.intake import took_in

_REMEMBERED = "rules that the schema declares"
_REFERENCE, _UNIQUE, _CHECK, _TRIGGER = "reference", "unique", "check", "trigger"


@dataclass(frozen=True)
class Rule:
    """Of kind "reference", "unique", "check" or "trigger"; `says` is a reference's parent, or a check's condition."""

    table: str
    kind: str
    columns: tuple[str, ...] = ()
    says: str = ""
    name: str = ""

    @property
    def words(self) -> str:
        if self.kind == _CHECK:
            return f"{self.table}.{self.name or f'({self.says})'}"
        if self.kind == _TRIGGER:
            return f"{self.table}, trigger {self.name}"
        columns = "+".join(self.columns)
        return f"{self.table}.{columns} {f'→ {self.says}' if self.kind == _REFERENCE else 'must be unique'}"


@dataclass(frozen=True)
class Schema:
    """The rules that are declared now, and the columns of each table."""

    rules: Collection[Rule]
    columns: Mapping[str, Collection[str]]


def schema_of(connection: Connection, schemas: Collection[str | None] = (None,)) -> Schema:
    """What these schemas declare, by reflection; kinds that the engine does not tell of are left out."""
    reflected = Reflected(connection, schemas)
    columns = {table: {one["name"] for one in found} for table, found in reflected.definitions("columns")}
    return Schema(frozenset(_rules(connection, reflected)), columns)


def no_longer_declared(schema: Schema, before: Iterable[Rule], given_up: Collection[str]) -> list[Rule]:
    """Which of the rules of before are lost, unless their words are among those that were given up on purpose."""
    earlier_rules = list(before)
    return [one for one in earlier_rules if one.words not in given_up and _is_lost(one, schema, earlier_rules)]


def lost_since_last_time(
    connection: Connection,
    memory: Memory,
    given_up: Collection[str],
    now: datetime,
    schemas: Collection[str | None] = (None,),
) -> list[Row]:
    """A row for each rule that is not declared any more; what is declared now is remembered for the next time."""
    schema = schema_of(connection, schemas)
    took_in("the schema", "rules", len(schema.rules))
    before = _remembered(memory)
    lost = no_longer_declared(schema, before, given_up)
    # What is lost goes on being missed until it is back, or given up.
    keeping = sorted({*schema.rules, *lost}, key=astuple)
    if keeping != sorted(before, key=astuple):
        memory.keep(_REMEMBERED, [astuple(one) for one in keeping], now)
    return [
        {"table": one.table, "rule": one.words, "trouble": "it was declared before, and is not any more"}
        for one in lost
    ]


def _remembered(memory: Memory) -> list[Rule]:
    json_rules = memory.recall(_REMEMBERED) or []
    return [Rule(table, kind, tuple(columns), says, name) for table, kind, columns, says, name in json_rules]


def _is_lost(one: Rule, schema: Schema, before: Sequence[Rule]) -> bool:
    columns = schema.columns.get(one.table)
    if columns is None or not set(one.columns) <= set(columns):
        return False
    now = [other for other in schema.rules if other.table == one.table and other.kind == one.kind]
    if one.kind == _REFERENCE:
        parent_is_there = one.says.rpartition(".")[0] in schema.columns
        return parent_is_there and all(other.columns != one.columns for other in now)
    if one.kind == _UNIQUE:
        return not any(set(other.columns) <= set(one.columns) for other in now)
    if one.kind == _TRIGGER and any(other.name == one.name for other in now):
        return False
    if one.kind == _CHECK and any(_is_the_same_check(one, other) for other in now):
        return False
    # As many as there were: it was worded anew, as when a state is added to those that are known.
    return len(now) < sum(other.table == one.table and other.kind == one.kind for other in before)


def _is_the_same_check(one: Rule, other: Rule) -> bool:
    return one.says == other.says or (bool(one.name) and one.name == other.name)


def _rules(connection: Connection, reflected: Reflected) -> Iterator[Rule]:
    for table, keys in reflected.definitions("foreign_keys"):
        for key in keys:
            columns = "+".join(key["referred_columns"])
            parent = f"{TableName(key['referred_schema'], key['referred_table']).words}.{columns}"
            yield Rule(table, _REFERENCE, tuple(key["constrained_columns"]), parent)
    for table, key in reflected.definitions("pk_constraint"):
        if key and key["constrained_columns"]:
            yield _unique(table, key["constrained_columns"])
    for table, constraints in reflected.definitions("unique_constraints"):
        yield from (_unique(table, one["column_names"]) for one in constraints)
    for table, indexes in reflected.definitions("indexes"):
        yield from (_unique(table, one["column_names"]) for one in indexes if _keeps_rows_apart(one))
    yield from _checks(connection, reflected)
    for table, name in reflected.triggers():
        yield Rule(table, _TRIGGER, (), "", name)


def _checks(connection: Connection, reflected: Reflected) -> Iterator[Rule]:
    if connection.dialect.name == "sqlite":
        # Reflection loses some of them: it reads them line by line.
        made = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL"))
        for table, statement in made:
            for check in checks_in(str(statement)):
                named = check.name if check.name != check.condition else ""
                yield Rule(str(table), _CHECK, (), check.condition, named)
        return
    for table, checks in reflected.definitions("check_constraints"):
        for one in checks:
            yield Rule(table, _CHECK, (), " ".join(str(one["sqltext"]).split()), str(one["name"] or ""))
    for table, column, name, condition in reflected.checks_of_domains():
        yield Rule(table, _CHECK, (column,), condition, f"{column} by {name}")


def _unique(table: str, columns: Sequence[str | None]) -> Rule:
    return Rule(table, _UNIQUE, tuple(sorted(str(column) for column in columns)))


def _keeps_rows_apart(index: Mapping[str, Any]) -> bool:
    """Of some rows only, or of an expression, it is something else than a rule about columns."""
    options = index.get("dialect_options") or {}
    partial = any("where" in str(option) and value is not None for option, value in options.items())
    return bool(index["unique"]) and None not in index["column_names"] and not partial
