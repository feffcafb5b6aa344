"""Foreign tables and materialised views are mapped as entities like tables are, and have no rules of their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from hypercare.database.database import Database
from hypercare.database.disk_space import read_something
from hypercare.doctor.attempt import AttemptOutcome
from hypercare.doctor.records import try_database
from hypercare.history.memory import Memory
from hypercare.history.store import History
from hypercare.integrity import Integrity
from hypercare.operations.sales import Sales
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target
from tests.engines.postgresql_server import PostgreSQL

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
TILL = (
    "CREATE TABLE receipts (id int PRIMARY KEY, no text, stage text, total numeric(12, 2), made timestamptz)",
    "INSERT INTO receipts SELECT n, 'R-' || n, 'billed', n, '2026-01-10 10:00' FROM generate_series(1, 40) n",
)
MAPPING: dict[str, Any] = {
    "sale": {
        "table": "receipts",
        "columns": {
            "id": "id",
            "number": "no",
            "state": "stage",
            "total": "total",
            "created_at": "made",
            "finalised_at": "made",
        },
        "values": {"state": {"draft": ["open"], "final": ["billed"], "void": ["void"]}},
    },
    "sale_line": {
        "table": "lines",
        "columns": {"id": "id", "sale": "receipt", "quantity": "qty", "unit_price": "price", "amount": "amount"},
    },
}


@pytest.fixture
def house(postgresql: PostgreSQL) -> Iterator[PostgreSQL]:
    """A database of reports: receipts stand in the till's own database, lines in a view that is kept."""
    postgresql.execute("CREATE DATABASE till", "CREATE DATABASE house")
    postgresql.execute(*TILL, database="till")
    postgresql.execute(
        "CREATE EXTENSION postgres_fdw",
        f"CREATE SERVER till FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '{postgresql.folder}', dbname 'till')",
        "CREATE USER MAPPING FOR postgres SERVER till OPTIONS (user 'postgres')",
        "IMPORT FOREIGN SCHEMA public LIMIT TO (receipts) FROM SERVER till INTO public",
        "CREATE MATERIALIZED VIEW lines AS SELECT id, id AS receipt, 1 AS qty, total AS price, total AS amount"
        " FROM receipts",
        database="house",
    )
    yield postgresql
    postgresql.execute("DROP DATABASE house WITH (FORCE)", "DROP DATABASE till WITH (FORCE)")


@pytest.fixture
def database(house: PostgreSQL) -> Iterator[Database]:
    config = TargetConfig.model_validate(
        {
            "target": {"name": "tried"},
            "business": {"timezone": "UTC", "go_live": date(2026, 1, 8)},
            "database": {"url": house.url("house").render_as_string(hide_password=False)},
            "mapping": MAPPING,
        }
    )
    database = Database(Target(config, Path("unused"), NOW))
    yield database
    database.close()


def test_doctor_finds_both_in_order(database: Database) -> None:
    told = {one.name: (one.outcome, one.says) for one in try_database(database.target, database)}
    assert {name: told[name] for name in told if told[name][0] is not AttemptOutcome.WORKS} == {}


def test_the_database_of_such_tables_alone_is_not_empty(database: Database) -> None:
    assert read_something(database) == 2


def test_their_sums_are_compared(house: PostgreSQL, database: Database) -> None:
    sales = Sales(database.target, database)
    assert sales.finalised().where_total_differs_from_lines().of == 40
    assert sales.finalised().where_total_differs_from_lines().count == 0
    house.execute("UPDATE receipts SET total = total + 3 WHERE id = 7", database="till")
    wrong = sales.finalised().where_total_differs_from_lines()
    assert (wrong.count, str(wrong.found.money)) == (1, "3.00")


def test_lines_of_a_receipt_that_is_gone_are_told(house: PostgreSQL, database: Database) -> None:
    assert Integrity(database).parts_without_their_whole().count == 0
    house.execute("DELETE FROM receipts WHERE id = 7", database="till")
    assert Integrity(database).parts_without_their_whole().count == 1


def test_what_has_no_rules_loses_none(database: Database, tmp_path: Path) -> None:
    history = History(tmp_path / "history.sqlite", "tried")
    try:
        integrity = Integrity(database, Memory(lambda: history))
        for question in (
            integrity.damaged,
            integrity.not_enforced,
            integrity.against_declared_rules,
            integrity.against_declared_references,
            integrity.no_longer_declared,
            integrity.no_longer_declared,
        ):
            try:
                assert question().count == 0
            except NotCovered as gap:
                assert gap.remedy
    finally:
        history.close()


def test_a_till_that_cannot_be_reached_is_no_outage_of_the_house(house: PostgreSQL, database: Database) -> None:
    house.execute("ALTER SERVER till OPTIONS (SET host '/nowhere')", database="house")
    with pytest.raises(NotCovered, match="receipts"):
        _ = Sales(database.target, database).finalised().where_total_differs_from_lines().count
