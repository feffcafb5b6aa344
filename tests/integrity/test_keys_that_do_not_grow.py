"""A large table with keys of text or several columns is read by pages that begin where the last one ended."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event

from hypercare.database.table_facts import TableFacts
from hypercare.integrity import rolling_scan
from hypercare.integrity.rolling_scan import RollingScan
from hypercare.integrity.rules import Broken, broken_agreements
from hypercare.outcome import intake
from hypercare.target_file.mapping import AgreedRule
from tests.operations.round_memory import Remembering

ROWS = 2_100
PAGE = 300
FIRST_DAY = datetime(2026, 1, 15, 9, tzinfo=UTC)
RULE = AgreedRule(table="letters", name="Letters are signed", holds="was_read(signed) = 1")


@dataclass
class Letters:
    engine: Engine
    memory: Remembering = field(default_factory=Remembering)
    day: int = 0
    read: int = 0

    def change(self, statement: str) -> None:
        with self.engine.begin() as connection:
            connection.exec_driver_sql(statement)

    def round(self, *, same_day: bool = False) -> list[Broken]:
        """What a round of the next day finds; `read` is then how many rows it looked at."""
        self.day += not same_day
        self.read = 0
        now = FIRST_DAY + timedelta(days=self.day)
        scan = RollingScan(self.memory, now, now.date())
        with self.engine.connect() as connection:
            found = broken_agreements(connection, [RULE], scan)
        scan.keep("letters")
        return found


@pytest.fixture(params=["text", "several columns"])
def letters(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Letters]:
    is_text = request.param == "text"
    facts = TableFacts(ROWS, None, frozenset(), "id" if is_text else "folder")
    monkeypatch.setattr(rolling_scan, "table_facts", lambda connection, table: facts)
    monkeypatch.setattr(rolling_scan, "READ_WHOLE_UP_TO", 100)
    file = tmp_path / "letters.sqlite"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE letters (id TEXT, folder INTEGER, place INTEGER, signed INTEGER DEFAULT 1)")
        ids = [str(uuid.uuid5(uuid.NAMESPACE_OID, str(number))) for number in range(ROWS)]
        rows = [(one, number // 7, number) for number, one in enumerate(ids)]
        connection.executemany("INSERT INTO letters (id, folder, place) VALUES (?, ?, ?)", rows)
    engine = create_engine(f"sqlite:///{file}")
    opened = Letters(engine)

    @event.listens_for(engine, "connect")
    def _count(connection: Any, _: object) -> None:
        def was_read(signed: int) -> int:
            opened.read += 1
            return signed

        connection.create_function("was_read", 1, was_read)

    yield opened
    engine.dispose()


def test_at_the_first_look_all_is_read(letters: Letters) -> None:
    assert letters.round() == []
    assert letters.read == ROWS


def test_from_then_on_a_day_reads_a_page(letters: Letters) -> None:
    letters.round()
    for _ in range(16):
        letters.round()
        assert letters.read <= PAGE + 14


def test_of_a_very_large_table_the_first_look_reads_a_page_too(
    letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rolling_scan, "_FIRST_READ_WHOLE_UP_TO", 1_000)
    letters.round()
    assert 0 < letters.read <= PAGE + 14


def test_a_second_round_of_a_day_reads_no_further_page(letters: Letters) -> None:
    letters.round()
    letters.round()
    letters.round(same_day=True)
    assert letters.read == 0


@pytest.mark.parametrize("place", [0, 1, 1050, ROWS - 1])
def test_an_old_row_that_breaks_is_told_within_seven_days_and_until_it_is_mended(letters: Letters, place: int) -> None:
    letters.round()
    letters.round()
    letters.change(f"UPDATE letters SET signed = 0 WHERE place = {place}")
    found = [sum(one.count for one in letters.round()) for _ in range(10)]
    assert found[6:] == [1] * 4
    assert found == sorted(found)
    letters.change("UPDATE letters SET signed = 1")
    assert letters.round() == []


def test_a_finding_stays_though_more_rows_break_than_are_remembered(
    letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rolling_scan, "_FIRST_READ_WHOLE_UP_TO", 1_000)
    letters.change("UPDATE letters SET signed = 0")
    for _ in range(9):
        assert letters.round()
        assert letters.read < ROWS * 3


def test_since_when_all_was_read_is_known_once_it_was(letters: Letters, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rolling_scan, "_FIRST_READ_WHOLE_UP_TO", 1_000)
    words = []
    for _ in range(9):
        with intake.listening() as heard:
            letters.round()
        words.append(next(iter(next(iter(heard.values())).of_them)))
    assert words[0] == "not read whole yet"
    assert words[-1] == "each row read since 2026-01-16"
