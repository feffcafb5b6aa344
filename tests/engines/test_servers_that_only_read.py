"""A server that lets nobody write is an outage; a copy of one, or a user of ours that only reads, is none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from hypercare.database.database import Database
from hypercare.database.writing import kept_from_writing
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target
from tests.engines.mariadb_server import MariaDB
from tests.engines.postgresql_server import PostgreSQL

OUR_USER = "watcher"


@contextmanager
def database_at(url: URL) -> Iterator[Database]:
    config = TargetConfig.model_validate(
        {
            "target": {"name": "tried"},
            "business": {"timezone": "Europe/Berlin", "go_live": date(2026, 1, 8)},
            "database": {"url": url.render_as_string(hide_password=False)},
        }
    )
    database = Database(Target(config, Path("unused"), datetime(2026, 1, 15, tzinfo=UTC)))
    try:
        yield database
    finally:
        database.close()


def told(url: URL) -> tuple[list[object], str]:
    """The troubles that are found, and what is said not to be seen."""
    with database_at(url) as database:
        look = kept_from_writing(database)
        try:
            look.require_all_seen()
        except NotCovered as gap:
            return [row["trouble"] for row in look.found.sample], gap.reason
        return [row["trouble"] for row in look.found.sample], ""


@pytest.fixture
def shop(postgresql: PostgreSQL) -> Iterator[PostgreSQL]:
    postgresql.execute("CREATE DATABASE writing", f"CREATE ROLE {OUR_USER} LOGIN", "CREATE ROLE till LOGIN")
    yield postgresql
    postgresql.execute(
        "SET default_transaction_read_only = off",
        "DROP DATABASE writing WITH (FORCE)",
        f"DROP ROLE {OUR_USER}",
        "DROP ROLE till",
        "ALTER SYSTEM RESET ALL",
    )
    postgresql.reload("default_transaction_read_only", "off")


def as_us(server: PostgreSQL) -> URL:
    return server.url("writing").set(username=OUR_USER)


def test_a_server_in_good_order_says_nothing(shop: PostgreSQL) -> None:
    assert told(as_us(shop)) == ([], "")


@pytest.mark.parametrize(
    "statements",
    [
        ("ALTER DATABASE writing SET default_transaction_read_only = on",),
        ("ALTER SYSTEM SET default_transaction_read_only = on",),
        (
            f"ALTER ROLE {OUR_USER} SET default_transaction_read_only = on",
            "ALTER DATABASE writing SET default_transaction_read_only = on",
        ),
    ],
    ids=["database", "server", "database, and our user besides"],
)
def test_what_holds_for_everybody_is_found(shop: PostgreSQL, statements: tuple[str, ...]) -> None:
    shop.execute(*statements)
    if "SYSTEM" in statements[0]:
        shop.reload("default_transaction_read_only", "on")
    (trouble,), _ = told(as_us(shop))
    assert str(trouble).startswith("every new transaction is read-only")


@pytest.mark.parametrize("scope", ["", "IN DATABASE writing"])
def test_what_holds_for_our_user_alone_alarms_nobody(shop: PostgreSQL, scope: str) -> None:
    shop.execute(f"ALTER ROLE {OUR_USER} {scope} SET default_transaction_read_only = on")
    troubles, unseen = told(as_us(shop))
    assert not troubles
    assert "hides whether the server lets others write" in unseen


def test_what_our_own_address_asks_for_alarms_nobody(shop: PostgreSQL) -> None:
    url = as_us(shop).update_query_dict({"options": "-c default_transaction_read_only=on"})
    assert told(url)[0] == []


def test_what_holds_for_another_user_alone_says_nothing(shop: PostgreSQL) -> None:
    shop.execute("ALTER ROLE till SET default_transaction_read_only = on")
    assert told(as_us(shop)) == ([], "")


def test_the_session_only_reads_afterwards_as_before(shop: PostgreSQL) -> None:
    from sqlalchemy import text

    with database_at(as_us(shop)) as database:
        kept_from_writing(database)
        assert database.value(text("SELECT current_setting('default_transaction_read_only')")) == "on"


@pytest.fixture
def server(mariadb: MariaDB) -> Iterator[MariaDB]:
    mariadb.execute(
        "CREATE DATABASE writing",
        "CREATE TABLE writing.sales (id int PRIMARY KEY)",
        f"CREATE USER {OUR_USER}@'127.0.0.1' IDENTIFIED BY 'sesame'",
        f"GRANT SELECT ON writing.* TO {OUR_USER}@'127.0.0.1'",
    )
    yield mariadb
    mariadb.execute(
        "SET GLOBAL read_only = OFF",
        "RESET SLAVE ALL",
        "SET GLOBAL gtid_slave_pos = ''",
        "DROP DATABASE writing",
        f"DROP USER {OUR_USER}@'127.0.0.1'",
    )


FOLLOWS = "CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_USER = 'nobody', MASTER_PORT = 1"


@pytest.mark.parametrize("user", ["root", OUR_USER])
def test_a_server_of_its_own_that_only_reads_is_found(server: MariaDB, user: str) -> None:
    assert told(server.url("writing", user=user)) == ([], "")
    server.execute("SET GLOBAL read_only = ON")
    assert told(server.url("writing", user=user)) == (["it is set to read-only (read_only)"], "")


def test_a_copy_that_only_reads_alarms_nobody(server: MariaDB) -> None:
    server.execute("SET GLOBAL read_only = ON", FOLLOWS)
    troubles, unseen = told(server.url("writing"))
    assert not troubles
    assert "a copy that follows another server" in unseen


def test_whether_it_is_a_copy_may_not_be_ours_to_see(server: MariaDB) -> None:
    server.execute("SET GLOBAL read_only = ON", "SET GLOBAL gtid_slave_pos = '0-1-5'")
    troubles, unseen = told(server.url("writing", user=OUR_USER))
    assert not troubles
    assert "is not ours to see" in unseen
