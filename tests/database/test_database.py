"""The way into the database cannot write, never waits without bound, and says in plain words what is wrong."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hypercare.database.database import Database
from hypercare.database.trouble import TooSlow
from hypercare.outcome.evidence import Attachment, collecting
from hypercare.outcome.signals import ChannelDown, MonitorFault, NotCovered
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target
from tests.engines.packaged_postgresql import packaged_postgresql


def database_at(url: str | None, timeout: str = "30s") -> Database:
    config = TargetConfig.model_validate(
        {
            "target": {"name": "tried"},
            "business": {"timezone": "Europe/Berlin", "go_live": date(2026, 1, 8)},
            **({"database": {"url": url, "timeout": timeout}} if url else {}),
        }
    )
    return Database(Target(config, Path("unused"), datetime(2026, 1, 15, tzinfo=UTC)))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    import sqlite3

    path = tmp_path / "shop.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript("PRAGMA journal_mode=WAL; CREATE TABLE sale (id INTEGER); INSERT INTO sale VALUES (1)")
    connection.close()
    return path


@pytest.fixture(scope="module")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server_of = packaged_postgresql()
    server = server_of.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


def test_reads(file: Path) -> None:
    database = database_at(f"sqlite:///{file}")
    assert database.value(text("SELECT id FROM sale")) == 1
    assert (database.dialect, database.file, database.address) == ("sqlite", file, str(file))


def test_cannot_write(file: Path) -> None:
    database = database_at(f"sqlite:///{file}")
    with pytest.raises(DBAPIError, match="readonly"), database.engine.connect() as connection:
        connection.execute(text("INSERT INTO sale VALUES (2)"))


@pytest.mark.long
def test_cannot_write_on_postgresql(postgresql: str) -> None:
    database = database_at(postgresql)
    with pytest.raises(DBAPIError, match="read-only transaction"), database.engine.connect() as connection:
        connection.execute(text("CREATE TABLE mine (id INTEGER)"))
    database.close()


def test_sees_one_instant_within_a_snapshot(file: Path) -> None:
    import sqlite3

    database = database_at(f"sqlite:///{file}")
    count = text("SELECT COUNT(*) FROM sale")
    with database.snapshot():
        assert database.value(count) == 1
        with sqlite3.connect(file) as other:
            other.execute("INSERT INTO sale VALUES (2)")
        assert database.value(count) == 1
    assert database.value(count) == 2


@pytest.mark.parametrize(
    ("spoil", "cause"),
    [
        (lambda path: path.unlink(), "database-missing"),
        (lambda path: path.write_bytes(b"this is no database at all" * 100), "database-damaged"),
    ],
)
def test_a_spoilt_file_is_told_in_words(file: Path, spoil: object, cause: str) -> None:
    for extra in ("-wal", "-shm"):
        file.with_name(file.name + extra).unlink(missing_ok=True)
    spoil(file)  # type: ignore[operator]
    with pytest.raises(ChannelDown) as told:
        database_at(f"sqlite:///{file}").value(text("SELECT id FROM sale"))
    assert (told.value.way, told.value.finding.cause, told.value.address) == ("database", cause, str(file))


def test_a_file_that_breaks_between_two_questions_is_noticed(file: Path) -> None:
    database = database_at(f"sqlite:///{file}")
    assert database.value(text("SELECT id FROM sale")) == 1
    file.rename(file.with_name("moved"))
    with pytest.raises(ChannelDown, match="is not there"):
        database.value(text("SELECT id FROM sale"))


def test_an_empty_database_is_down(tmp_path: Path) -> None:
    path = tmp_path / "empty.sqlite"
    path.touch()
    with pytest.raises(ChannelDown, match="it has no table at all"):
        database_at(f"sqlite:///{path}").value(text("SELECT id FROM sale"))


@pytest.mark.server
def test_a_server_that_is_not_there_is_down() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    database = database_at(f"postgresql://shop:sesame@127.0.0.1:{port}/shop")
    with pytest.raises(ChannelDown, match="does not take a connection") as told:
        database.value(text("SELECT 1"))
    assert told.value.address == f"127.0.0.1:{port}"
    assert "sesame" not in repr(told.value.finding) + database.public_url


def test_a_question_without_end_is_ended(file: Path) -> None:
    endless = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n")
    with pytest.raises(TooSlow, match=r"did not answer a question within 0\.2 seconds"):
        database_at(f"sqlite:///{file}", "200ms").value(endless)


def test_a_question_without_end_is_ended_on_postgresql(postgresql: str) -> None:
    database = database_at(postgresql, "300ms")
    with pytest.raises(TooSlow, match="did not answer"):
        database.value(text("SELECT pg_sleep(3600)"))
    database.close()


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.engine)])
def test_what_is_ours_is_not_blamed_on_the_target(engine: str, file: Path, request: pytest.FixtureRequest) -> None:
    url = f"sqlite:///{file}" if engine == "sqlite" else request.getfixturevalue("postgresql")
    database = database_at(url)
    with pytest.raises(MonitorFault, match="did not understand"):
        database.value(text("SELEC 1"))
    with pytest.raises(MonitorFault, match="nonsense"):
        database.value(text("SELECT nonsense FROM (SELECT 1 AS one) AS seen"))
    database.close()


def test_a_name_that_cannot_be_resolved_is_our_trouble() -> None:
    with pytest.raises(MonitorFault, match="cannot be resolved"):
        database_at("postgresql://nobody@no-such-host.invalid/shop").value(text("SELECT 1"))


def test_no_database_is_not_covered() -> None:
    with pytest.raises(NotCovered, match="no database is configured"):
        database_at(None).value(text("SELECT 1"))


@pytest.mark.parametrize("url", ["not an address", "dbase://x/y"])
def test_an_address_that_is_no_address_is_our_fault(url: str) -> None:
    with pytest.raises(MonitorFault):
        database_at(url).value(text("SELECT 1"))


def test_questions_are_evidence(file: Path) -> None:
    kept: list[Attachment] = []
    with collecting(kept.append):
        database_at(f"sqlite:///{file}").value(
            text("SELECT id FROM sale WHERE id = :one").bindparams(one=1), about="one sale"
        )
    assert [one.name for one in kept] == ["SQL: one sale"]
    assert "SELECT id FROM sale" in str(kept[0].body) and "one = 1" in str(kept[0].body)
