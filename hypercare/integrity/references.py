"""Rows that point to a record that is not there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Select,
    String,
    TableClause,
    cast,
    collate,
    exists,
    func,
    inspect,
    literal_column,
    select,
    text,
)

from hypercare.database.column_types import column_types
from hypercare.database.database import Database
from hypercare.database.key_forms import as_key
from hypercare.database.schemas import TableName, tables_of
from hypercare.database.table_sizes import ROWS_ON_POSTGRESQL
from hypercare.integrity.declared import Reference, declared_references
from hypercare.integrity.one_by_one import one_by_one
from hypercare.integrity.rolling_scan import RollingScan
from hypercare.integrity.rules import SMALL_TABLE, Broken, keys_of, literally
from hypercare.outcome.evidence import rows_wanted
from hypercare.outcome.finding import Row
from hypercare.target_file.mapping import AgreedReference

_MYSQL = {"mysql", "mariadb"}
# Keys that PostgreSQL does not vouch for (never validated, or switched off so that rows could slip in), and those of
# tables small enough to look at all the same: a session that replicates writes past every key and leaves no trace.
# Of a table that nobody counted yet, its size tells. What a partition inherits is asked of the whole table.
_MAY_DANGLE = text(
    f"""SELECT DISTINCT n.nspname, r.relname FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
         JOIN pg_namespace n ON n.oid = r.relnamespace LEFT JOIN pg_trigger t ON t.tgconstraint = c.oid
       WHERE c.contype = 'f' AND NOT r.relispartition
         AND (NOT c.convalidated OR t.tgenabled IN ('D', 'R') OR :small >= (
           SELECT sum({ROWS_ON_POSTGRESQL.format("part")}) FROM pg_class part
           WHERE part.oid = r.oid OR part.oid IN (SELECT relid FROM pg_partition_tree(r.oid))))"""
)
# The same of MySQL, where any session may switch its keys off, as every import does; views and the like have no rows.
_SMALL_IN_MYSQL = text(
    """SELECT table_schema, table_name FROM information_schema.tables
       WHERE table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') AND table_rows <= :small"""
)
_COLLATION_IN_MYSQL = text(
    """SELECT character_set_name, collation_name FROM information_schema.columns
       WHERE table_schema = COALESCE(:schema, DATABASE()) AND table_name = :name AND column_name = :column"""
)
_NONE = "Agree on references in [[mapping.agreed.references]]: child and parent as table.column."


def dangling(
    database: Database, connection: Connection, schemas: Iterable[str | None], scan: RollingScan
) -> list[Broken]:
    """Rows against declared foreign keys, as cheaply as the engine allows.

    SQLite has its own check. On PostgreSQL large tables are trusted whose keys are validated and whose triggers
    fire, on MySQL all large ones; elsewhere every key is scanned.

    Raises:
        NotCovered: no key is declared, or hardly any could be looked at.
    """
    tables = tables_of(connection, schemas)
    declared = declared_references(connection, tables)
    if connection.dialect.name == "sqlite":
        children = {
            name: [one for one in declared if one.table == name] for name in sorted({d.table for d in declared})
        }
        scanned = one_by_one(
            database, connection, children.items(), lambda child: _dangling_in_sqlite(connection, *child, scan)
        )
        scanned.require_enough(database.address, "tables with references", _NONE)
        return scanned.broken
    small = _may_dangle(connection)
    doubtful = [one for one in declared if small is None or _place(connection, one.child) in small]
    answers = one_by_one(database, connection, doubtful, lambda one: _dangling_or_orphaned(connection, one, scan))
    answers.require_enough(database.address, "references", _NONE, vouched=len(declared) - len(doubtful))
    return answers.broken


def _may_dangle(connection: Connection) -> set[tuple[str, str]] | None:
    """The tables to look at; None where every one is."""
    kind = connection.dialect.name
    question = _MAY_DANGLE if kind == "postgresql" else _SMALL_IN_MYSQL if kind in _MYSQL else None
    if question is None:
        return None
    return {(str(schema), str(name)) for schema, name in connection.execute(question, {"small": SMALL_TABLE})}


def _place(connection: Connection, name: TableName) -> tuple[str, str]:
    return str(name.schema or inspect(connection).default_schema_name), name.name


def _dangling_in_sqlite(
    connection: Connection, table: str, references: Sequence[Reference], scan: RollingScan
) -> list[Broken]:
    """By its own check where all is read; of a large table it knows no part, so each key is asked for by itself."""
    if scan.is_large(connection, TableName(None, table)):
        return dangling_among(connection, references, scan)
    rows: dict[tuple[str, int], list[int | None]] = defaultdict(list)
    counts: dict[tuple[str, int], int] = defaultdict(int)
    parents: dict[tuple[str, int], str] = {}
    quoted = connection.dialect.identifier_preparer.quote(table)
    for child, rowid, parent, key in connection.exec_driver_sql(f"PRAGMA foreign_key_check({quoted})"):
        place = (str(child), int(key))
        counts[place] += 1
        parents[place] = str(parent)
        if len(rows[place]) < rows_wanted():
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


def _dangling_or_orphaned(connection: Connection, reference: Reference, scan: RollingScan) -> list[Broken]:
    """With its keys switched off, a session of MySQL may drop a table that others point to."""
    if connection.dialect.name not in _MYSQL or inspect(connection).has_table(
        reference.parent, schema=reference.parent_schema
    ):
        return dangling_among(connection, [reference], scan)
    child = reference.child.clause(*reference.columns)
    of = int(connection.execute(select(func.count()).select_from(child)).scalar_one())
    sample = ({"missing_in": f"{reference.parent}, a table that is gone"},)
    return [Broken(reference.child.words, reference.words, of, of, sample)] if of else []


def dangling_among(connection: Connection, references: Iterable[Reference], scan: RollingScan) -> list[Broken]:
    found = [_dangling_of(connection, reference, scan) for reference in references]
    return [broken for broken in found if broken is not None]


def _dangling_of(connection: Connection, reference: Reference, scan: RollingScan) -> Broken | None:
    question = f"{reference.words} {reference.where or ''}"
    child = reference.child.clause(*reference.columns)

    def wrong(asked: Connection) -> Select[Any]:
        return select(literal_column("1")).select_from(child).where(*_missing(asked, reference, child))

    missing = wrong(connection)
    parent = TableName(reference.parent_schema, reference.parent)
    portion = scan.portion(connection, question, reference.child, wrong=wrong, beside=(parent,))
    counted = missing.with_only_columns(func.count(), maintain_column_froms=True).where(*portion.among())
    count = int(connection.execute(counted).scalar_one())
    keys = keys_of(connection, missing, portion) if count else ()
    scan.answered(portion, keys, is_broken=bool(count))
    count = scan.counted(portion, count, keys)
    if not count:
        return None
    of = portion.rows or int(connection.execute(select(func.count()).select_from(child)).scalar_one())
    own = [child.c[name] for name in reference.columns]
    shown = missing.with_only_columns(*own, maintain_column_froms=True).where(*portion.among()).limit(rows_wanted())
    sample = tuple({**row, "missing_in": reference.parent} for row in connection.execute(shown).mappings())
    return Broken(reference.child.words, reference.words, count, max(of, count), sample)


def _missing(connection: Connection, reference: Reference, child: TableClause) -> list[ColumnElement[bool]]:
    """That a row of the child points to something, and that this is not there."""
    parent = TableName(reference.parent_schema, reference.parent).clause(*reference.parent_columns)
    parent_row = parent.alias("parent")
    own = [child.c[name] for name in reference.columns]
    theirs = [parent_row.c[name] for name in reference.parent_columns]
    missing: list[ColumnElement[bool]]
    if reference.prefix:
        key = func.substr(own[0], len(reference.prefix) + 1)
        parent_keys = select(cast(theirs[0], String(200))).where(theirs[0].is_not(None))
        missing = [cast(own[0], String(200)).startswith(reference.prefix, autoescape=True), key.not_in(parent_keys)]
    else:
        if reference.agreed and connection.dialect.name == "postgresql":
            same = list(_same_on_postgresql(connection, own, theirs))
        else:
            mine = [_alike(connection, reference, number, one) for number, one in enumerate(own)]
            same = [one == other for one, other in zip(mine, theirs, strict=True)]
        missing = [*(one.is_not(None) for one in own), ~exists().where(*same)]
    if reference.where:
        missing.append(literal_column(literally(f"({reference.where})"), Boolean()))
    return missing


def _same_on_postgresql(
    connection: Connection, own: Sequence[ColumnElement[Any]], theirs: Sequence[ColumnElement[Any]]
) -> Iterator[ColumnElement[bool]]:
    """That the columns are alike so that they compare: no uuid is compared with a text, and no number."""
    kinds = column_types(connection, select(*own))
    others = column_types(connection, select(*theirs))
    for one, other in zip(own, theirs, strict=True):
        kind, wanted = kinds[str(one.key)], others[str(other.key)]
        if kind.compares_as == wanted.compares_as:
            yield one == other
            continue
        yield cast(one, String()) == cast(other, String())
        found_by_index = as_key(one, kind, wanted)
        if found_by_index is not None:
            yield found_by_index == other


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
    from sqlalchemy.dialects.mysql import CHAR

    return collate(cast(own, CHAR(charset=str(parent[0]))), str(parent[1]))


def agreed_references(agreed: Iterable[AgreedReference]) -> list[Reference]:
    return [_agreed(one) for one in agreed]


def _agreed(one: AgreedReference) -> Reference:
    child_schema, child, columns = _parts(one.child)
    parent_schema, parent, parent_columns = _parts(one.parent)
    return Reference(
        table=child,
        columns=columns,
        parent=parent,
        parent_columns=parent_columns,
        schema=child_schema,
        parent_schema=parent_schema,
        where=one.where,
        prefix=one.prefix,
        agreed=True,
    )


def _parts(place: str) -> tuple[str | None, str, tuple[str, ...]]:
    """Of "schema.table.column"; the columns of a key that is made of several are joined by +."""
    table, _, columns = place.rpartition(".")
    schema, _, name = table.rpartition(".")
    return schema or None, name, tuple(columns.split("+"))
