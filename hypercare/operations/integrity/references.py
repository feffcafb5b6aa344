"""Rows that point to a record that is not there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    String,
    and_,
    cast,
    collate,
    column,
    exists,
    func,
    inspect,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.dialects.mysql import CHAR

from hypercare.operations.integrity.declared import Reference, declared_references
from hypercare.operations.integrity.rules import SMALL_TABLE, Broken, literally
from hypercare.outcome.finding import SAMPLE_SIZE
from hypercare.target.listed import Row
from hypercare.target.mapping import AgreedReference

_MYSQL = {"mysql", "mariadb"}
# Tables whose keys PostgreSQL does not vouch for (never validated, or switched off so that rows could slip in), and
# those small enough to look at all the same: a session that replicates writes past every key and leaves no trace.
_WORTH_A_LOOK = text(
    """SELECT DISTINCT r.relname FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
       LEFT JOIN pg_trigger t ON t.tgconstraint = c.oid
       WHERE c.contype = 'f'
         AND (NOT c.convalidated OR t.tgenabled IN ('D', 'R') OR r.reltuples <= :small)"""
)
# The same of MySQL, where any session may switch its keys off, as every import does; views and the like have no rows.
_SMALL_IN_MYSQL = text(
    """SELECT table_name FROM information_schema.tables
       WHERE table_schema = DATABASE() AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') AND table_rows <= :small"""
)
_COLLATION_IN_MYSQL = text(
    """SELECT character_set_name, collation_name FROM information_schema.columns
       WHERE table_schema = COALESCE(:schema, DATABASE()) AND table_name = :name AND column_name = :column"""
)


def dangling(connection: Connection) -> list[Broken]:
    """Rows against declared foreign keys, as cheaply as the engine allows.

    SQLite has its own check. On PostgreSQL large tables are trusted whose keys are validated and whose triggers
    fire, on MySQL all large ones; elsewhere every key is scanned.
    """
    kind = connection.dialect.name
    if kind == "sqlite":
        return _dangling_in_sqlite(connection)
    if kind == "postgresql":
        tables = connection.execute(_WORTH_A_LOOK, {"small": SMALL_TABLE}).scalars().all()
        known = set(inspect(connection).get_table_names())
        return dangling_among(connection, declared_references(connection, [one for one in tables if one in known]))
    if kind in _MYSQL:
        small = set(connection.execute(_SMALL_IN_MYSQL, {"small": SMALL_TABLE}).scalars())
        names = [one for one in inspect(connection).get_table_names() if one in small]
        return _among_tables_that_may_be_gone(connection, declared_references(connection, names))
    return dangling_among(connection, declared_references(connection))


def _dangling_in_sqlite(connection: Connection) -> list[Broken]:
    rows: dict[tuple[str, int], list[int | None]] = defaultdict(list)
    counts: dict[tuple[str, int], int] = defaultdict(int)
    parents: dict[tuple[str, int], str] = {}
    for child, rowid, parent, key in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        place = (str(child), int(key))
        counts[place] += 1
        parents[place] = str(parent)
        if len(rows[place]) < SAMPLE_SIZE:
            rows[place].append(rowid)
    return [
        _broken_key(connection, child, key, parents[child, key], count, rows[child, key])
        for (child, key), count in counts.items()
    ]


def _broken_key(
    connection: Connection, child: str, key: int, parent: str, count: int, rowids: list[int | None]
) -> Broken:
    quote = connection.dialect.identifier_preparer.quote
    listed = connection.exec_driver_sql(f"PRAGMA foreign_key_list({quote(child)})").mappings()
    columns = [str(row["from"]) for row in listed if row["id"] == key]
    of = int(connection.exec_driver_sql(f"SELECT count(*) FROM {quote(child)}").scalar_one())
    sample: list[Row] = []
    for rowid in rowids:
        if rowid is None:
            sample.append({"missing_in": parent})
            continue
        shown = ", ".join(quote(column) for column in columns)
        statement = f"SELECT {shown} FROM {quote(child)} WHERE rowid = {int(rowid)}"
        found = connection.exec_driver_sql(statement).mappings().first()
        sample.append({"row": rowid, **(dict(found) if found else {}), "missing_in": parent})
    return Broken(child, f"{'+'.join(columns)} → {parent}", count, of, tuple(sample))


def _among_tables_that_may_be_gone(connection: Connection, references: Iterable[Reference]) -> list[Broken]:
    """With its keys switched off, a session of MySQL may drop a table that others point to."""
    found: list[Broken] = []
    inspector = inspect(connection)
    for reference in references:
        if inspector.has_table(reference.parent, schema=reference.parent_schema):
            found += dangling_among(connection, [reference])
            continue
        child = table(reference.table, *map(column, reference.columns))
        of = int(connection.execute(select(func.count()).select_from(child)).scalar_one())
        sample = ({"missing_in": f"{reference.parent}, a table that is gone"},)
        found.append(Broken(reference.table, reference.words, of, of, sample))
    return [one for one in found if one.count]


def dangling_among(connection: Connection, references: Iterable[Reference]) -> list[Broken]:
    found = [_dangling_of(connection, reference) for reference in references]
    return [broken for broken in found if broken is not None]


def _dangling_of(connection: Connection, reference: Reference) -> Broken | None:
    child = table(reference.table, *map(column, reference.columns), schema=reference.schema)
    parent = table(reference.parent, *map(column, reference.parent_columns), schema=reference.parent_schema)
    parent_row = parent.alias("parent")
    own = [child.c[name] for name in reference.columns]
    theirs = [parent_row.c[name] for name in reference.parent_columns]
    missing: list[ColumnElement[bool]]
    if reference.prefix:
        key = func.substr(own[0], len(reference.prefix) + 1)
        known = select(cast(theirs[0], String(200))).where(theirs[0].is_not(None))
        missing = [cast(own[0], String(200)).startswith(reference.prefix, autoescape=True), key.not_in(known)]
    else:
        alike = [_alike(connection, reference, number, mine) for number, mine in enumerate(own)]
        same = and_(*(mine == other for mine, other in zip(alike, theirs, strict=True)))
        missing = [*(one.is_not(None) for one in own), ~exists().where(same)]
    if reference.where:
        missing.append(literal_column(literally(f"({reference.where})"), Boolean()))
    count = int(connection.execute(select(func.count()).select_from(child).where(*missing)).scalar_one())
    if not count:
        return None
    of = int(connection.execute(select(func.count()).select_from(child)).scalar_one())
    rows = connection.execute(select(*own).where(*missing).limit(SAMPLE_SIZE)).mappings()
    sample = tuple({**row, "missing_in": reference.parent} for row in rows)
    return Broken(reference.table, reference.words, count, of, sample)


def _alike(connection: Connection, reference: Reference, number: int, own: ColumnElement[Any]) -> ColumnElement[Any]:
    """The child's column so that it can be compared; MySQL refuses text of two collations, so the parent's is taken."""
    if connection.dialect.name not in _MYSQL or not reference.agreed:
        return own
    child, parent = (
        connection.execute(_COLLATION_IN_MYSQL, {"schema": schema, "name": name, "column": columns[number]}).first()
        for schema, name, columns in (
            (reference.schema, reference.table, reference.columns),
            (reference.parent_schema, reference.parent, reference.parent_columns),
        )
    )
    if not child or not parent or not child[1] or not parent[1] or child == parent:
        return own
    return collate(cast(own, CHAR(charset=str(parent[0]))), str(parent[1]))


def agreed_references(agreed: Iterable[AgreedReference]) -> list[Reference]:
    return [_agreed(one) for one in agreed]


def _agreed(one: AgreedReference) -> Reference:
    child_schema, child, column = _parts(one.child)
    parent_schema, parent, parent_column = _parts(one.parent)
    return Reference(
        table=child,
        columns=(column,),
        parent=parent,
        parent_columns=(parent_column,),
        schema=child_schema,
        parent_schema=parent_schema,
        where=one.where,
        prefix=one.prefix,
        agreed=True,
    )


def _parts(place: str) -> tuple[str | None, str, str]:
    table, _, column = place.rpartition(".")
    schema, _, name = table.rpartition(".")
    return schema or None, name, column
