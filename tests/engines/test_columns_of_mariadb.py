"""What MariaDB keeps in types of its own is compared and summed like any other: UUID, BIT, ENUM, YEAR, unsigned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from hypercare.database.database import Database
from hypercare.database.disk_space import read_something
from hypercare.doctor.attempt import AttemptOutcome
from hypercare.doctor.records import try_database
from hypercare.integrity import Integrity
from hypercare.operations.activity import ActivityLog
from hypercare.operations.dates import Dates
from hypercare.operations.sales import Sales
from hypercare.operations.users import Users
from hypercare.operations_model.model import Model
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target
from tests.engines.mariadb_server import MariaDB

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
LATELY = Period(datetime(2026, 1, 9, tzinfo=UTC), NOW)
KEY = "CAST(CONCAT('00000000-0000-4000-8000-', LPAD(seq, 12, '0')) AS uuid)"
SHOP = (
    "CREATE TABLE orders (id uuid PRIMARY KEY, no int unsigned NOT NULL, stage enum('open', 'billed') NOT NULL,"
    " total int unsigned NOT NULL, made datetime NOT NULL, billed datetime, season year, paid bit(1) NOT NULL)",
    "CREATE TABLE order_lines (id bigint unsigned PRIMARY KEY, order_id uuid NOT NULL, qty smallint unsigned NOT NULL,"
    " price mediumint unsigned NOT NULL, amount int unsigned NOT NULL)",
    "CREATE TABLE accounts (id tinyint unsigned PRIMARY KEY, login varchar(20), enabled bit(1) NOT NULL, since year)",
    "CREATE TABLE trail (id int unsigned PRIMARY KEY, about char(36), what set('made', 'billed'), at datetime(6))",
    f"INSERT INTO orders SELECT {KEY}, seq, 'billed', seq * 100, '2026-01-10 10:00', '2026-01-10 11:00', 2026, b'1'"
    " FROM seq_1_to_40",
    f"INSERT INTO order_lines SELECT seq, {KEY}, 1, seq * 100, seq * 100 FROM seq_1_to_40",
    f"INSERT INTO trail SELECT seq, {KEY}, 'made', '2026-01-10 10:00:00' FROM seq_1_to_40",
    "INSERT INTO accounts VALUES (1, 'ann', b'1', 2020), (2, 'ben', b'0', 2021), (3, 'cleo', b'1', 2022)",
)
MAPPING: dict[str, Any] = {
    "time": "utc",
    "money": "cents",
    "sale": {
        "table": "orders",
        "columns": {
            "id": "id",
            "number": "no",
            "state": "stage",
            "total": "total",
            "created_at": "made",
            "finalised_at": "billed",
            "pays_at_once": "paid",
        },
        "values": {"state": {"draft": ["open"], "final": ["billed"], "void": []}},
    },
    "sale_line": {
        "table": "order_lines",
        "columns": {"id": "id", "sale": "order_id", "quantity": "qty", "unit_price": "price", "amount": "amount"},
    },
    "user": {"table": "accounts", "columns": {"id": "id", "username": "login", "active": "enabled", "role": "since"}},
    "activity": {
        "table": "trail",
        "columns": {"id": "id", "entity_id": "about", "action": "what", "at": "at"},
        "values": {"action": {"sale.create": ["made"], "sale.finalise": ["billed"]}},
    },
}


@pytest.fixture
def shop(mariadb: MariaDB) -> Iterator[MariaDB]:
    mariadb.execute("CREATE DATABASE typed_shop")
    mariadb.execute(*SHOP, database="typed_shop")
    yield mariadb
    mariadb.execute("DROP DATABASE typed_shop")


@pytest.fixture
def database(shop: MariaDB) -> Iterator[Database]:
    config = TargetConfig.model_validate(
        {
            "target": {"name": "tried"},
            "business": {"timezone": "UTC", "go_live": date(2026, 1, 8)},
            "database": {"url": shop.url("typed_shop").render_as_string(hide_password=False)},
            "mapping": MAPPING,
        }
    )
    database = Database(Target(config, Path("unused"), NOW))
    yield database
    database.close()


@pytest.mark.long
def test_doctor_finds_every_entity_in_order(database: Database) -> None:
    told = {one.name: (one.outcome, one.says) for one in try_database(database.target, database)}
    assert {name: told[name] for name in told if told[name][0] is not AttemptOutcome.WORKS} == {}
    assert read_something(database) == 4


def test_unsigned_sums_are_compared_though_a_difference_is_below_nothing(shop: MariaDB, database: Database) -> None:
    sales = Sales(database.target, database)
    assert sales.finalised().where_total_differs_from_lines().of == 40
    assert sales.finalised().where_total_differs_from_lines().count == 0
    assert sales.finalised().where_a_line_differs_from_its_price().count == 0
    shop.execute("UPDATE orders SET total = total - 99 WHERE no = 7", database="typed_shop")
    wrong = sales.finalised().where_total_differs_from_lines()
    assert (wrong.count, str(wrong.found.money)) == (1, "0.99")


def test_an_enumeration_is_a_word(shop: MariaDB, database: Database) -> None:
    sales = Sales(database.target, database)
    assert sales.any().where_state_is_strange().count == 0
    assert (sales.finalised().count, sales.void().count) == (40, 0)
    shop.execute("SET SESSION sql_mode = ''", "UPDATE orders SET stage = 'parked' WHERE no = 3", database="typed_shop")
    assert sales.any().where_state_is_strange().count == 1


def test_a_bit_is_a_flag(database: Database) -> None:
    user = Model(database.target, database).records("user")
    asked = select(user["username"].label("name")).select_from(user.source).where(user.flag("active"))
    assert sorted(row["name"] for row in database.rows(asked)) == ["ann", "cleo"]
    assert Users(database.target, database).locked is not None


def test_a_key_of_its_own_type_is_found_by_its_text_and_followed(shop: MariaDB, database: Database) -> None:
    records = Model(database.target, database).records("sale")
    known = str(database.value(select(records["id"]).select_from(records.source).where(records["number"] == 7)))
    assert known == "00000000-0000-4000-8000-000000000007"
    assert database.value(select(records["number"]).where(records.holds("id", known))) == 7
    log = ActivityLog(database.target, database)
    assert log.records_without_trace("sale", "sale.create", LATELY).of == 40
    assert log.records_without_trace("sale", "sale.create", LATELY).count == 0
    assert Integrity(database).parts_without_their_whole().count == 0
    shop.execute("DELETE FROM orders WHERE no = 5", database="typed_shop")
    assert Integrity(database).parts_without_their_whole().count == 1


def test_plain_sense_is_asked_of_such_columns(shop: MariaDB, database: Database) -> None:
    dates = Dates(database.target, database)
    assert dates.without_a_name().count == dates.of_one_name().count == 0
    shop.execute("UPDATE accounts SET login = '' WHERE id = 3", database="typed_shop")
    assert dates.without_a_name().count == 1
    assert dates.before(date(2000, 1, 1)).count == 0


def test_rules_and_references_of_such_a_schema_are_looked_at(database: Database) -> None:
    integrity = Integrity(database)
    for question in (integrity.damaged, integrity.not_enforced, integrity.against_declared_rules):
        try:
            assert question().count == 0
        except NotCovered as gap:
            assert gap.remedy
