"""A question without a lock keeps nobody from writing, and its answer counts only if nobody wrote meanwhile."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, make_url
from sqlalchemy.exc import OperationalError

from hypercare.database import sqlite_unlocked
from hypercare.database.sqlite_unlocked import UnlockedReading, WrittenMeanwhile

ROWS = 5_000
Write = Callable[[Path], None]


@pytest.fixture(params=["delete", "truncate", "persist", "memory"])
def journal(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "shop.sqlite"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE sale (id INTEGER PRIMARY KEY, note TEXT)")
        connection.executemany("INSERT INTO sale (note) VALUES (?)", (("x" * 100,) for _ in range(ROWS)))
    return path


@pytest.fixture
def reading(file: Path) -> Iterator[UnlockedReading]:
    reading = UnlockedReading(file, make_url(f"sqlite:///{file}"), timedelta(seconds=30))
    yield reading
    reading.close()


class Application:
    """Who writes, and waits for nobody at all: any lock of ours would be an error."""

    def __init__(self, file: Path, journal: str) -> None:
        self.connection = sqlite3.connect(file, timeout=0, isolation_level=None)
        self.connection.execute(f"PRAGMA journal_mode = {journal}")
        self.connection.execute("PRAGMA cache_size = 5")

    def writes(self) -> None:
        self.connection.execute("INSERT INTO sale (note) VALUES ('new')")

    def writes_and_takes_it_back(self) -> None:
        """So much that it reaches the file before it is taken back."""
        self.connection.execute("BEGIN")
        self.connection.execute("UPDATE sale SET note = 'another'")
        self.connection.execute("ROLLBACK")


@pytest.fixture
def application(file: Path, journal: str) -> Iterator[Application]:
    application = Application(file, journal)
    yield application
    application.connection.close()


def count(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT count(note) FROM sale").scalar_one())


@pytest.mark.parametrize(("does", "more"), [("writes", 1), ("writes_and_takes_it_back", 0)])
def test_an_answer_during_which_somebody_wrote_is_thrown_away(
    reading: UnlockedReading, application: Application, does: str, more: int
) -> None:
    tries = []

    def ask(connection: Connection) -> int:
        tries.append(1)
        rows = connection.exec_driver_sql("SELECT note FROM sale")
        rows.fetchone()
        if len(tries) == 1:
            getattr(application, does)()
        return 1 + len(rows.fetchall())

    assert reading.answer(ask) == ROWS + more
    assert len(tries) == 2


def test_it_is_said_where_each_answer_would_be_thrown_away(reading: UnlockedReading, application: Application) -> None:
    tries = []

    def ask(connection: Connection) -> int:
        tries.append(count(connection))
        application.writes()
        return tries[-1]

    with pytest.raises(WrittenMeanwhile):
        reading.answer(ask)
    assert tries == [ROWS + number for number in range(sqlite_unlocked._TRIES)]


@pytest.mark.parametrize("gets_on", [True, False])
def test_where_each_answer_would_be_thrown_away_a_lock_is_held_only_by_who_is_not_kept_waiting(
    file: Path, reading: UnlockedReading, application: Application, monkeypatch: pytest.MonkeyPatch, gets_on: bool
) -> None:
    monkeypatch.setattr(sqlite_unlocked, "_LEAST_SHARE", 0 if gets_on else 2)
    locking = create_engine(f"sqlite:///{file}")

    def ask(connection: Connection) -> int:
        found = count(connection)
        if connection.engine is not locking:
            application.writes()
        return found

    with locking.connect() as brief, nullcontext() if gets_on else pytest.raises(WrittenMeanwhile):
        assert reading.answer_or_else(brief, ask) == ROWS + sqlite_unlocked._TRIES
    locking.dispose()


def test_what_is_said_of_a_file_of_two_states_is_said_of_nothing(
    reading: UnlockedReading, application: Application
) -> None:
    tries = []

    def ask(connection: Connection) -> int:
        tries.append(1)
        if len(tries) == 1:
            application.writes()
            raise sqlite3.DatabaseError("database disk image is malformed")
        return count(connection)

    assert reading.answer(ask) == ROWS + 1


def test_what_is_said_of_a_file_that_stayed_as_it_was_is_passed_on(reading: UnlockedReading) -> None:
    with pytest.raises(OperationalError, match="no such table"):
        reading.answer(lambda connection: connection.exec_driver_sql("SELECT * FROM purchase").all())


def test_a_change_that_is_not_committed_yet_is_not_seen_and_not_waited_for(
    reading: UnlockedReading, application: Application
) -> None:
    application.connection.execute("BEGIN IMMEDIATE")
    application.writes()
    assert reading.answer(count) == ROWS
    application.connection.execute("COMMIT")
    assert reading.answer(count) == ROWS + 1


def test_a_question_whose_answer_would_be_thrown_away_ends(reading: UnlockedReading, application: Application) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    written = []

    def ask(connection: Connection) -> int:
        if written:
            return count(connection)
        count(connection)
        application.writes()
        written.append(1)
        return int(connection.exec_driver_sql(endless).scalar_one())

    assert reading.answer(ask) == ROWS + 1


def test_nothing_can_be_written_without_a_lock(reading: UnlockedReading) -> None:
    with pytest.raises(OperationalError, match="readonly"):
        reading.answer(lambda connection: connection.exec_driver_sql("DELETE FROM sale"))
    assert reading.answer(count) == ROWS
