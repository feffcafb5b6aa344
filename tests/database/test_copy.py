"""What is asked of what is stored goes to the copy where there is one; what has to be fresh, to the main database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from hypercare.database import copy
from hypercare.database.database import Database
from hypercare.database.guard import Guard
from hypercare.database.trouble import TooMuchToRead
from hypercare.outcome.database_load import listening_to_load
from hypercare.outcome.freshness import copy_will_do
from hypercare.outcome.signals import ChannelDown, NotCovered
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target

WHO = text("SELECT name FROM who")


def written(file: Path, name: str) -> Path:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executescript(
            f"PRAGMA journal_mode = WAL; CREATE TABLE who (name); INSERT INTO who VALUES ('{name}')"
        )
    return file


def opened(tmp_path: Path, read_from: str | None, guard: Guard | None = None) -> Database:
    section = {"url": f"sqlite:///{written(tmp_path / 'main.sqlite', 'main')}", "read_from": read_from}
    config = TargetConfig.model_validate(
        {
            "target": {"name": "tried"},
            "business": {"timezone": "UTC", "go_live": date(2026, 1, 8)},
            "database": {name: value for name, value in section.items() if value},
        }
    )
    return Database(Target(config, tmp_path, datetime(2026, 1, 15, tzinfo=UTC)), guard)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = opened(tmp_path, f"sqlite:///{written(tmp_path / 'copy.sqlite', 'copy')}")
    yield database
    database.close()


def test_only_what_may_be_a_little_old_is_asked_of_the_copy(database: Database) -> None:
    asked = [database.value(WHO)]
    with copy_will_do():
        asked.append(database.value(WHO))
        with database.snapshot() as connection:
            asked += [connection.execute(WHO).scalar(), database.value(WHO)]
    assert [*asked, database.value(WHO)] == ["main", "copy", "copy", "copy", "main"]


def test_without_a_copy_all_is_asked_of_the_main_database(tmp_path: Path) -> None:
    database = opened(tmp_path, None)
    with copy_will_do():
        assert database.value(WHO) == "main"
    database.close()


def test_it_is_told_what_was_asked_of_the_copy_and_how_far_it_was_behind(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copy, "seconds_behind", lambda connection: 12.0)
    with listening_to_load() as load, copy_will_do():
        database.value(WHO)
    assert (load.copy.endswith("copy.sqlite"), load.behind_s) == (True, 12.0)


def test_a_copy_that_is_far_behind_is_not_asked(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copy, "seconds_behind", lambda connection: 7200.0)
    with copy_will_do(), pytest.raises(NotCovered) as told:
        database.value(WHO)
    assert "is 2 hours behind" in told.value.reason or "120 minutes behind" in told.value.reason
    assert database.value(WHO) == "main"


def test_a_copy_that_follows_no_more_is_not_asked(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copy, "seconds_behind", lambda connection: float("inf"))
    with copy_will_do(), pytest.raises(NotCovered, match="does not follow its main database any more"):
        database.value(WHO)
    assert database.value(WHO) == "main"


def test_how_far_it_is_behind_is_looked_at_once_a_minute(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    monkeypatch.setattr(copy, "seconds_behind", lambda connection: looked.append(1))
    with copy_will_do():
        for _ in range(5):
            database.value(WHO)
    assert looked == [1]


def test_a_copy_that_is_gone_is_no_outage(tmp_path: Path) -> None:
    database = opened(tmp_path, f"sqlite:///{tmp_path / 'gone.sqlite'}")
    with copy_will_do(), pytest.raises(NotCovered) as told:
        database.value(WHO)
    assert not isinstance(told.value, ChannelDown)
    assert "cannot be reached" in told.value.reason
    assert "read_from" in told.value.remedy
    assert database.value(WHO) == "main"
    database.close()


def test_what_is_wrong_with_a_question_is_told_as_ever(database: Database) -> None:
    with copy_will_do(), pytest.raises(Exception, match="The table nowhere is not in the database"):
        database.value(text("SELECT 1 FROM nowhere"))


def test_a_copy_is_guarded_too(tmp_path: Path) -> None:
    file = written(tmp_path / "copy.sqlite", "copy")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executemany("INSERT INTO who VALUES (?)", ((str(n),) for n in range(100)))
    database = opened(tmp_path, f"sqlite:///{file}", Guard(50))
    with copy_will_do(), pytest.raises(TooMuchToRead):
        database.value(text("SELECT count(*) FROM who WHERE name > '5'"))
    database.close()
