"""Tables that keep records as JSON documents, and logs of events, as tables whose columns are the documents' keys.

What is derived has a `select`, which is what is proposed for it; a list within a document is a table of its own.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, column, select, table
from sqlalchemy.exc import SQLAlchemyError

from hypercare.init.names import load_vocabulary, tokens_of
from hypercare.init.schema import TIMES, Column, Table, Type
from hypercare.init.words import words_of

_ROWS = 60
_MOST_PLAIN = 6
_DECLARED = {"JSON", "JSONB"}
_LEAST_SHARE = 0.3
_DIALECTS = {"postgresql", "sqlite", "mysql", "mariadb"}

Document = Mapping[str, Any]


@dataclass(frozen=True)
class _JsonTable:
    """A table with the documents of some of its rows, and how this engine writes names and looks into them."""

    shape: Table
    json: str
    rows: tuple[tuple[Mapping[str, Any], Document], ...]
    dialect: str
    preparer: Any

    def quote(self, name: str) -> str:
        return str(self.preparer.quote(name))

    @property
    def quoted(self) -> str:
        return ".".join(self.quote(part) for part in self.shape.name.split("."))

    def value(self, source: str, path: Sequence[str], kind: Type) -> str:
        """SQL for what stands at a path of the JSON that `source` holds."""
        if self.dialect == "postgresql":
            *inner, last = (f"'{part}'" for part in path)
            expression = " -> ".join([f"({source})::jsonb", *inner]) + f" ->> {last}"
            cast = {Type.DECIMAL: "numeric", Type.WHOLE: "bigint", Type.FLAG: "boolean"}.get(kind)
            return f"({expression})::{cast}" if cast else f"({expression})"
        where = "$." + ".".join(f'"{part}"' for part in path)
        if self.dialect == "sqlite":
            return f"json_extract({source}, '{where}')"
        expression = f"JSON_UNQUOTE(JSON_EXTRACT({source}, '{where}'))"
        cast = {Type.DECIMAL: "DECIMAL(24, 6)", Type.WHOLE: "SIGNED"}.get(kind)
        return f"CAST({expression} AS {cast})" if cast else expression


def with_documents(connection: Connection, tables: Mapping[str, Table]) -> dict[str, Table]:
    """The tables, those that are documents with the columns of their documents, and what lies within them besides."""
    found = dict(tables)
    if connection.dialect.name not in _DIALECTS:
        return found
    for shape in tables.values():
        json_table = _json_table(connection, shape)
        if json_table is None:
            continue
        events = _event_columns(json_table)
        if events is not None:
            found |= {one.name: one for one in _folded(json_table, *events) if one.name not in tables}
        else:
            found[shape.name] = _unfolded(json_table)
            found |= {one.name: one for one in _lists(json_table) if one.name not in tables}
    return found


def _json_table(connection: Connection, shape: Table) -> _JsonTable | None:
    plain = [one for one in shape.columns.values() if one.declared not in _DECLARED]
    if len(plain) - len(shape.key) > _MOST_PLAIN or shape.id is None:
        return None
    vocabulary = load_vocabulary()
    likely = [
        one
        for one in shape.columns.values()
        if one.declared in _DECLARED
        or (one.type is Type.TEXT and any("document" in vocabulary.meaning(token) for token in tokens_of(one.name)))
    ]
    for one in likely[:2]:
        rows = _documents(connection, shape, one.name)
        if rows:
            return _JsonTable(shape, one.name, rows, connection.dialect.name, connection.dialect.identifier_preparer)
    return None


def _documents(connection: Connection, shape: Table, of: str) -> tuple[tuple[Mapping[str, Any], Document], ...]:
    schema, _, bare = shape.name.rpartition(".")
    source = table(bare, *(column(one) for one in shape.columns), schema=schema or None)
    query = select(*source.c).where(source.c[of].is_not(None)).limit(_ROWS)
    try:
        with connection.begin_nested():
            rows = [dict(row) for row in connection.execute(query).mappings()]
    except SQLAlchemyError:
        return ()
    pairs = [(row, _document(row[of])) for row in rows]
    parsed = tuple((row, document) for row, document in pairs if document is not None)
    return parsed if parsed and len(parsed) >= 0.9 * len(rows) else ()


def _document(value: Any) -> Document | None:
    if isinstance(value, str | bytes):
        try:
            value = json.loads(value)
        except ValueError:
            return None
    return value if isinstance(value, dict) and value else None


def _unfolded(json_table: _JsonTable) -> Table:
    """The table with the plain keys of its documents as columns, those within a record of the document too."""
    shape, own = json_table.shape, f"own.{json_table.quote(json_table.json)}"
    taken = {name for name in shape.columns if name != json_table.json}
    parts = [f"own.{json_table.quote(name)}" for name in shape.columns if name != json_table.json]
    columns = {name: one for name, one in shape.columns.items() if name != json_table.json}
    for name, path, kind in _keys([document for _, document in json_table.rows], taken):
        columns[name] = Column(name, kind)
        parts.append(f"{json_table.value(own, path, kind)} AS {json_table.quote(name)}")
    text = f"SELECT {', '.join(parts)}\nFROM {json_table.quoted} AS own"
    return replace(shape, columns=columns, select=text)


def _lists(json_table: _JsonTable) -> Iterator[Table]:
    """For each list of records within the documents a table with a row each."""
    key = json_table.shape.id
    assert key is not None
    bare = json_table.shape.name.rpartition(".")[2]
    named = Counter(name for _, document in json_table.rows for name, value in document.items() if _is_rows(value))
    for name, times in named.items():
        if times < _LEAST_SHARE * len(json_table.rows):
            continue
        inner = [row for _, document in json_table.rows for row in document.get(name) or () if isinstance(row, dict)]
        parent = f"{bare.rstrip('s')}_id"
        columns = {"id": Column("id", Type.TEXT), parent: replace(json_table.shape.columns[key], name=parent)}
        at, value, source = _unnested(json_table, name)
        joined = "||" if json_table.dialect != "mysql" and json_table.dialect != "mariadb" else None
        own = f"own.{json_table.quote(key)}"
        both = f"{own} || '/' || {at}" if joined else f"CONCAT({own}, '/', {at})"
        parts = [f"{both} AS id", f"{own} AS {json_table.quote(parent)}"]
        for field, path, kind in _keys(inner, set(columns)):
            columns[field] = Column(field, kind)
            parts.append(f"{json_table.value(value, path, kind)} AS {json_table.quote(field)}")
        yield Table(
            f"{json_table.shape.name}_{name}",
            columns,
            key=("id",),
            references={parent: (json_table.shape.name, key)},
            select=f"SELECT {', '.join(parts)}\nFROM {json_table.quoted} AS own, {source}",
        )


def _unnested(json_table: _JsonTable, name: str) -> tuple[str, str, str]:
    """SQL for a row's place, its JSON, and what gives the rows of a list."""
    own = f"own.{json_table.quote(json_table.json)}"
    if json_table.dialect == "sqlite":
        return "row.key", "row.value", f"json_each({own}, '$.\"{name}\"') AS row"
    if json_table.dialect == "postgresql":
        rows = f"jsonb_array_elements(({own})::jsonb -> '{name}') WITH ORDINALITY AS row(value, at)"
        return "row.at", "row.value", rows
    rows = f"JSON_TABLE({own}, '$.\"{name}\"[*]' COLUMNS (at FOR ORDINALITY, value JSON PATH '$')) AS row_of"
    return "row_of.at", "row_of.value", rows


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _keys(
    documents: Sequence[Document], taken: set[str], records: int = 0
) -> Iterator[tuple[str, tuple[str, ...], Type]]:
    """The plain keys of documents that many have, one level down too: a name for each, its path and its type.

    `records` is how many the documents are about, where several tell of one.
    """
    values_by_path: dict[tuple[str, ...], list[Any]] = {}
    for document in documents:
        for name, value in document.items():
            inner = value.items() if isinstance(value, dict) else [(None, value)]
            for below, leaf in inner:
                path: tuple[str, ...] = (name,) if below is None else (name, below)
                if isinstance(leaf, str | int | float | bool) and all(part.isprintable() for part in path):
                    values_by_path.setdefault(path, []).append(leaf)
    for path, values in values_by_path.items():
        name = "_".join(path)
        # A path is written into SQL as it stands, so one with a quotation mark is left to a person.
        if any(mark in part for part in path for mark in "'\"\\:") or name in taken:
            continue
        if len(values) >= _LEAST_SHARE * (records or len(documents)):
            taken.add(name)
            yield name, path, _type_of(values)


def _type_of(values: Sequence[Any]) -> Type:
    if all(isinstance(one, bool) for one in values):
        return Type.FLAG
    if all(isinstance(one, int) and not isinstance(one, bool) for one in values):
        return Type.WHOLE
    if all(isinstance(one, int | float) and not isinstance(one, bool) for one in values):
        return Type.DECIMAL
    return Type.TEXT


def _event_columns(json_table: _JsonTable) -> tuple[str, str, str, str | None] | None:
    """The columns of a log of events: whose, what, in which order, and of which kind of record; None for none."""
    vocabulary = load_vocabulary()
    shape = json_table.shape
    others = [one for one in shape.columns.values() if one.name != json_table.json and one.name not in shape.key]

    def named(*concepts: str, kinds: set[Type]) -> list[str]:
        return [
            one.name
            for one in others
            if one.type in kinds and any(vocabulary.meaning(token) & set(concepts) for token in tokens_of(one.name))
        ]

    whose = [
        name for name in named("stream", kinds={Type.TEXT, Type.WHOLE, Type.OTHER}) if _is_shared(json_table, name)
    ]
    words = named("event", "kind", "action", "name", kinds={Type.TEXT})
    kinds = [name for name in words if any("stream" in vocabulary.meaning(t) for t in tokens_of(name))]
    what = [name for name in words if name not in kinds and name not in whose]
    whose = [name for name in whose if name not in kinds]
    if not whose or not what:
        return None
    key = shape.id
    assert key is not None
    is_counted = shape.columns[key].type is Type.WHOLE
    order = key if is_counted else next((one.name for one in others if one.type in TIMES), None)
    return None if order is None else (whose[0], what[0], order, kinds[0] if kinds else None)


def _is_shared(json_table: _JsonTable, name: str) -> bool:
    values = [row[name] for row, _ in json_table.rows if row.get(name) is not None]
    return len(set(map(str, values))) < len(values)


def _folded(json_table: _JsonTable, whose: str, what: str, order: str, kind: str | None) -> Iterator[Table]:
    """For each kind of record a table with what its events say of it in the end."""
    kinds = (
        sorted({str(row[kind]) for row, _ in json_table.rows}) if kind else [json_table.shape.name.rpartition(".")[2]]
    )
    at = next((one.name for one in json_table.shape.columns.values() if one.type in TIMES), None)
    for one in kinds:
        if not one.replace("_", "").replace(".", "").replace("-", "").isalnum():
            continue
        rows = [(row, document) for row, document in json_table.rows if kind is None or str(row[kind]) == one]
        only = f"{{}}.{json_table.quote(kind)} = '{one}'" if kind else ""
        columns = {"id": replace(json_table.shape.columns[whose], name="id")}
        parts = [f"s.{json_table.quote(whose)} AS id"]
        if at is not None:
            columns["created_at"] = replace(json_table.shape.columns[at], name="created_at")
            parts.append(f"MIN(s.{json_table.quote(at)}) AS created_at")
        newest = (
            f"(SELECT {{}} FROM {json_table.quoted} AS e "
            f"WHERE e.{json_table.quote(whose)} = s.{json_table.quote(whose)} AND {{}} "
            f"ORDER BY e.{json_table.quote(order)} DESC LIMIT 1)"
        )
        words = _states({str(row[what]) for row, _ in rows})
        if words:
            listed = ", ".join(f"'{word}'" for word in words)
            e_what = f"e.{json_table.quote(what)}"
            columns["state"] = Column("state", Type.TEXT, choices=tuple(words))
            parts.append(newest.format(e_what, f"{e_what} IN ({listed})") + " AS state")
        for name, path, its in _keys(
            [document for _, document in rows], set(columns), len({row[whose] for row, _ in rows})
        ):
            value = json_table.value(f"e.{json_table.quote(json_table.json)}", path, its)
            columns[name] = Column(name, its)
            parts.append(newest.format(value, f"{value} IS NOT NULL") + f" AS {json_table.quote(name)}")
        where = f"\nWHERE {only.format('s')}" if only else ""
        listed = ",\n  ".join(parts)
        text = f"SELECT {listed}\nFROM {json_table.quoted} AS s{where}\nGROUP BY s.{json_table.quote(whose)}"
        yield Table(one if kind else f"{one}_records", columns, key=("id",), select=text, folded=True)


def _states(words: set[str]) -> list[str]:
    """The events that say in which state a record is: those whose words are a state of a sale, an order or a step."""
    safe = [word for word in sorted(words) if "'" not in word and "\\" not in word and ":" not in word]
    stated = {
        str(word)
        for entity in ("sale", "production_order", "step", "issue", "job")
        for theirs in words_of(entity, "state", safe).of.values()
        for word in theirs
    }
    return [word for word in safe if word in stated]
