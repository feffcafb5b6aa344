"""On servers too a question that would read too much is held back by their own plan, and no session waits long."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url

from hypercare.database import engine
from hypercare.database.copy import seconds_behind
from hypercare.database.database import Database
from hypercare.database.guard import Guard
from hypercare.database.trouble import TooMuchToRead, TooSlow
from hypercare.outcome.database_load import listening_to_load
from hypercare.outcome.signals import ChannelDown
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target
from tests.engines.mariadb_server import MariaDB
from tests.engines.postgresql_server import PostgreSQL

pytestmark = pytest.mark.engine
SCHEMA = (
    "CREATE TABLE sale (id integer PRIMARY KEY, made integer, total integer)",
    "CREATE TABLE line (id integer PRIMARY KEY, sale integer, total integer)",
    "INSERT INTO sale SELECT {number}, {number}, 9 FROM {numbers}",
    "INSERT INTO line SELECT {number}, {number}, 9 FROM {numbers}",
    "CREATE INDEX by_time ON sale (made)",
    "CREATE INDEX by_sale ON line (sale)",
    "CREATE TABLE branch (id integer PRIMARY KEY, name varchar(20))",
    "INSERT INTO branch VALUES (1, 'N'), (2, 'S')",
    "CREATE VIEW all_sales AS SELECT * FROM sale",
)
ROWS = 20_000
_LOCKS = {
    "postgresql": (("BEGIN", "LOCK TABLE branch"), "ROLLBACK"),
    "mariadb": (("LOCK TABLES branch WRITE",), "UNLOCK TABLES"),
    "mysql": (("LOCK TABLES branch WRITE",), "UNLOCK TABLES"),
}
SERVERS = ["postgresql_url", "mariadb_url"]


@pytest.fixture
def postgresql_url(postgresql: PostgreSQL) -> Iterator[str]:
    words = {"number": "n", "numbers": f"generate_series(1, {ROWS}) AS n"}
    postgresql.execute("CREATE DATABASE guarded")
    postgresql.execute(*(one.format(**words) for one in SCHEMA), "ANALYZE", database="guarded")
    yield postgresql.url("guarded").render_as_string()
    postgresql.execute("DROP DATABASE guarded WITH (FORCE)")


@pytest.fixture
def mariadb_url(mariadb: MariaDB) -> Iterator[str]:
    words = {"number": "seq", "numbers": f"seq_1_to_{ROWS}"}
    mariadb.execute("CREATE DATABASE guarded")
    analyze = "ANALYZE TABLE sale, line, branch"
    mariadb.execute(*(one.format(**words) for one in SCHEMA), analyze, database="guarded")
    yield mariadb.url("guarded").render_as_string(hide_password=False)
    mariadb.execute("DROP DATABASE guarded")


@pytest.fixture(params=SERVERS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    opened = opened_at(request.getfixturevalue(request.param), tmp_path, Guard(5_000, "evening"))
    yield opened
    opened.close()


def opened_at(url: str, state: Path, guard: Guard | None = None, timeout: str = "2s") -> Database:
    config = TargetConfig.model_validate(
        {
            "target": {"name": "tried"},
            "business": {"timezone": "UTC", "go_live": date(2026, 1, 8)},
            "database": {"url": url, "timeout": timeout},
        }
    )
    return Database(Target(config, state, datetime(2026, 1, 15, tzinfo=UTC)), guard)


@pytest.mark.long
@pytest.mark.parametrize(
    "question",
    [
        "SELECT count(*) FROM sale WHERE total > 5",
        "SELECT count(*) FROM all_sales WHERE total > 5",
        "SELECT count(*) FROM sale s JOIN line l ON l.sale = s.id WHERE s.total > l.total",
        "SELECT name, (SELECT count(*) FROM sale s WHERE s.total > b.id) AS n FROM branch b",
    ],
)
def test_a_question_that_reads_a_large_table_whole_is_held_back(database: Database, question: str) -> None:
    with pytest.raises(TooMuchToRead) as held_back:
        database.rows(text(question))
    assert held_back.value.rows >= ROWS * 0.9
    assert database.value(text("SELECT count(*) FROM branch")) == 2


@pytest.mark.long
@pytest.mark.parametrize(
    "question",
    [
        "SELECT total FROM sale WHERE id = 7",
        "SELECT count(*) AS n FROM sale WHERE made >= 50 AND made < 900",
        "SELECT sum(l.total) AS n FROM sale s JOIN line l ON l.sale = s.id WHERE s.made >= 50 AND s.made < 60",
        "SELECT id FROM sale LIMIT 1",
        "SELECT count(*) AS n FROM branch",
        "SELECT id FROM all_sales WHERE id = 8",
    ],
)
def test_a_question_that_reads_little_is_put(database: Database, question: str) -> None:
    assert database.rows(text(question))


def test_related_questions_of_a_snapshot_go_on_after_one_was_held_back(database: Database) -> None:
    with database.snapshot():
        assert database.value(text("SELECT count(*) FROM branch")) == 2
        with pytest.raises(TooMuchToRead):
            database.value(text("SELECT count(*) FROM sale WHERE total > 5"))
        assert database.value(text("SELECT count(*) FROM branch")) == 2


def test_what_is_wrong_with_a_question_is_told_as_without_a_guard(database: Database, tmp_path: Path) -> None:
    question = text("SELECT nothing FROM sale WHERE total > 5")
    plain = opened_at(database.url.render_as_string(hide_password=False), tmp_path)
    told = []
    for one in (database, plain):
        with pytest.raises(Exception) as raised:
            one.value(question)
        told.append((type(raised.value), str(raised.value)))
    plain.close()
    assert told[0] == told[1]


def test_the_same_question_with_other_values_is_explained_once(database: Database) -> None:
    seen: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def _note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "EXPLAIN" in statement:
            seen.append(statement)

    for first in (1, 50, 500):
        question = text("SELECT count(*) FROM sale WHERE made >= :first AND made < 900").bindparams(first=first)
        database.value(question)
    assert len(seen) == 1


@pytest.mark.long
def test_a_wait_for_a_lock_is_ended_and_told(database: Database) -> None:
    """Whoever changes the table holds it; our question gives up within the time limit."""
    blocker = create_engine(make_url(database.url), isolation_level="AUTOCOMMIT")
    lock, unlock = _LOCKS[database.dialect]
    database.value(text("SELECT 1"))
    with blocker.connect() as connection, listening_to_load() as load:
        for statement in lock:
            connection.exec_driver_sql(statement)
        with pytest.raises(TooSlow):
            database.value(text("SELECT count(*) FROM branch"))
        connection.exec_driver_sql(unlock)
    blocker.dispose()
    assert load.lock_wait_s > 0.5


def test_a_session_on_postgresql_takes_one_core_compiles_nothing_and_ends_in_time(
    postgresql_url: str, tmp_path: Path
) -> None:
    database = opened_at(postgresql_url, tmp_path)
    names = ("jit", "max_parallel_workers_per_gather", "statement_timeout", "lock_timeout", "transaction_read_only")
    assert [database.value(text(f"SHOW {name}")) for name in names] == ["off", "0", "2s", "1s", "on"]
    assert database.value(text("SHOW transaction_isolation")) == "repeatable read"
    database.close()


def test_behind_a_pooler_nothing_is_left_in_the_session_that_it_lends(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_stands_behind_a_pooler", lambda connection: True)
    database = opened_at(postgresql_url, tmp_path)
    names = ("jit", "max_parallel_workers_per_gather", "statement_timeout", "lock_timeout", "transaction_read_only")
    for _ in range(7):  # by then a driver would have prepared what it asks again and again
        assert [database.value(text(f"SHOW {name}")) for name in names] == ["off", "0", "2s", "1s", "on"]
    raw: Any = database.engine.raw_connection().driver_connection
    raw.autocommit = True
    left = [raw.execute(f"SHOW {name}").fetchone()[0] for name in names]
    database.close()
    assert left == ["on", "2", "0", "0", "off"]


@pytest.mark.parametrize("pooled", [True, False])
def test_a_server_that_does_not_know_what_spares_it_is_asked_all_the_same(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, pooled: bool
) -> None:
    monkeypatch.setattr(engine, "_courtesies", lambda version: ["nothing_of_the_kind = 1", "jit = off"])
    monkeypatch.setattr(engine, "_stands_behind_a_pooler", lambda connection: pooled)
    database = opened_at(postgresql_url, tmp_path)
    assert [database.value(text(f"SHOW {name}")) for name in ("jit", "statement_timeout")] == ["off", "2s"]
    database.close()


@pytest.mark.long
def test_a_user_with_one_connection_is_asked_for_no_second_again_and_again(
    postgresql: PostgreSQL, postgresql_url: str, tmp_path: Path
) -> None:
    postgresql.execute("CREATE ROLE guest LOGIN CONNECTION LIMIT 1")
    url = make_url(postgresql_url).set(username="guest").render_as_string()
    database = opened_at(url, tmp_path, timeout="20s")
    try:
        for _ in range(3):
            assert database.value(text("SELECT 1 FROM pg_sleep(1.3)")) == 1
    finally:
        database.close()
        log = (postgresql.folder / "log").read_text()
        postgresql.execute("DROP ROLE guest")
    assert log.count('too many connections for role "guest"') == 1


def test_a_statement_whose_session_was_ended_is_looked_after_no_more(
    postgresql: PostgreSQL, postgresql_url: str, tmp_path: Path
) -> None:
    database = opened_at(postgresql_url, tmp_path, timeout="20s")
    of_it = "query LIKE '%pg_sleep(17)%' AND pid <> pg_backend_pid()"
    end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {of_it}"
    timer = threading.Timer(0.3, postgresql.execute, [end])
    timer.start()
    with pytest.raises(ChannelDown):
        database.value(text("SELECT 1 FROM pg_sleep(17)"))
    timer.join()
    assert database._lock_waits is not None
    assert not database._lock_waits._running
    database.close()


def test_a_session_on_mariadb_ends_in_time(mariadb_url: str, tmp_path: Path) -> None:
    database = opened_at(mariadb_url, tmp_path)
    names = ("max_statement_time", "lock_wait_timeout", "innodb_lock_wait_timeout", "tx_read_only")
    assert [float(database.value(text(f"SELECT @@SESSION.{name}"))) for name in names] == [2, 1, 1, 1]
    database.close()


@pytest.mark.long
@pytest.mark.parametrize("server", SERVERS)
def test_a_question_that_waited_and_was_answered_tells_its_wait(
    server: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    database = opened_at(request.getfixturevalue(server), tmp_path, timeout="60s")
    blocker = create_engine(make_url(database.url), isolation_level="AUTOCOMMIT")
    lock, unlock = _LOCKS[database.dialect]
    database.value(text("SELECT 1"))
    with blocker.connect() as connection, listening_to_load() as load:
        for statement in lock:
            connection.exec_driver_sql(statement)
        timer = threading.Timer(1.5, connection.exec_driver_sql, [unlock])
        timer.start()
        assert database.value(text("SELECT count(*) FROM branch")) == 2
        timer.join()
    blocker.dispose()
    database.close()
    assert 0.3 < load.lock_wait_s <= load.slowest_s


def test_a_server_that_is_no_copy_tells_of_no_lag_and_goes_on(database: Database) -> None:
    with database.snapshot() as connection:
        assert seconds_behind(connection) is None
        assert database.value(text("SELECT count(*) FROM branch")) == 2


def test_a_copy_on_mariadb_whose_replication_stands_still_follows_no_more(
    mariadb: MariaDB, mariadb_url: str, tmp_path: Path
) -> None:
    mariadb.execute("CHANGE MASTER TO master_host = '127.0.0.1', master_port = 9, master_user = 'nobody'")
    database = opened_at(mariadb_url, tmp_path)
    try:
        with database.snapshot() as connection:
            assert seconds_behind(connection) == float("inf")
    finally:
        database.close()
        mariadb.execute("RESET SLAVE ALL")
