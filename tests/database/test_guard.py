"""A question that would read too much is not put; every other is, and is explained once at most."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import event, text

from hypercare.database.database import Database
from hypercare.database.guard import Guard
from hypercare.database.trouble import TooMuchToRead
from hypercare.outcome.database_load import listening_to_load
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target

WHOLE = "SELECT count(*) FROM sale WHERE total > 5"
BY_KEY = "SELECT total FROM sale WHERE id = 7"
BY_INDEX = "SELECT count(*) FROM sale WHERE made >= 5 AND made < 9"
SMALL = "SELECT count(*) FROM branch"
FIRST = "SELECT id FROM sale LIMIT 1"
PER_ROW = "SELECT (SELECT count(*) FROM branch b WHERE b.name > a.name) FROM branch a"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "shop.sqlite"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(
            "PRAGMA journal_mode = WAL; CREATE TABLE sale (id INTEGER PRIMARY KEY, made INTEGER, total INTEGER);"
            "CREATE INDEX by_time ON sale (made); CREATE TABLE branch (id INTEGER PRIMARY KEY, name TEXT);"
            "CREATE VIEW large_sale AS SELECT * FROM sale WHERE total > 5;"
            "CREATE TABLE word (word TEXT PRIMARY KEY) WITHOUT ROWID; INSERT INTO branch (name) VALUES ('N'), ('S');"
        )
        connection.executemany("INSERT INTO sale (made, total) VALUES (?, 9)", ((number,) for number in range(1000)))
    return path


def opened(file: Path, guard: Guard | None) -> Database:
    config = TargetConfig.model_validate(
        {
            "target": {"name": "tried"},
            "business": {"timezone": "UTC", "go_live": date(2026, 1, 8)},
            "database": {"url": f"sqlite:///{file}"},
        }
    )
    return Database(Target(config, Path("unused"), datetime(2026, 1, 15, tzinfo=UTC)), guard)


@pytest.fixture
def guarded(file: Path) -> Iterator[Database]:
    database = opened(file, Guard(500, "midday"))
    yield database
    database.close()


@pytest.fixture
def explained(guarded: Database) -> list[str]:
    return _explained(guarded)


def _explained(database: Database) -> list[str]:
    seen: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def _note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("EXPLAIN"):
            seen.append(statement)

    return seen


def test_a_question_that_reads_a_large_table_whole_is_not_put_and_says_so(guarded: Database) -> None:
    with listening_to_load() as load, pytest.raises(TooMuchToRead) as held_back:
        guarded.value(text(WHOLE))
    assert "A question about sale would read about 1,000 rows" in held_back.value.reason
    assert "in the midday round (at most 500)" in held_back.value.reason
    assert "read_from" in held_back.value.remedy
    assert load.held_back == [held_back.value.reason]


@pytest.mark.parametrize("question", [BY_KEY, BY_INDEX, SMALL, FIRST, PER_ROW])
def test_a_question_that_reads_little_is_put(guarded: Database, question: str) -> None:
    assert guarded.rows(text(question))


@pytest.mark.parametrize(
    "question",
    [
        "SELECT count(*) FROM large_sale",
        "SELECT count(*) FROM branch b JOIN sale s ON s.total > b.id",
        "SELECT name, (SELECT count(*) FROM sale s WHERE s.total > b.id) FROM branch b",
        "WITH all_of_them AS (SELECT total FROM sale) SELECT sum(total) FROM all_of_them",
        "SELECT total FROM sale WHERE total > 5 LIMIT 5",
    ],
)
def test_a_large_table_is_seen_behind_views_joins_and_subqueries(guarded: Database, question: str) -> None:
    with pytest.raises(TooMuchToRead):
        guarded.rows(text(question))


def test_a_loop_in_a_loop_is_reckoned_by_how_often_it_runs(guarded: Database) -> None:
    with pytest.raises(TooMuchToRead) as held_back:
        guarded.rows(text("SELECT count(*) FROM sale a CROSS JOIN sale b WHERE a.total + b.total = 3"))
    assert held_back.value.rows >= 1_000_000


def test_the_same_question_is_explained_once(guarded: Database, explained: list[str]) -> None:
    for first in range(4):
        guarded.value(text(BY_INDEX.replace("5", ":first")).bindparams(first=first))
    assert len(explained) == 1


def test_what_names_only_small_tables_is_not_explained(guarded: Database, explained: list[str]) -> None:
    guarded.value(text(SMALL))
    guarded.value(text("SELECT count(*) FROM sqlite_master"))
    assert explained == []


def test_a_small_database_is_never_explained(file: Path) -> None:
    database = opened(file, Guard(1_000_000))
    explained = _explained(database)
    database.value(text(WHOLE))
    database.close()
    assert explained == []


def test_what_was_fine_is_remembered_for_the_next_round_and_what_was_not_is_looked_at_again(
    file: Path, tmp_path: Path
) -> None:
    seen = []
    for _ in range(2):
        database = opened(file, Guard(500, memory=tmp_path / "explained.json"))
        seen.append(_explained(database))
        database.value(text(BY_INDEX))
        with pytest.raises(TooMuchToRead):
            database.value(text(WHOLE))
        database.close()
    assert [len(one) for one in seen] == [2, 1]


def test_plans_are_looked_at_again_when_a_table_has_grown_or_a_table_came(file: Path, tmp_path: Path) -> None:
    memory, seen = tmp_path / "explained.json", []
    for change in ("SELECT 1", "CREATE TABLE another (id INTEGER)"):
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute(change)
        database = opened(file, Guard(500, memory=memory))
        seen.append(_explained(database))
        database.value(text(BY_INDEX))
        database.close()
    assert [len(one) for one in seen] == [1, 1]


def test_a_memory_that_cannot_be_read_is_as_none(file: Path, tmp_path: Path) -> None:
    (tmp_path / "explained.json").write_text("{")
    database = opened(file, Guard(500, memory=tmp_path / "explained.json"))
    assert database.value(text(BY_INDEX)) == 4
    database.close()


def test_without_a_guard_all_is_put(file: Path) -> None:
    database = opened(file, None)
    assert database.value(text(WHOLE)) == 1000
    database.close()


def test_a_table_whose_size_cannot_be_told_keeps_no_question_from_being_put(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE odd (rowid TEXT)")
        connection.execute("INSERT INTO odd VALUES ('first')")
    database = opened(file, Guard(500))
    assert database.value(text(SMALL)) == 2
    database.close()
