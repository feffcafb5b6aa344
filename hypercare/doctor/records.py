"""The database, tried: connection, proof that we only read, and every mapped entity with its columns and words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, func, literal_column, select, text
from sqlalchemy.exc import SQLAlchemyError

from hypercare.database.database import Database
from hypercare.database.export import export_of
from hypercare.database.schemas import schemas_of, tables_of
from hypercare.database.trouble import TooSlow
from hypercare.doctor.attempt import Attempt, AttemptOutcome, Wrong, attempted
from hypercare.doctor.lookups import how_records_are_found
from hypercare.doctor.questions import unanswered, words_of_no_such_value
from hypercare.doctor.slow_questions import with_its_plan
from hypercare.operations_model.model import Model
from hypercare.operations_model.records import Records
from hypercare.operations_model.schema_drift import gone_in_words
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.business_terms import words_of_kind
from hypercare.target_file.entities import Kind
from hypercare.target_file.target import Target

_ROWS = 20
_LARGEST_SAMPLE = 5000
_SERVERS = {
    "postgresql": ("SHOW transaction_read_only", {"on"}),
    # Each version calls it by one of two names.
    "mysql": ("SHOW SESSION VARIABLES WHERE Variable_name IN ('tx_read_only', 'transaction_read_only')", {"on", "1"}),
    "mariadb": ("SHOW SESSION VARIABLES WHERE Variable_name IN ('tx_read_only', 'transaction_read_only')", {"on", "1"}),
}


def try_database(target: Target, database: Database) -> Iterator[Attempt]:
    connected = attempted("database", "database", lambda: _connect(database))
    yield connected
    if connected.outcome is not AttemptOutcome.WORKS:
        return
    yield attempted("database", "database read-only", lambda: _read_only(database))
    if database.section.scan_from is not None:
        yield attempted("database", "database export", lambda: _export(database))
    model = Model(target, database)
    mapping = target.config.mapping
    mapped = mapping.mapped_entities()
    if not mapped:
        yield attempted("database", "mapping", _nothing_mapped)
    for name in dict.fromkeys([*mapped, *mapping.definitions.own_entities()]):
        yield attempted("database", f"entity {name}", lambda entity=name: _entity(model, entity))  # type: ignore[misc]


def _nothing_mapped() -> str:
    raise NotCovered(
        "No entity is mapped, so no check of the data has anything to ask.",
        remedy="Run `hypercare init --database URL` and take over what it proposes for [mapping].",
    )


def _connect(database: Database) -> str:
    with database.snapshot() as connection, database.translating():
        names = tables_of(connection, schemas_of(connection, database.target.config.mapping))
    how = f", read {database.how_it_is_read}" if database.how_it_is_read else ""
    return f"{database.dialect} at {database.address}, {len(names)} tables{how}"


def _read_only(database: Database) -> str:
    """Proved by the engine's own word, never by trying to write."""
    if database.dialect == "sqlite":
        with database.snapshot() as connection, database.translating():
            only = connection.execute(text("PRAGMA query_only")).scalar()
            proven = only == 1 and isinstance(connection.connection.driver_connection, sqlite3.Connection)
        how = "opened with mode=ro, query_only is on"
    elif database.dialect in _SERVERS:
        question, right = _SERVERS[database.dialect]
        settings = [str(list(row.values())[-1]).lower() for row in database.rows(text(question))]
        proven = bool(settings) and all(one in right for one in settings)
        how = "the server says that this session only reads"
    else:
        raise NotCovered(
            f"Nothing proves that a session of {database.dialect} only reads.",
            remedy="Give us a user that may only SELECT.",
        )
    if not proven:
        raise Wrong("The session could write.", "Report this, and give us a user that may only SELECT until then.")
    return how


def _export(database: Database) -> str:
    export = export_of(database)
    assert export is not None
    written = export.written()
    export.value(select(literal_column("1")), about="whether it can be read")
    return f"{export.tables} tables at {export.address}, the oldest of {written:%Y-%m-%d %H:%M} UTC"


def _entity(model: Model, name: str) -> str:
    records = model.records(name)
    if records.gone:
        raise Wrong(*gone_in_words(records.gone))
    try:
        return _looked_at(model, records)
    except TooSlow as slow:
        raise with_its_plan(model, records, slow) from None


def _looked_at(model: Model, records: Records) -> str:
    name = records.entity
    cannot = list(unanswered(model, records))
    if cannot:
        raise Wrong(f"{records.place}: {'; '.join(reason for _, reason, _ in cannot)}", cannot[0][2])
    rows = model.database.rows(_sample(records), about=f"doctor: {name}")
    _require_times(records, rows)
    impossible_words = list(words_of_no_such_value(records))
    if impossible_words:
        raise Wrong(f"{records.place}: {'; '.join(impossible_words)}.", f"Correct [mapping.{name}] values.")
    strange = [words for field in records.mapping.columns if (words := _strange(model, records, field))]
    if strange:
        raise Wrong(
            f"{records.place} says what is not mapped: {'; '.join(strange)}.",
            f"Say what these words mean in [mapping.{name}] values.",
        )
    missing = [field for field in records.kinds if field not in records.mapping.columns]
    summary = f"{records.place}: {len(records.mapping.columns)} of {len(records.kinds)} columns"
    summary += f", without {', '.join(missing)}" if missing else ""
    if not rows:
        return f"{summary}; it has no row yet"
    return "; ".join([summary, *how_records_are_found(model, records, rows)])


def _sample(records: Records) -> Select[Any]:
    fields = [records[field].label(field) for field in records.mapping.columns]
    return select(*fields).select_from(records.source).limit(_ROWS)


def _require_times(records: Records, rows: Any) -> None:
    for field, kind in records.kinds.items():
        column_type = records.types.get(field)
        endless = column_type is not None and column_type.may_be_endless
        if kind is not Kind.INSTANT or not records.has(field) or endless:
            continue  # the engine knows a moment when it sees one, also one that Python has no word for
        timestamp_format = records.instant(field).timestamp_format
        for row in rows:
            value = row[field]
            if value not in (None, "") and timestamp_format.decode(value) is None:
                raise Wrong(
                    f"{records.place} keeps {field} as {value!r}, which is not of the form "
                    f"{timestamp_format.form.value!r}.",
                    f"Give the time form of {field} in [mapping.{records.entity}].",
                )


def _strange(model: Model, records: Records, field: str) -> str:
    """The target's words that stand for none of ours, in a bounded part of the records."""
    if (records.entity, field) not in model.definitions.words:
        return ""
    some = (
        select(records[field].label("word"))
        .select_from(records.source)
        .where(records.has_unknown_value(field), records[field].is_not(None))
        .limit(_LARGEST_SAMPLE)
        .subquery("some")
    )
    words = select(some.c.word, func.count(literal_column("1")).label("times")).group_by(some.c.word).limit(6)
    found = model.database.rows(words, about=f"doctor: words of {records.entity}.{field}")
    return f"{field} " + ", ".join(f"{row['word']!r} ({row['times']} times)" for row in found) if found else ""


def try_canary(target: Target, database: Database) -> Iterator[Attempt]:
    """What is kept for trials: whether it is in the database."""
    canary = target.config.canary
    canary_records = {
        ("branch", "branch"): canary.branch,
        ("customer", "customer"): canary.customer,
        **{
            ("product", f"product for a sale {words_of_kind(kind)}"): number for kind, number in canary.products.items()
        },
    }
    if not any(canary_records.values()):
        yield attempted("canary", "canary", _no_canary)
        return
    model = Model(target, database)
    for (entity, words), name in canary_records.items():
        if name:
            yield attempted("canary", f"canary {words}", lambda e=entity, n=name: _find_canary(model, e, n))  # type: ignore[misc]


def _no_canary() -> str:
    raise NotCovered(
        "Nothing is kept for trial transactions.",
        remedy="Keep a branch, a customer and a product for them, and name them in [canary].",
    )


def _find_canary(model: Model, entity: str, name: str) -> str:
    records = model.records(entity)
    fields = [field for field in ("code", "number", "name", "id") if records.has(field)]
    try:
        for field in fields:
            value: object = int(name) if field == "id" and name.isdigit() else name
            if field == "id" and not name.isdigit() and field not in records.types:
                continue
            if model.count(records, records.holds(field, value)):
                return f"{name!r} is there, by its {field}"
    except SQLAlchemyError as error:  # pragma: no cover - a driver's own complaint about comparing
        raise Wrong(str(error), "Correct [mapping].") from None
    raise Wrong(f"{name!r} is not in {records.place}.", f"Create it, or name another {entity} in [canary].")
