"""A shop that is nothing but a table of sales with lines and payments, in any shape that a test asks for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypercare.database.database import Database
from tests.operations.checking import Ended, make_target, run

AS_OF = datetime(2026, 4, 15, 17, tzinfo=UTC)
GO_LIVE = date(2026, 3, 20)
TABLES = """
CREATE TABLE shop (id INTEGER PRIMARY KEY, code TEXT);
CREATE TABLE client (id INTEGER PRIMARY KEY, shop INTEGER);
CREATE TABLE sale (id INTEGER PRIMARY KEY, number, shop INTEGER, client INTEGER, kind TEXT, state TEXT DEFAULT 'final',
                   total NUMERIC DEFAULT 10, at TEXT, final TEXT, void TEXT);
CREATE TABLE line (id INTEGER PRIMARY KEY, sale INTEGER, amount NUMERIC, product INTEGER, quantity NUMERIC, price NUMERIC);
CREATE TABLE payment (id INTEGER PRIMARY KEY, sale INTEGER, method TEXT, amount NUMERIC, at TEXT);
INSERT INTO shop VALUES (1, 'N'), (2, 'S');
"""  # noqa: E501 - a table on a line
SALE = {"id": "id", "number": "number", "state": "state", "total": "total", "created_at": "at", "finalised_at": "final"}
BRANCH = {"branch": {"table": "shop", "columns": ["id", "code"]}}


def sales_a_day(each_day: int, days: int = 26) -> Iterable[tuple[int, datetime]]:
    """The number of the day from go-live, and an instant of trade, for each sale of a steady business."""
    for day in range(days + 1):
        for one in range(each_day):
            at = datetime.combine(GO_LIVE, datetime.min.time(), UTC) + timedelta(days=day, hours=8, minutes=29 * one)
            if at < AS_OF - timedelta(hours=1):
                yield day, at


class Till:
    """`more` are columns of the sale that are mapped besides, by our names."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "till.sqlite"
        with closing(sqlite3.connect(self.file)) as connection:
            connection.executescript(TABLES)

    def connected(self) -> sqlite3.Connection:
        return sqlite3.connect(self.file)

    def add(self, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
        with closing(sqlite3.connect(self.file)) as connection, connection:
            for row in rows:
                marks = ", ".join(f":{name}" for name in row)
                connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", dict(row))

    def ask(
        self,
        check: str,
        more: Mapping[str, str] | None = None,
        mapping: Mapping[str, Any] | None = None,
        **config: Any,
    ) -> Ended:
        sale = {"table": "sale", "columns": {**SALE, **(more or {})}}
        mapped = {"sale": sale, **({} if not more or "branch" not in more else BRANCH), **(mapping or {})}
        go_live = config.pop("go_live", GO_LIVE)
        target = make_target(f"sqlite:///{self.file}", mapped, AS_OF, go_live=go_live, zone="UTC", **config)
        database = Database(target)
        try:
            return run(target, check, database)[check]
        finally:
            database.close()


def stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"
