"""Once our share of the day is used up, only questions that read few records are put to a large database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from hypercare.database import guard
from hypercare.database.database import Database
from hypercare.database.day_share import DayShare
from hypercare.database.guard import Guard
from hypercare.database.trouble import DayShareUsedUp, TooMuchToRead
from hypercare.outcome.database_load import listening_to_load
from tests.database.test_guard import BY_INDEX, BY_KEY, SMALL, WHOLE, opened

ALLOWED_S = 864.0


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "shop.sqlite"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(
            "PRAGMA journal_mode = WAL; CREATE TABLE sale (id INTEGER PRIMARY KEY, made INTEGER, total INTEGER);"
            "CREATE INDEX by_time ON sale (made); CREATE TABLE branch (id INTEGER PRIMARY KEY, name TEXT);"
            "INSERT INTO branch (name) VALUES ('N'), ('S');"
        )
        connection.executemany("INSERT INTO sale (made, total) VALUES (?, 9)", ((number,) for number in range(1000)))
    return path


@pytest.fixture(autouse=True)
def _a_few_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "_FEW_ROWS", 500)


@pytest.fixture
def share() -> DayShare:
    return DayShare(ALLOWED_S, lambda: 860.0)


@pytest.fixture
def database(file: Path, share: DayShare) -> Iterator[Database]:
    database = opened(file, Guard(1_000_000, "evening", share=share))
    yield database
    database.close()


def test_what_earlier_rounds_left_of_it_may_be_used(database: Database, share: DayShare) -> None:
    assert database.value(text(WHOLE)) == 1000
    assert not share.is_used_up


def test_once_it_is_used_up_what_reads_a_large_table_is_not_put_and_says_why(
    database: Database, share: DayShare
) -> None:
    share.spend(5.0)
    with listening_to_load() as load, pytest.raises(DayShareUsedUp) as held_back:
        database.value(text(WHOLE))
    assert "A question about sale was not asked" in held_back.value.reason
    assert "for our rounds of this day for 14 minutes" in held_back.value.reason
    assert "heavy_rounds" in held_back.value.remedy
    assert load.held_back == [held_back.value.reason]


@pytest.mark.parametrize("question", [BY_KEY, BY_INDEX, SMALL])
def test_cheap_questions_go_on(database: Database, share: DayShare, question: str) -> None:
    share.spend(5.0)
    assert database.rows(text(question))


def test_what_would_read_too_much_on_any_day_says_so(file: Path, share: DayShare) -> None:
    share.spend(5.0)
    database = opened(file, Guard(700, share=share))
    with pytest.raises(TooMuchToRead):
        database.value(text(WHOLE))
    database.close()


def test_a_question_that_was_fine_before_is_held_back_all_the_same(database: Database, share: DayShare) -> None:
    assert database.value(text(WHOLE)) == 1000
    share.spend(5.0)
    with pytest.raises(DayShareUsedUp):
        database.value(text(WHOLE))


def test_a_small_database_is_asked_whatever_it_took(
    file: Path, share: DayShare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "_FEW_ROWS", 5_000)
    share.spend(5.0)
    database = opened(file, Guard(1_000_000, share=share))
    assert database.value(text(WHOLE)) == 1000
    database.close()


def test_each_statement_uses_it_up(database: Database) -> None:
    with listening_to_load() as load:
        database.rows(text("SELECT id FROM sale"))
    assert database.guard is not None and database.guard.share is not None
    assert load.seconds > 0
    assert not DayShare(load.seconds * 1000, lambda: 0.0).is_used_up
    database.guard.share.allowed_s = 860.0 + load.seconds / 2
    assert database.guard.share.is_used_up
