"""Of a large table a daily question reads what is new and a part of the rest; within a week it has read all of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from hypercare.database.database import Database
from hypercare.integrity import Integrity, rolling_scan
from hypercare.outcome import intake
from hypercare.outcome.signals import CheckFailed
from hypercare.target_file.config import DatabaseSection, TargetConfig, TargetSection
from hypercare.target_file.mapping import MappingConfig
from hypercare.target_file.sections.business import BusinessSection
from hypercare.target_file.target import Target
from tests.operations.round_memory import Remembering

ROWS = 2_100
FIRST_DAY = datetime(2026, 1, 15, 9, tzinfo=UTC)
SCHEMA = """
CREATE TABLE branches (id INTEGER PRIMARY KEY);
CREATE TABLE sales (id INTEGER PRIMARY KEY, branch_id INTEGER NOT NULL REFERENCES branches (id), number TEXT,
    total NUMERIC NOT NULL CHECK (total >= 0), seller_id INTEGER, changed_at TEXT);
CREATE INDEX ix_changed ON sales (changed_at);
INSERT INTO branches VALUES (1), (2);
"""
MAPPING: dict[str, Any] = {
    "time": "utc",
    "sale": {"table": "sales", "columns": {"id": "id", "created_at": "changed_at"}},
    "agreed": {
        "rules": [{"table": "sales", "name": "A total is below a million", "holds": "was_read(total) < 1000000"}],
        "references": [{"child": "sales.seller_id", "parent": "branches.id"}],
    },
}


class Shop:
    """A large table and the rounds that look at it, each on a day of its own; `read` counts the rows of the last."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.memory = Remembering()
        self.day = 0
        self.read = 0
        self.intakes: list[Any] = []
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.executescript(SCHEMA)
        self.sell(ROWS)

    def sell(self, many: int, **values: Any) -> None:
        row = {"branch_id": 1, "total": 10, "seller_id": 2, "changed_at": "2025-12-01 10:00:00", **values}
        with closing(sqlite3.connect(self.file)) as connection, connection:
            connection.executemany(
                f"INSERT INTO sales ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
                [tuple(row.values())] * many,
            )

    def change(self, statement: str) -> None:
        with closing(sqlite3.connect(self.file)) as connection, connection:
            connection.execute("PRAGMA ignore_check_constraints = ON")
            connection.execute(statement)

    def round(self, question: str = "against_agreed_rules") -> int:
        """How many rows a round of the next day finds wrong."""
        self.day += 1
        config = TargetConfig(
            target=TargetSection(name="tried"),
            business=BusinessSection(timezone="Europe/Berlin", go_live="2025-01-08"),
            database=DatabaseSection(url=f"sqlite:///{self.file}"),
            mapping=MappingConfig.model_validate(MAPPING),
        )
        now = FIRST_DAY + timedelta(days=self.day)
        database = Database(Target(config, self.file.parent / "state", now))
        self.read = 0
        event.listen(database.engine, "connect", self._count_rows)
        try:
            with intake.listening() as intakes:
                return getattr(Integrity(database, self.memory), question)().count
        finally:
            self.intakes = list(intakes.values())
            database.close()

    def _count_rows(self, connection: Any, _: object) -> None:
        def was_read(value: float) -> float:
            self.read += 1
            return value

        connection.create_function("was_read", 1, was_read)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    monkeypatch.setattr(rolling_scan, "READ_WHOLE_UP_TO", 100)
    monkeypatch.setattr(rolling_scan, "_IN_FLIGHT", 5)
    return Shop(tmp_path / "shop.sqlite")


def test_at_the_first_look_all_is_read(shop: Shop) -> None:
    shop.round()
    assert shop.read == ROWS


def test_from_then_on_a_day_reads_what_is_new_and_a_seventh(shop: Shop) -> None:
    shop.round()
    for _ in range(20):
        shop.sell(10)
        shop.round()
        assert shop.read < ROWS / 7 + 200


def test_it_stays_so_however_large_the_table_grows(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rolling_scan, "_MOST_OF_A_PART", 30)
    monkeypatch.setattr(rolling_scan, "_FIRST_READ_WHOLE_UP_TO", 1_000)
    monkeypatch.setattr(rolling_scan, "_NEWEST", 50)
    for _ in range(5):
        shop.sell(10)
        shop.round()
        assert 0 < shop.read < 150


@pytest.mark.parametrize(
    ("question", "break_it"),
    [
        ("against_agreed_rules", "UPDATE sales SET total = 2000000 WHERE id IN (1, 300, 301, 1200, 2000, 2100)"),
        ("against_declared_rules", "UPDATE sales SET total = -1 WHERE id IN (1, 300, 301, 1200, 2000, 2100)"),
        ("against_declared_references", "UPDATE sales SET branch_id = 9 WHERE id IN (1, 300, 301, 1200, 2000, 2100)"),
        ("against_agreed_references", "UPDATE sales SET seller_id = 9 WHERE id IN (1, 300, 301, 1200, 2000, 2100)"),
    ],
)
def test_old_rows_that_break_are_told_within_seven_days_and_until_they_are_mended(
    shop: Shop, question: str, break_it: str
) -> None:
    shop.round(question)
    shop.round(question)
    shop.change(break_it)
    found = []
    for _ in range(10):
        shop.sell(15)
        found.append(shop.round(question))
    assert found[6:] == [6] * 4
    assert found == sorted(found)
    shop.change("UPDATE sales SET total = 1, branch_id = 1, seller_id = 1")
    assert shop.round(question) == 0


def test_a_new_row_that_breaks_is_told_at_once(shop: Shop) -> None:
    shop.round()
    shop.sell(1, total=2_000_000)
    assert shop.round() == 1


def test_an_old_row_that_tells_when_it_was_changed_is_told_at_once(shop: Shop) -> None:
    shop.round()
    shop.round()
    shop.change("UPDATE sales SET total = 2000000, changed_at = '2026-01-17 12:00:00' WHERE id = 1000")
    assert shop.round() == 1


def test_doubles_past_a_damaged_key_are_told_within_seven_days(shop: Shop) -> None:
    shop.round("against_declared_rules")
    shop.change("CREATE INDEX numbers ON sales (number)")
    shop.change("UPDATE sales SET number = 'N-7' WHERE id IN (7, 1900)")
    with closing(sqlite3.connect(shop.file)) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'INDEX', 'UNIQUE INDEX') WHERE name = 'numbers'"
        )
    assert 1 in [shop.round("against_declared_rules") for _ in range(7)]


def test_a_table_filled_anew_is_read_whole_again(shop: Shop) -> None:
    shop.round()
    shop.round()
    shop.change("DELETE FROM sales WHERE id > 1500")
    shop.round()
    assert shop.read == 1_500


def test_a_last_row_that_is_taken_back_lets_no_older_one_be_forgotten(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a trial is after the round, on days on which nobody sells."""
    monkeypatch.setattr(rolling_scan, "_MOST_OF_A_PART", 100)
    monkeypatch.setattr(rolling_scan, "_FIRST_READ_WHOLE_UP_TO", 1_000)
    monkeypatch.setattr(rolling_scan, "_NEWEST", 50)
    shop.change("UPDATE sales SET total = 2000000 WHERE id = 1700")
    found = []
    for day in range(40):
        if day % 5:
            shop.sell(1)
        else:
            shop.change("DELETE FROM sales WHERE id = (SELECT max(id) FROM sales)")
        found.append(shop.round())
    assert 1 in found


def test_a_new_row_that_breaks_is_told_at_once_after_the_last_one_was_taken_back(shop: Shop) -> None:
    shop.round()
    shop.round()
    shop.change("DELETE FROM sales WHERE id > (SELECT max(id) - 3 FROM sales)")
    shop.round()
    assert shop.read < ROWS / 7 + 200
    shop.sell(1, total=2_000_000)
    assert shop.round() == 1


def test_a_rule_that_cannot_be_asked_keeps_no_other_from_going_on(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = {"table": "sales", "name": "A seller is known", "holds": "no_such_column > 0"}
    monkeypatch.setitem(MAPPING["agreed"], "rules", [*MAPPING["agreed"]["rules"], lost])
    for _ in range(2):
        with pytest.raises(CheckFailed, match="A seller is known"):
            shop.round()
    assert shop.read < ROWS / 7 + 200


def test_very_many_broken_rows_are_counted_whole_each_time(shop: Shop) -> None:
    shop.change("UPDATE sales SET total = 2000000 WHERE id <= 700")
    assert [shop.round() for _ in range(3)] == [700] * 3


def test_the_report_says_since_when_all_was_read(shop: Shop) -> None:
    shop.round()
    shop.round()
    (told,) = [one for one in shop.intakes if one.what == "questions about large tables"]
    assert told.of_them == {"each row read since 2026-01-16": 1}
