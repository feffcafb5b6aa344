"""Whether a sequence of a real PostgreSQL gives as the next key one that is free."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from hypercare.database.database import Database
from hypercare.integrity.numbering import numbers_taken
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target
from tests.engines.postgresql_server import PostgreSQL
from tests.operations.round_memory import Remembering

NOW = datetime(2026, 3, 20, 9, tzinfo=UTC)
SCHEMA = (
    "CREATE TABLE sales (id serial PRIMARY KEY, total numeric)",
    'CREATE TABLE "Cost Slips" ("Id" integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, amount numeric)',
    "CREATE TABLE people (id uuid PRIMARY KEY, name text)",
    "INSERT INTO sales (total) SELECT n FROM generate_series(1, 40) n",
    'INSERT INTO "Cost Slips" (amount) SELECT n FROM generate_series(1, 12) n',
)
MAPPED = {
    "sale": {"table": "sales", "columns": {"id": "id", "total": "total"}},
    "cost": {"table": "Cost Slips", "columns": {"id": "Id", "amount": "amount"}},
    "user": {"table": "people", "columns": {"id": "id", "name": "name"}},
}


@pytest.fixture
def shop(postgresql: PostgreSQL) -> Iterator[PostgreSQL]:
    postgresql.execute("CREATE DATABASE numbered")
    postgresql.execute(*SCHEMA, database="numbered")
    yield postgresql
    postgresql.execute("DROP DATABASE numbered")


def taken(server: PostgreSQL, memory: Remembering | None = None, mapping: object = MAPPED) -> list[str]:
    config = TargetConfig.model_validate(
        {
            "target": {"name": "tried"},
            "business": {"timezone": "Europe/Berlin", "go_live": date(2026, 1, 8)},
            "database": {"url": server.url("numbered").render_as_string(hide_password=False)},
            "mapping": mapping,
        }
    )
    database = Database(Target(config, Path("unused"), NOW))
    try:
        with database.snapshot() as connection:
            rows = numbers_taken(connection, config.mapping, memory or Remembering(), NOW)
        return [f"{row['rule']}: {row['trouble']}" for row in rows]
    finally:
        database.close()


def test_sequences_that_keep_up_are_in_order(shop: PostgreSQL) -> None:
    assert taken(shop) == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("SELECT setval('sales_id_seq', 20)", "sales.id is given by sales_id_seq: the next number would be 21, which"),
        ("INSERT INTO sales VALUES (41, 1)", "sales.id is given by sales_id_seq: the next number would be 41, which"),
        ("SELECT setval('\"Cost Slips_Id_seq\"', 11, true)", "Cost Slips.Id is given by"),
        ("SELECT setval('sales_id_seq', 2147483647)", "sales.id is given by sales_id_seq: it has given its last"),
    ],
)
def test_a_next_number_that_is_taken_is_found(shop: PostgreSQL, statement: str, told: str) -> None:
    shop.execute(statement, database="numbered")
    (found,) = taken(shop)
    assert found.startswith(told)


@pytest.mark.long
@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("INSERT INTO sales VALUES (900000, 1)", id="a range of its own, far ahead"),
        pytest.param("ALTER SEQUENCE sales_id_seq CYCLE; SELECT setval('sales_id_seq', 5)", id="goes round"),
        pytest.param("ALTER TABLE sales ALTER id DROP DEFAULT; SELECT setval('sales_id_seq', 5)", id="given otherwise"),
        pytest.param("UPDATE sales SET id = id * 50; SELECT setval('sales_id_seq', 50)", id="each stands for fifty"),
        pytest.param("SELECT setval('sales_id_seq', 1, false)", id="never gave one, as far as anybody saw"),
    ],
)
def test_what_only_looks_so_is_not_meant(shop: PostgreSQL, statement: str) -> None:
    shop.execute(*statement.split("; "), database="numbered")
    assert taken(shop) == []


def test_a_sequence_that_was_seen_to_keep_up_is_missed_when_it_is_set_back(shop: PostgreSQL) -> None:
    memory = Remembering()
    assert taken(shop, memory) == []
    shop.execute("SELECT setval('sales_id_seq', 1, false)", database="numbered")
    assert len(taken(shop, memory)) == 1
    assert len(taken(shop, memory)) == 1


def test_keys_that_no_sequence_gives_are_not_covered(shop: PostgreSQL) -> None:
    with pytest.raises(NotCovered, match="No key of a mapped table"):
        taken(shop, mapping={"user": MAPPED["user"]})
