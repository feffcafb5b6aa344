"""About how many rows each table has, by the engine's own catalogue, which costs one small question."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection, text

# Of a table that nobody counted yet, or long ago, its size tells.
ROWS_ON_POSTGRESQL = "greatest({0}.reltuples, pg_relation_size({0}.oid) / 400)"
_POSTGRESQL = text(
    f"""SELECT c.relname, CASE WHEN c.relkind IN ('v', 'f', 'p') THEN -1
                              ELSE {ROWS_ON_POSTGRESQL.format("c")}::bigint END
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'"""
)
_MYSQL = text(
    """SELECT table_name, CASE WHEN table_type LIKE '%VIEW' THEN -1 ELSE table_rows END
       FROM information_schema.tables
       WHERE table_schema NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys')"""
)
_SQLITE = text("SELECT name, type, sql FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'")
_AT_ONCE = 100


@dataclass(frozen=True)
class TableSizes:
    """`rows` are those of each table by its name in lower case; -1 where they are not its own (views, tables in
    parts or elsewhere). Where several schemas have one of that name, the largest."""

    rows: Mapping[str, int]

    @cached_property
    def of_all(self) -> int:
        return sum(max(0, rows) for rows in self.rows.values())

    @property
    def views(self) -> frozenset[str]:
        return frozenset(name for name, rows in self.rows.items() if rows < 0)

    @cached_property
    def fingerprint(self) -> str:
        """Another one when a table comes, goes or has twice as many rows: then plans may be others."""
        words = "\n".join(f"{name} {rows.bit_length() if rows > 0 else rows}" for name, rows in self._sorted)
        return hashlib.sha256(words.encode()).hexdigest()[:16]

    @property
    def _sorted(self) -> list[tuple[str, int]]:
        return sorted(self.rows.items())


def table_sizes(connection: Connection) -> TableSizes | None:
    """None of an engine whose catalogue is not known here."""
    ask = _ASK.get(connection.dialect.name)
    return None if ask is None else ask(connection)


def _of_postgresql(connection: Connection) -> TableSizes:
    return _largest(connection.execute(_POSTGRESQL).all())


def _of_mysql(connection: Connection) -> TableSizes:
    return _largest(connection.execute(_MYSQL).all())


def _of_sqlite(connection: Connection) -> TableSizes:
    """By the highest rowid, which is found without reading the table."""
    found = connection.execute(_SQLITE).all()
    rows = {str(name): -1 for name, kind, _ in found if kind == "view"}
    tables = [
        str(name) for name, kind, sql in found if kind == "table" and not str(sql).upper().startswith("CREATE VIRTUAL")
    ]
    with_rowid = [name for name, kind, sql in found if kind == "table" and "WITHOUT ROWID" not in str(sql).upper()]
    rows |= dict.fromkeys(tables, 0)
    countable = [name for name in tables if name in with_rowid]
    for first in range(0, len(countable), _AT_ONCE):
        names = countable[first : first + _AT_ONCE]
        parts = (
            f"SELECT {number}, max(rowid) FROM {connection.dialect.identifier_preparer.quote_identifier(name)}"
            for number, name in enumerate(names)
        )
        for number, highest in connection.exec_driver_sql(" UNION ALL ".join(parts)):
            rows[names[number]] = int(highest or 0)
    return TableSizes({name.lower(): many for name, many in rows.items()})


def _largest(found: object) -> TableSizes:
    rows: dict[str, int] = {}
    for name, many in found:  # type: ignore[attr-defined]
        key = str(name).lower()
        largest = rows.get(key, 0)
        rows[key] = -1 if many is not None and many < 0 and largest == 0 else max(largest, int(many or 0))
    return TableSizes(rows)


_ASK: Mapping[str, Callable[[Connection], TableSizes]] = {
    "postgresql": _of_postgresql,
    "mysql": _of_mysql,
    "mariadb": _of_mysql,
    "sqlite": _of_sqlite,
}
