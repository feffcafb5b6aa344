"""Of a large table an export is read where there is one, and the database is asked of what is newer or looks wrong."""

from __future__ import annotations

import csv
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from hypercare.database.database import Database
from hypercare.integrity import Integrity, export_scan, rolling_scan
from hypercare.outcome import intake
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.config import DatabaseSection, TargetConfig, TargetSection
from hypercare.target_file.mapping import MappingConfig
from hypercare.target_file.sections.business import BusinessSection
from hypercare.target_file.target import Target
from tests.operations.round_memory import Remembering

duckdb = pytest.importorskip("duckdb", reason="the extra duckdb is not installed")

ROWS = 2_100
FIRST_DAY = datetime(2026, 1, 15, 9, tzinfo=UTC)
SCHEMA = """
CREATE TABLE branches (id INTEGER PRIMARY KEY);
CREATE TABLE sales (id INTEGER PRIMARY KEY, number TEXT, total NUMERIC, seller_id INTEGER, changed_at TEXT);
CREATE INDEX ix_changed ON sales (changed_at);
INSERT INTO branches VALUES (1), (2);
"""
RULES = [{"table": "sales", "name": "A total is below a million", "holds": "total < 1000000"}]
BREAK = "UPDATE sales SET total = 2000000 WHERE id IN (1, 300, 1200)"


class Shop:
    """A database, its export, and the rounds that look at both; `asked` are the statements of the last."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "shop.sqlite"
        self.exported = folder / "export"
        self.exported.mkdir()
        self.memory = Remembering()
        self.day = 0
        self.rules: list[dict[str, Any]] = RULES
        self.asked: list[Any] = []
        with closing(sqlite3.connect(self.file)) as connection, connection:
            connection.executescript(SCHEMA)
        self.sell(ROWS)
        self.export()

    def sell(self, many: int, total: int = 10) -> None:
        row = (total, 2, "2025-12-01 10:00:00")
        with closing(sqlite3.connect(self.file)) as connection, connection:
            connection.executemany("INSERT INTO sales (total, seller_id, changed_at) VALUES (?, ?, ?)", [row] * many)

    def change(self, statement: str) -> None:
        with closing(sqlite3.connect(self.file)) as connection, connection:
            connection.execute(statement)

    def export(self, columns: str = "*", among: str = "true") -> None:
        """All tables as they are now, the sales in a folder of two files."""
        (self.exported / "sales").mkdir(exist_ok=True)
        with closing(sqlite3.connect(self.file)) as source, duckdb.connect() as export:
            for table in ("branches", "sales"):
                names = [str(row[1]) for row in source.execute(f"PRAGMA table_info({table})")]
                types = {name: "BIGINT" if "id" in name or name == "total" else "VARCHAR" for name in names}
                written = self.folder / f"{table}.csv"
                with written.open("w", newline="") as file:
                    csv.writer(file).writerows(source.execute(f"SELECT * FROM {table}"))
                export.execute(f"CREATE TABLE {table} AS FROM read_csv('{written}', header = false, columns = {types})")
            export.execute(f"COPY branches TO '{self.exported}/branches.parquet'")
            for name, part in (("old", "id <= 1000"), ("new", "id > 1000")):
                place = self.exported / "sales" / f"{name}.parquet"
                export.execute(f"COPY (SELECT {columns} FROM sales WHERE {part} AND {among}) TO '{place}'")

    def age(self, days: float) -> None:
        then = time.time() - days * 86_400
        for file in self.exported.rglob("*.parquet"):
            os.utime(file, (then, then))

    def round(self, question: str = "against_agreed_rules") -> int:
        """How many rows a round of the next day finds wrong."""
        self.day += 1
        references = [{"child": "sales.seller_id", "parent": "branches.id"}]
        mapping = {
            "time": "utc",
            "sale": {"table": "sales", "columns": {"id": "id", "created_at": "changed_at"}},
            "agreed": {"rules": self.rules, "references": references},
        }
        config = TargetConfig(
            target=TargetSection(name="tried"),
            business=BusinessSection(timezone="Europe/Berlin", go_live="2025-01-08"),
            database=DatabaseSection(url=f"sqlite:///{self.file}", scan_from=str(self.exported)),
            mapping=MappingConfig.model_validate(mapping),
        )
        database = Database(Target(config, self.folder, FIRST_DAY + timedelta(days=self.day)))
        self.asked.clear()
        event.listen(database.engine, "before_cursor_execute", lambda *one: self.asked.append(one[2]))
        try:
            with intake.listening() as heard:
                return getattr(Integrity(database, self.memory), question)().count
        finally:
            self.heard = list(heard.values())
            database.close()


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    monkeypatch.setattr(rolling_scan, "READ_WHOLE_UP_TO", 100)
    monkeypatch.setattr(rolling_scan, "_IN_FLIGHT", 5)
    return Shop(tmp_path)


def test_the_database_is_asked_only_of_what_the_export_does_not_have(shop: Shop) -> None:
    assert shop.round() == 0
    asked = [one for one in shop.asked if "FROM sales" in one and "WHERE" in one and "max" not in one]
    assert all("id > ?" in one or "id IS NOT NULL" in one for one in asked)
    assert shop.heard[-1].of_them == {f"each row read since {datetime.now(UTC):%Y-%m-%d}": 1}


def test_an_old_row_that_breaks_is_told_with_the_next_export_and_until_it_is_mended(shop: Shop) -> None:
    assert shop.round() == 0
    shop.change(BREAK)
    shop.export()
    assert [shop.round() for _ in range(3)] == [3, 3, 3]
    shop.change("UPDATE sales SET total = 10")
    assert shop.round() == 0


def test_a_new_row_that_breaks_is_told_before_the_next_export(shop: Shop) -> None:
    shop.round()
    shop.sell(1, total=2_000_000)
    assert shop.round() == 1


def test_a_row_that_says_when_it_was_changed_is_told_before_the_next_export(shop: Shop) -> None:
    shop.change("UPDATE sales SET total = 2000000, changed_at = '2026-01-15 12:00:00' WHERE id = 1000")
    assert shop.round() == 1


def test_what_looks_wrong_only_in_the_export_is_no_finding(shop: Shop) -> None:
    shop.change(BREAK)
    shop.export()
    shop.change("UPDATE sales SET total = 10")
    assert shop.round() == 0


def test_references_are_followed_in_the_export_too(shop: Shop) -> None:
    shop.change("UPDATE sales SET seller_id = 9 WHERE id IN (2, 1500)")
    shop.export()
    assert shop.round("against_agreed_references") == 2
    shop.change("INSERT INTO branches VALUES (9)")
    assert shop.round("against_agreed_references") == 0


def test_very_many_broken_rows_are_counted_in_the_export(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_scan, "MOST_SUSPECTS", 50)
    shop.change("UPDATE sales SET total = 2000000 WHERE id <= 2000")
    shop.export()
    assert shop.round() == 2_000


def test_very_many_rows_that_the_database_finds_in_order_are_not_covered(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_scan, "MOST_SUSPECTS", 50)
    shop.change("UPDATE sales SET total = 2000000 WHERE id <= 2000")
    shop.export()
    shop.change("UPDATE sales SET total = 10")
    with pytest.raises(NotCovered, match="the database does not say so"):
        shop.round()


def _too_old(shop: Shop) -> None:
    shop.age(3)


def _lacks_a_table(shop: Shop) -> None:
    for file in (shop.exported / "sales").iterdir():
        file.unlink()


def _lacks_a_column(shop: Shop) -> None:
    shop.export(columns="id, number")


def _is_not_whole(shop: Shop) -> None:
    shop.export(among="id < 500")


def _is_gone(shop: Shop) -> None:
    for file in shop.exported.rglob("*.parquet"):
        file.unlink()


def _is_damaged(shop: Shop) -> None:
    (shop.exported / "sales" / "new.parquet").write_bytes(b"PAR1 half written")


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (_too_old, "is 3 days old"),
        (_lacks_a_table, "has no table sales"),
        (_lacks_a_column, "total"),
        (_is_not_whole, r"has 499 rows of sales, and the table about 2,100"),
        (_is_gone, "There is no Parquet file"),
        (_is_damaged, "does not say what is asked of sales"),
    ],
)
def test_an_export_that_does_not_do_is_not_covered_and_why_but_what_is_new_is_told(
    shop: Shop, spoil: Any, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rolling_scan, "_NEWEST", 50)
    spoil(shop)
    with pytest.raises(NotCovered, match=why):
        shop.round()
    shop.sell(1, total=2_000_000)
    assert shop.round() == 1


def test_a_rule_in_words_that_only_the_database_knows_is_asked_of_it_a_part_a_day(shop: Shop) -> None:
    shop.rules = [{"table": "sales", "name": "A total is small", "holds": "unlikely(total < 1000000)"}]
    assert shop.round() == 0
    assert shop.heard[-1].of_them == {"each row read since 2026-01-16": 1}
