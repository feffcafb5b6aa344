"""Damage that a real PostgreSQL reports by amcheck and by the checksums of its pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from hypercare.database.database import Database
from hypercare.integrity import Integrity
from hypercare.outcome import evidence
from hypercare.outcome.found import Found
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target
from tests.engines.postgresql_server import PostgreSQL

SCHEMA = (
    "CREATE EXTENSION amcheck",
    "CREATE TABLE sales (id int PRIMARY KEY, number text NOT NULL UNIQUE, body text)",
    "INSERT INTO sales SELECT n, 'N-' || lpad(n::text, 6, '0'), repeat('x', 300) FROM generate_series(1, 2000) n",
    "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE TRIGGER keeps_the_ledger AFTER INSERT ON sales FOR EACH ROW EXECUTE FUNCTION nothing()",
)


@pytest.fixture
def shop(postgresql: PostgreSQL) -> Iterator[PostgreSQL]:
    postgresql.execute("CREATE DATABASE shop")
    postgresql.execute(*SCHEMA, database="shop")
    yield postgresql
    postgresql.execute("DROP DATABASE shop WITH (FORCE)")


@pytest.fixture
def integrity(shop: PostgreSQL) -> Iterator[Integrity]:
    url = shop.url("shop").render_as_string(hide_password=False)
    config = TargetConfig.model_validate(
        {
            "target": {"name": "tried"},
            "business": {"timezone": "Europe/Berlin", "go_live": date(2026, 1, 8)},
            "database": {"url": url},
        }
    )
    database = Database(Target(config, Path("unused"), datetime(2026, 1, 15, tzinfo=UTC)))
    yield Integrity(database)
    database.close()


def looked(integrity: Integrity) -> tuple[Found, str]:
    kept: list[evidence.Attachment] = []
    with evidence.collecting(kept.append):
        damaged = integrity.damaged()
    return damaged, next(str(one.body) for one in kept if one.name == "what was looked at")


def file_of(server: PostgreSQL, name: str) -> Path:
    engine = create_engine(server.url("shop"))
    with engine.connect() as connection:
        place = connection.execute(text("SELECT pg_relation_filepath(:name)"), {"name": name}).scalar_one()
    engine.dispose()
    return server.data / str(place)


def test_a_sound_database_is_quiet_and_its_indexes_were_checked(integrity: Integrity) -> None:
    damaged, looks = looked(integrity)
    assert damaged.count == 0
    assert "sales_number_key,checked" in looks and "sales,every page read" in looks
    assert "checksums of pages,as the server counted" in looks


def test_an_index_out_of_order_is_told_by_amcheck(shop: PostgreSQL, integrity: Integrity) -> None:
    """As a change of the operating system's collation leaves it: the pages are sound, their order is not."""
    shop.execute(
        "CREATE FUNCTION turned(text, text) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT bttextcmp($1, $2)'",
        "CREATE OPERATOR CLASS moving FOR TYPE text USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =,"
        " OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 turned(text, text)",
        "CREATE INDEX by_number ON sales (number moving)",
        "CREATE OR REPLACE FUNCTION turned(text, text) RETURNS int LANGUAGE sql IMMUTABLE"
        " AS 'SELECT bttextcmp($2, $1)'",
        database="shop",
    )
    damaged, _ = looked(integrity)
    assert [row["index"] for row in damaged.sample] == ["by_number"]
    assert "order" in str(damaged.sample[0]["engine_says"])


def test_a_page_with_a_wrong_checksum_is_told_when_read_and_counted_afterwards(
    shop: PostgreSQL, integrity: Integrity
) -> None:
    file = file_of(shop, "sales")
    shop.stop()
    with file.open("r+b") as opened:
        opened.seek(2 * 8192 + 4000)
        opened.write(b"\x5a" * 64)
    shop.start()
    damaged, _ = looked(integrity)
    assert [row["table"] for row in damaged.sample if "table" in row] == ["sales"]
    integrity._database.close()  # a server tells what it counted once the session ends
    told = [row["engine_says"] for row in looked(integrity)[0].sample if "database" in row]
    assert told and "checksum failures" in str(told[0])


def test_a_trigger_that_was_switched_off_is_told(shop: PostgreSQL, integrity: Integrity) -> None:
    assert integrity.not_enforced().count == 0
    shop.execute("ALTER TABLE sales DISABLE TRIGGER keeps_the_ledger", database="shop")
    assert [row["constraint"] for row in integrity.not_enforced().sample] == ["keeps_the_ledger"]
