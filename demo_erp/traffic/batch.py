"""A batch of changes: rows are made and changed in memory and go to the database in bulk, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, select, text, update

from demo_erp.schema import Base

Values = dict[str, Any]
_TABLES = {table.name: table for table in Base.metadata.sorted_tables}  # parents before children
_FIRST_IDS, _MOST_IDS = 8, 1000  # how many a sequence is asked for at once: few at first, then more


class Row:
    """A row of a table: fresh in this batch, or read from the database and perhaps changed."""

    __slots__ = ("changed", "fresh", "gone", "table", "values")

    def __init__(self, table: str, values: Values, *, fresh: bool) -> None:
        self.table = table
        self.values = values
        self.fresh = fresh
        self.changed: set[str] = set()
        self.gone = False

    @property
    def id(self) -> int:
        found: int = self.values["id"]
        return found

    def __getitem__(self, column: str) -> Any:
        return self.values[column]


class Batch:
    """Collects fresh, changed and deleted rows; `flush` writes them."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._fresh: dict[str, list[Row]] = {}
        self._changed: dict[int, Row] = {}
        self._deleted: list[Row] = []
        self._ids: dict[str, Iterator[int]] = {}
        self._reserved: dict[str, int] = {}

    def add(self, table: str, **values: Any) -> Row:
        """A new row; its id is given at once, so that others can refer to it."""
        row = Row(table, {"id": self._next_id(table), **values}, fresh=True)
        self._fresh.setdefault(table, []).append(row)
        return row

    def change(self, row: Row, **values: Any) -> None:
        row.values.update(values)
        if not row.fresh:
            row.changed.update(values)
            self._changed[id(row)] = row

    def delete(self, row: Row) -> None:
        row.gone = True
        if not row.fresh:
            self._deleted.append(row)

    def flush(self) -> None:
        """Write everything: deletions children first, then new rows parents first, then changes."""
        for name, table in reversed(_TABLES.items()):  # first: a new row may take the place of one that goes
            ids = [row.id for row in self._deleted if row.table == name]
            if ids:
                self.connection.execute(delete(table).where(table.c.id.in_(ids)))
        for name, table in _TABLES.items():
            made = [row for row in self._fresh.get(name, ()) if not row.gone]
            if made:
                self.connection.execute(insert(table), [row.values for row in made])
            for row in made:
                row.fresh = False
        self._write_changes()
        self._fresh, self._changed, self._deleted = {}, {}, []

    def _write_changes(self) -> None:
        alike: dict[tuple[str, tuple[str, ...]], list[Values]] = {}
        for row in self._changed.values():
            if not row.gone:
                columns = tuple(sorted(row.changed))
                values = {f"new_{column}": row.values[column] for column in columns}
                alike.setdefault((row.table, columns), []).append({"row_id": row.id, **values})
        for (name, columns), rows in alike.items():
            table = _TABLES[name]
            change = (
                update(table)
                .where(table.c.id == bindparam("row_id"))
                .values({column: bindparam(f"new_{column}") for column in columns})
            )
            self.connection.execute(change, rows)

    def _next_id(self, table: str) -> int:
        found = next(self._ids.setdefault(table, iter(())), None)
        if found is None:
            self._ids[table] = self._reserve(_TABLES[table])
            found = next(self._ids[table])
        return found

    def _reserve(self, table: Table) -> Iterator[int]:
        """Ids that nobody else will use: from the sequence, or the next ones while SQLite's write lock is held."""
        if self.connection.dialect.name == "postgresql":
            sequence = text(
                "SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count) ORDER BY 1"
            )
            count = self._reserved[table.name] = min(self._reserved.get(table.name, _FIRST_IDS // 4) * 4, _MOST_IDS)
            return iter(self.connection.scalars(sequence, {"name": table.name, "count": count}).all())
        last = self.connection.scalar(select(func.max(table.c.id))) or 0
        taken = self._fresh.get(table.name)
        if taken:
            last = max(last, taken[-1].id)
        return iter(range(last + 1, last + 1 + 1_000_000))
