"""The application that writes an SQLite file never waits for us, whatever its journal and however long we read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from hypercare.database import sqlite_reading
from hypercare.database.database import Database
from hypercare.database.sqlite_reading import in_steps
from hypercare.database.trouble import TooSlow
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target

ROWS = 30_000
ALL = text("SELECT count(*) FROM sale")
ENDLESS = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n, sale) SELECT count(*) FROM n")


@pytest.fixture(params=["delete", "truncate", "persist"])
def file(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    path = tmp_path / "shop.sqlite"
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA journal_mode = {request.param}")
    connection.execute("CREATE TABLE sale (id INTEGER PRIMARY KEY, note TEXT)")
    connection.executemany("INSERT INTO sale (note) VALUES (?)", (("x" * 100,) for _ in range(ROWS)))
    connection.commit()
    connection.close()
    return path


@pytest.fixture
def database(file: Path, tmp_path: Path) -> Iterator[Database]:
    config = TargetConfig.model_validate(
        {
            "target": {"name": "tried"},
            "business": {"timezone": "UTC", "go_live": date(2026, 1, 8)},
            "database": {"url": f"sqlite:///{file}", "timeout": timedelta(seconds=2)},
        }
    )
    database = Database(Target(config, tmp_path / "state", datetime(2026, 1, 15, tzinfo=UTC)))
    yield database
    database.close()


def write(file: Path) -> None:
    """Write as an application would that waits for nobody at all: any lock of ours would be an error."""
    connection = sqlite3.connect(file, timeout=0)
    connection.execute("INSERT INTO sale (note) VALUES ('new')")
    connection.commit()
    connection.close()


def test_a_write_goes_through_in_the_middle_of_a_snapshot(file: Path, database: Database) -> None:
    with database.snapshot() as connection:
        assert database.value(ALL) == ROWS
        reading = connection.exec_driver_sql("SELECT id FROM sale ORDER BY id")
        assert reading.fetchone() is not None
        write(file)
        assert database.value(ALL) == ROWS
    assert database.value(ALL) == ROWS + 1
    assert "from a copy" in database.how_it_is_read


def test_what_was_written_is_seen_by_the_next_question(file: Path, database: Database) -> None:
    for more in range(1, 4):
        write(file)
        assert database.value(ALL) == ROWS + more


def test_what_did_not_change_is_not_copied_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    monkeypatch.setattr(sqlite_reading, "in_steps", lambda *given: (made.append(given), in_steps(*given)))
    assert [database.value(ALL) for _ in range(3)] == [ROWS] * 3
    assert len(made) == 1


def test_a_write_goes_through_between_any_two_steps_of_the_copy(
    file: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_reading, "_STEP_BYTES", 4096 * 10)
    written = []

    def pause(_seconds: float) -> None:
        if len(written) < 3:
            write(file)
            written.append(1)

    monkeypatch.setattr(sqlite_reading.time, "sleep", pause)
    assert database.value(ALL) == ROWS + 3
    assert len(written) == 3


def test_no_step_holds_the_lock_for_more_than_its_pages(file: Path) -> None:
    live, left = sqlite3.connect(file), list[int]()

    class Watched(sqlite3.Connection):
        def backup(self, target: sqlite3.Connection, *, progress: Any, **given: Any) -> None:
            def told(status: int, remaining: int, total: int) -> None:
                left.append(remaining)
                progress(status, remaining, total)

            super().backup(target, progress=told, **given)

    total = int(live.execute("PRAGMA page_count").fetchone()[0])
    in_steps(sqlite3.connect(file, factory=Watched), sqlite3.connect(":memory:"), 50, timedelta(seconds=30))
    taken = [before - after for before, after in pairwise([total, *left])]
    assert max(taken) == 50 and left[-1] == 0


@pytest.fixture
def restless(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file so large that it is not copied at once, and that is written between any two steps."""
    monkeypatch.setattr(sqlite_reading, "_STEP_BYTES", 4096 * 10)
    monkeypatch.setattr(sqlite_reading, "_SMALL", 0)
    monkeypatch.setattr(sqlite_reading.time, "sleep", lambda _seconds: write(file))


@pytest.mark.usefixtures("restless")
def test_a_file_that_never_rests_is_read_without_a_lock(file: Path, database: Database) -> None:
    with database.snapshot():
        before = database.value(ALL)
        assert before > ROWS
        write(file)
        assert database.value(ALL) == before + 1
    assert "without a lock" in database.how_it_is_read


@pytest.mark.long
@pytest.mark.usefixtures("restless")
def test_a_long_question_to_a_file_that_never_rests_is_ended_and_decides_for_no_other(
    file: Path, database: Database
) -> None:
    with pytest.raises(TooSlow):
        database.value(ENDLESS)
    write(file)
    assert database.value(ALL) > ROWS


def test_a_file_too_large_for_memory_is_copied_to_our_own_folder_and_removed(
    file: Path, database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sqlite_reading, "_IN_MEMORY", 0)
    assert database.value(ALL) == ROWS
    assert [one.name for one in (tmp_path / "state").rglob("*.sqlite")] == ["live.sqlite"]
    write(file)
    assert database.value(ALL) == ROWS + 1
    assert len(list((tmp_path / "state").rglob("*.sqlite"))) == 1
    database.close()
    assert not list((tmp_path / "state").rglob("*.sqlite"))


def test_without_room_for_a_copy_the_file_is_read_without_a_lock(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_reading, "_IN_MEMORY", 0)
    monkeypatch.setattr(sqlite_reading, "_ROOM_LEFT", 1 << 60)
    assert database.value(ALL) == ROWS
    assert "without a lock" in database.how_it_is_read
