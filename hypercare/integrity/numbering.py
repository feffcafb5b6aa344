"""Sequences that stand behind the keys that they give: the next record cannot be saved.

An import that brings its own keys along leaves them so. SQLite, MySQL and MariaDB give the next key above all that are
there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnClause, Connection, Select, column, literal_column, select, text

from hypercare.database.schemas import TableName
from hypercare.history.memory import Memory
from hypercare.outcome.finding import Row
from hypercare.outcome.intake import took_in
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.mapping import MappingConfig

GIVES_FREE_ONES = frozenset({"sqlite", "mysql", "mariadb"})
_REMEMBERED = "sequences that kept up with their keys"
# Where keys lie so far beyond it, something else gives them: it takes every number of the sequence for many of its own.
_FAR_BEYOND = 10
# Of identity columns and of those with a default alone; one that goes round or down is meant otherwise.
_OWNED = text(
    """SELECT s.oid::regclass::text AS name, q.seqincrement AS step, q.seqmax AS most,
              has_sequence_privilege(s.oid, 'SELECT') AS may_be_read
       FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
         JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = :column AND (a.atthasdef OR a.attidentity <> '')
         JOIN pg_depend d ON d.refobjid = t.oid AND d.refobjsubid = a.attnum
          AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
         JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
         JOIN pg_sequence q ON q.seqrelid = s.oid AND q.seqincrement > 0 AND NOT q.seqcycle
       WHERE t.relname = :table
         AND CASE WHEN :schema = '' THEN pg_table_is_visible(t.oid) ELSE n.nspname = :schema END"""
)


@dataclass(frozen=True)
class _Numbering:
    """A sequence, and the next key that it would give; None where it may not be read."""

    table: TableName
    key: str
    name: str
    following: int | None
    most: int
    was_used: bool


def numbers_taken(connection: Connection, mapping: MappingConfig, memory: Memory, now: datetime) -> list[Row]:
    """Mapped tables whose sequence gives as the next key one that is taken, or none any more.

    One that never gave a key may be no one's, and is meant only if an earlier round saw it keep up.

    Raises NotCovered where no key of a mapped table is given by a sequence that may be read.
    """
    found = [one for table, key in _keys(mapping) for one in _numberings(connection, table, key)]
    readable = [(one, one.following) for one in found if one.following is not None]
    took_in("the sequences", "sequences", len(found), len(readable))
    if not readable:
        raise NotCovered(
            f"None of the {len(found)} sequences of mapped keys may be read."
            if found
            else "No key of a mapped table is given by a sequence.",
            remedy="GRANT SELECT on the sequences to the role that watches." if found else "Nothing to mend.",
        )
    before: Sequence[str] = (memory.recall(_REMEMBERED) or {}).get("names", ())
    stuck = {one.name: words for one, following in readable if (words := _trouble(connection, one, following))}
    kept_up = {one.name for one, _ in readable if one.was_used and one.name not in stuck}
    memory.keep(_REMEMBERED, {"names": sorted({*before, *kept_up})}, now)
    return [
        {"table": one.table.words, "rule": f"{one.table.words}.{one.key} is given by {one.name}", "trouble": words}
        for one, following in readable
        if (words := stuck.get(one.name, "")) and (one.name in before or _is_meant(connection, one, following))
    ]


def _keys(mapping: MappingConfig) -> Iterator[tuple[TableName, str]]:
    places = set()
    for mapped in mapping.mapped_entities().values():
        spec = mapped.columns.get("id")
        if mapped.table is None or spec is None or spec.column is None:
            continue
        schema, _, name = mapped.table.rpartition(".")
        place = (TableName(schema or None, name), spec.column)
        if place not in places:
            places.add(place)
            yield place


def _numberings(connection: Connection, table: TableName, key: str) -> Iterator[_Numbering]:
    parameters = {"table": table.name, "schema": table.schema or "", "column": key}
    for row in connection.execute(_OWNED, parameters).mappings().all():
        following, was_used = None, False
        if row["may_be_read"]:
            # The name comes from the catalogue, quoted where it has to be.
            stands = connection.execute(text(f"SELECT last_value, is_called FROM {row['name']}")).one()
            was_used = bool(stands.is_called)
            following = int(stands.last_value) + (int(row["step"]) if was_used else 0)
        yield _Numbering(table, key, str(row["name"]), following, int(row["most"]), was_used)


def _trouble(connection: Connection, one: _Numbering, following: int) -> str:
    if following > one.most:
        return f"it has given its last number, {one.most:,}"
    key: ColumnClause[int] = column(one.key)
    statement: Select[Any] = (
        select(literal_column("1")).select_from(one.table.clause(one.key)).where(key == following).limit(1)
    )
    return f"the next number would be {following:,}, which is taken" if connection.execute(statement).first() else ""


def _is_meant(connection: Connection, one: _Numbering, following: int) -> bool:
    if not one.was_used:
        return False
    key: ColumnClause[int] = column(one.key)
    newest = select(key).select_from(one.table.clause(one.key)).order_by(key.desc()).limit(1)
    return int(connection.execute(newest).scalar_one()) <= _FAR_BEYOND * following
