"""What our questions cost the database is told to whoever listens, by the question and in all."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from hypercare.database.database import Database
from hypercare.database.trouble import CannotSay, TooSlow
from hypercare.outcome.database_load import DatabaseLoad, listening_to_load
from hypercare.outcome.signals import ChannelDown, Signal
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target

LONG = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT count(*) FROM n"
MANY_ROWS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) SELECT i FROM n"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    file = tmp_path / "shop.sqlite"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executescript("PRAGMA journal_mode = WAL; CREATE TABLE sale (id INTEGER PRIMARY KEY, total INTEGER)")
    config = TargetConfig.model_validate(
        {
            "target": {"name": "tried"},
            "business": {"timezone": "UTC", "go_live": date(2026, 1, 8)},
            "database": {"url": f"sqlite:///{file}", "timeout": "1s"},
        }
    )
    database = Database(Target(config, tmp_path, datetime(2026, 1, 15, tzinfo=UTC)))
    yield database
    database.close()


def test_the_slowest_question_is_named_by_what_it_is_about(database: Database) -> None:
    with listening_to_load() as load:
        database.value(text("SELECT 1"), about="nothing")
        database.value(text(LONG), about="numbers")
        database.value(text("SELECT 2"), about="nothing")
    assert (load.slowest, load.statements) == ("numbers", 3)
    assert 0 < load.slowest_s <= load.seconds


def test_a_question_without_words_is_named_by_its_tables(database: Database) -> None:
    with listening_to_load() as load:
        database.value(text('SELECT count(*) FROM "sale" s'))
    assert "sale" in load.slowest or load.slowest == ""


def test_rows_that_the_engine_finds_one_by_one_are_counted_in(database: Database) -> None:
    with listening_to_load() as few:
        database.rows(text(MANY_ROWS + " LIMIT 1"), about="one")
    with listening_to_load() as many:
        database.rows(text(MANY_ROWS), about="many")
    assert many.slowest == "many"
    assert many.seconds > few.seconds


def test_a_question_that_was_ended_counts_too(database: Database) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    with listening_to_load() as load, pytest.raises(TooSlow):
        database.value(text(endless), about="endless")
    assert load.slowest == "endless"
    assert load.seconds >= 0.9


def test_what_nobody_listens_to_is_added_up_beside(database: Database) -> None:
    database.value(text("SELECT 1"))
    with listening_to_load() as load:
        database.value(text("SELECT 2"))
    assert database.load.statements == load.statements > 0


def test_it_travels_as_plain_data_and_survives_what_a_newer_version_adds() -> None:
    load = DatabaseLoad(3, 0.5, "sales", 0.25, 0.1, ["too much"])
    assert DatabaseLoad.of({**load.as_dict(), "weather": "fine"}) == load


def test_signals_are_still_what_they_were(database: Database) -> None:
    with pytest.raises(Signal) as raised:
        database.value(text("SELECT nothing FROM nowhere"))
    assert not isinstance(raised.value, CannotSay | ChannelDown)
