"""The way into a real MariaDB: it cannot write, ends every statement, and says in plain words what is wrong."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import DBAPIError

from hypercare.database.database import Database
from hypercare.database.disk_space import read_something, short_of_room
from hypercare.database.trouble import TooSlow
from hypercare.database.writing import kept_from_writing
from hypercare.doctor.records import _read_only
from hypercare.outcome.signals import ChannelDown, CheckFailed, MonitorFault, NotCovered
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target
from tests.engines.mariadb_server import MariaDB

SCHEMA = (
    "CREATE TABLE sales (id int PRIMARY KEY, total decimal(12, 2) NOT NULL) ENGINE=InnoDB",
    "INSERT INTO sales VALUES (1, 10)",
    "CREATE TABLE notes (id int PRIMARY KEY) ENGINE=MyISAM",
)


def database_at(url: URL | str, timeout: str = "20s") -> Database:
    shown = url if isinstance(url, str) else url.render_as_string(hide_password=False)
    config = TargetConfig.model_validate(
        {
            "target": {"name": "tried"},
            "business": {"timezone": "Europe/Berlin", "go_live": date(2026, 1, 8)},
            "database": {"url": shown, "timeout": timeout},
        }
    )
    return Database(Target(config, Path("unused"), datetime(2026, 1, 15, tzinfo=UTC)))


@pytest.fixture(scope="module")
def shop(mariadb: MariaDB) -> Iterator[MariaDB]:
    mariadb.execute("CREATE DATABASE way CHARACTER SET utf8mb4")
    mariadb.execute(*SCHEMA, database="way")
    yield mariadb
    mariadb.execute("DROP DATABASE way", "DROP USER IF EXISTS reader@'127.0.0.1'")


@pytest.mark.parametrize("kind", ["mysql", "mariadb"])
@pytest.mark.parametrize(
    "statement",
    ["INSERT INTO sales VALUES (2, 1)", "INSERT INTO notes VALUES (1)", "DROP TABLE notes", "TRUNCATE notes"],
)
def test_nothing_is_written_whatever_the_kind_of_table(shop: MariaDB, kind: str, statement: str) -> None:
    database = database_at(f"{kind}://root:sesame@127.0.0.1:{shop.port}/way")
    with pytest.raises(DBAPIError, match="READ ONLY transaction"), database.engine.connect() as connection:
        connection.execute(text(statement))
    assert "only reads" in _read_only(database)
    database.close()


def test_related_questions_see_the_same_instant(shop: MariaDB) -> None:
    database = database_at(shop.url("way"))
    count = text("SELECT COUNT(*) FROM sales")
    with database.snapshot():
        before = database.value(count)
        shop.execute("INSERT INTO sales VALUES (77, 1)", database="way")
        assert database.value(count) == before
    assert database.value(count) == before + 1
    database.close()


@pytest.mark.long
@pytest.mark.parametrize("holder", ["", "LOCK TABLES sales WRITE"], ids=["slow", "locked"])
def test_a_question_that_would_not_end_is_ended(shop: MariaDB, holder: str) -> None:
    database = database_at(shop.url("way"), "1s")
    engine = create_engine(shop.url("way"))
    with engine.connect() as other:
        if holder:
            other.exec_driver_sql(holder)
        with pytest.raises(TooSlow, match="did not answer a question within 1 seconds"):
            database.value(text("SELECT COUNT(*) FROM sales" if holder else "SELECT SLEEP(3600)"))
    engine.dispose()
    database.close()


@pytest.mark.parametrize(
    ("question", "signal", "words"),
    [
        ("SELECT * FROM nowhere", CheckFailed, r"table way\.nowhere is not in the database"),
        ("SELECT nothing FROM sales", MonitorFault, "nothing"),
        ("SELEC 1", MonitorFault, "did not understand"),
        ("SELECT @@no_such_variable", MonitorFault, "did not understand"),
        (
            "SELECT _utf8mb4'a' COLLATE utf8mb4_bin = _utf8mb4'a' COLLATE utf8mb4_general_ci",
            NotCovered,
            "could not answer a question",
        ),
        ("SELECT no_such_function(id) FROM sales", NotCovered, "could not answer a question"),
    ],
)
def test_what_a_refused_question_means(shop: MariaDB, question: str, signal: type[Exception], words: str) -> None:
    database = database_at(shop.url("way"))
    with pytest.raises(signal, match=words):
        database.value(text(question))
    database.close()


def test_a_table_that_we_may_not_read_is_named(shop: MariaDB) -> None:
    shop.execute(
        "CREATE OR REPLACE USER reader@'127.0.0.1' IDENTIFIED BY 'sesame'",
        "GRANT SELECT ON way.notes TO reader@'127.0.0.1'",
    )
    database = database_at(shop.url("way", user="reader"))
    with pytest.raises(NotCovered, match=r"may not read way\.sales"):
        database.value(text("SELECT * FROM sales"))
    database.close()


@pytest.mark.parametrize(
    ("change", "signal", "words"),
    [
        ({"password": "wrong"}, MonitorFault, "refuses our user or password"),
        ({"database": "gone"}, ChannelDown, "database gone is not there"),
        ({"port": 1}, ChannelDown, "does not take a connection"),
        ({"host": "no-such-host.invalid"}, MonitorFault, "cannot be resolved"),
    ],
)
def test_what_a_refused_connection_means(
    shop: MariaDB, change: dict[str, object], signal: type[Exception], words: str
) -> None:
    with pytest.raises(signal, match=words):
        database_at(shop.url("way").set(**change)).value(text("SELECT 1"))  # type: ignore[arg-type]


def test_a_server_that_is_full_is_down_and_says_so(shop: MariaDB) -> None:
    shop.execute(
        "CREATE OR REPLACE USER reader@'127.0.0.1' IDENTIFIED BY 'sesame' WITH MAX_USER_CONNECTIONS 1",
        "GRANT SELECT ON way.* TO reader@'127.0.0.1'",
    )
    holder = create_engine(shop.url("way", user="reader"))
    with holder.connect(), pytest.raises(ChannelDown, match="has no connection left"):
        database_at(shop.url("way", user="reader")).value(text("SELECT 1"))
    holder.dispose()


def test_a_connection_that_was_cut_is_down(shop: MariaDB) -> None:
    database = database_at(shop.url("way"))
    with database.snapshot():
        own = database.value(text("SELECT CONNECTION_ID()"))
        shop.execute(f"KILL {own}")
        with pytest.raises(ChannelDown, match="broke the connection off"):
            database.value(text("SELECT COUNT(*) FROM sales"))
    assert database.value(text("SELECT 1")) == 1
    database.close()


def test_an_empty_database_is_down(shop: MariaDB) -> None:
    shop.execute("CREATE DATABASE empty_one")
    database = database_at(shop.url("empty_one"))
    with pytest.raises(ChannelDown, match="it has no table at all"):
        database.value(text("SELECT * FROM sales"))
    database.close()
    shop.execute("DROP DATABASE empty_one")


def test_room_and_right_to_write(shop: MariaDB) -> None:
    database = database_at(shop.url("way"))
    assert read_something(database) == 2
    room, writing = short_of_room(database), kept_from_writing(database)
    assert (room.found.count, writing.found.count) == (0, 0)
    room.require_all_seen()
    writing.require_all_seen()
    for name, value, usual in (("read_only", "ON", "OFF"), ("tx_read_only", "ON", "OFF")):
        shop.execute(f"SET GLOBAL {name} = {value}")
        assert kept_from_writing(database).found.count == 1, name
        shop.execute(f"SET GLOBAL {name} = {usual}")
    database.close()


def connections_to(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SHOW STATUS LIKE 'Threads_connected'").one()[1])


def test_connections_are_counted_also_by_a_user_without_rights(shop: MariaDB) -> None:
    shop.execute(
        "CREATE OR REPLACE USER reader@'127.0.0.1' IDENTIFIED BY 'sesame'",
        "GRANT SELECT ON way.* TO reader@'127.0.0.1'",
    )
    database = database_at(shop.url("way", user="reader"))
    assert short_of_room(database).found.count == 0
    engine = create_engine(shop.url("way"), poolclass=NullPool)
    with ExitStack() as held:
        first = held.enter_context(engine.connect())
        for _ in range(35):
            held.enter_context(engine.connect())
        # The server counts a connection until it has noticed that it was closed: those of earlier tests go by and by.
        most, before = connections_to(first), 0
        while most != before:
            time.sleep(0.2)
            most, before = connections_to(first), most
        first.exec_driver_sql(f"SET GLOBAL max_connections = {most + 3}")
        try:
            found = short_of_room(database).found
        finally:
            first.exec_driver_sql("SET GLOBAL max_connections = 151")
    database.close()
    assert [(row["what"], row["of"]) for row in found.sample] == [("connections to the database", most + 3)]


def test_a_name_in_every_script_and_an_unsigned_difference_come_back_whole(shop: MariaDB) -> None:
    shop.execute(
        "CREATE TABLE words (id int unsigned PRIMARY KEY, word varchar(40) CHARACTER SET utf8mb4, at datetime)",
        "INSERT INTO words VALUES (1, 'Žofie 漢字 🪑', '2026-01-15 10:00:00')",
        database="way",
    )
    database = database_at(shop.url("way"))
    row = database.row(text("SELECT word, id - 5 AS less FROM words"))
    assert (row["word"], row["less"]) == ("Žofie 漢字 🪑", -4)
    database.close()
