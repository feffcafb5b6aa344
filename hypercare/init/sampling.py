"""A little of what is in the tables: bounded questions only, each remembered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnClause, Connection, column, func, select, table, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql import FromClause

from hypercare.init.schema import Table, Type

ROWS = 200
_DISTINCT_WITHIN = 5000
_MOST_WORDS = 40
_CHUNK = 400

Row = dict[str, Any]


@dataclass
class Samples:
    """Asks a read-only connection for at most a few hundred rows a table. What cannot be asked is taken for empty."""

    connection: Connection
    tables: dict[str, Table]
    _rows: dict[str, list[Row]] = field(default_factory=dict)
    query_count: int = 0

    def rows(self, name: str) -> list[Row]:
        """The last rows of a table by its key, raw as the driver gives them."""
        if name not in self._rows:
            shape = self.tables[name]
            source = self._source(name)
            chosen = select(*(source.c[c.name] for c in shape.columns.values() if c.type is not Type.OTHER)).limit(ROWS)
            if shape.key:
                chosen = chosen.order_by(*(source.c[part].desc() for part in shape.key))
            self._rows[name] = [dict(row) for row in self._ask(chosen)] if chosen.selected_columns else []
        return self._rows[name]

    def values(self, name: str, of: str) -> list[Any]:
        """What a column holds in the sampled rows, without what is missing."""
        return [row[of] for row in self.rows(name) if row.get(of) is not None]

    def words(self, name: str, of: str) -> dict[Any, int]:
        """The different values of a column with how often each occurs, within its first few thousand rows."""
        source = self._source(name)
        some = select(source.c[of].label("word")).limit(_DISTINCT_WITHIN).subquery("some")
        times = func.count().label("times")
        query = select(some.c.word, times).group_by(some.c.word).order_by(times.desc()).limit(_MOST_WORDS)
        return {row["word"]: int(row["times"]) for row in self._ask(query) if row["word"] is not None}

    def matching(self, name: str, of: str, values: Sequence[Any]) -> list[Row]:
        """Rows of a table whose column is one of `values` (at most a few hundred values, ten times as many rows)."""
        source = self._source(name)
        shape = self.tables[name]
        names = [source.c[c.name] for c in shape.columns.values() if c.type is not Type.OTHER]
        return self._ask(select(*names).where(source.c[of].in_(list(values)[:_CHUNK])).limit(10 * _CHUNK))

    def share_within(self, values: Sequence[Any], name: str, of: str) -> float:
        """Which share of some values are found in a column of another table."""
        different = list(dict.fromkeys(values))[:50]
        if not different:
            return 0.0
        source = self._source(name)
        found = {
            row[of] for row in self._ask(select(source.c[of]).where(source.c[of].in_(different)).limit(len(different)))
        }
        return sum(value in found or str(value) in {str(one) for one in found} for value in different) / len(different)

    def _source(self, name: str) -> FromClause:
        shape = self.tables[name]
        columns: list[ColumnClause[Any]] = [column(one) for one in shape.columns]
        if shape.select is not None:
            return text(shape.select).columns(*columns).subquery("source")
        schema, _, bare = name.rpartition(".")
        return table(bare, *columns, schema=schema or None)

    def _ask(self, question: Any) -> list[Row]:
        self.query_count += 1
        try:
            with self.connection.begin_nested() if self.connection.dialect.name == "postgresql" else _Nothing():
                return [dict(row) for row in self.connection.execute(question).mappings()]
        except SQLAlchemyError:
            return []


class _Nothing:
    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None


def number(value: object) -> Decimal | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        return Decimal(str(value))
    except ArithmeticError:
        return None
