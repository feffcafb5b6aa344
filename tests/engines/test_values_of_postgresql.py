"""What PostgreSQL keeps and Python or our question has no word for concerns one value, never the whole database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from hypercare.database.database import Database
from hypercare.database.disk_space import read_something
from hypercare.doctor.attempt import AttemptOutcome
from hypercare.doctor.records import try_database
from hypercare.operations.activity import ActivityLog
from hypercare.operations.sales import Sales
from hypercare.operations.users import Users
from hypercare.operations_model.model import Model
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target
from tests.engines.postgresql_server import PostgreSQL

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
LATELY = Period(datetime(2026, 1, 9, tzinfo=UTC), NOW)
ODD = (
    "'infinity'::timestamptz",
    "'-infinity'::date",
    "date '0044-03-15 BC'",
    "timestamp '20226-11-05'",
    "time '24:00'",
    "tstzrange '[2026-01-01,infinity)'",
    "daterange '[0044-03-15 BC,)'",
    "array[timestamp 'infinity', '2026-01-01']",
    "'NaN'::numeric",
    "'-Infinity'::float8",
    "'12.50'::numeric::money",
    "interval '400000 years'",
    "'192.168.1.5/24'::inet",
    "'{\"a\": [1, null]}'::jsonb",
    "b'101'",
    "'{(1,2)}'::int4multirange",
    "point '(1,2)'",
)
# A shop that uses what this engine offers: uuid keys, an enumeration, a domain, whole numbers for receipts, money.
SHOP = """
CREATE TYPE stage AS ENUM ('open', 'billed');
CREATE DOMAIN amount AS numeric(12, 2) CHECK (VALUE > -1000);
CREATE TABLE "Order" (
    id uuid PRIMARY KEY, "user" text, "no" int, stage stage, total amount, made timestamptz, billed timestamptz,
    paid smallint
);
CREATE TABLE "line item" (id uuid PRIMARY KEY, "order" text, qty numeric, price money, amount float8);
CREATE TABLE account (id int PRIMARY KEY, login varchar(20), locked_until timestamptz);
CREATE TABLE trail (id int PRIMARY KEY, about text, what text, at timestamptz);
INSERT INTO "Order" SELECT md5(n::text)::uuid, 'u', n, 'billed', n, '2026-01-10', '2026-01-10 01:00', 1
    FROM generate_series(1, 40) n;
INSERT INTO "line item" SELECT md5('l' || n)::uuid, md5(n::text)::uuid::text, 1, n::numeric::money, n
    FROM generate_series(1, 40) n;
INSERT INTO trail SELECT n, md5(n::text)::uuid::text, 'made', '2026-01-10' FROM generate_series(1, 40) n;
INSERT INTO account VALUES (1, 'ann', 'infinity'), (2, 'ben', NULL);
"""
MAPPING = {
    "sale": {
        "table": "Order",
        "columns": {
            "id": "id",
            "number": "no",
            "state": "stage",
            "total": "total",
            "created_at": "made",
            "finalised_at": "billed",
            "pays_at_once": "paid",
        },
        # "cancelled" is none of the enumeration's words; "open" says so as people would.
        "values": {"state": {"draft": ["open"], "final": ["billed"], "void": ["cancelled"]}},
    },
    "sale_line": {
        "table": "line item",
        "columns": {"id": "id", "sale": "order", "quantity": "qty", "unit_price": "price", "amount": "amount"},
    },
    "user": {"table": "account", "columns": {"id": "id", "username": "login", "locked_until": "locked_until"}},
    "activity": {
        "table": "trail",
        "columns": {"id": "id", "entity_id": "about", "action": "what", "at": "at"},
        "values": {"action": {"sale.create": ["made"]}},
    },
}


@pytest.fixture
def shop(postgresql: PostgreSQL) -> Iterator[PostgreSQL]:
    postgresql.execute("CREATE DATABASE odd_shop")
    postgresql.execute(*(one for one in SHOP.split(";\n") if one.strip()), database="odd_shop")
    yield postgresql
    postgresql.execute("DROP DATABASE odd_shop WITH (FORCE)")


@pytest.fixture
def database(shop: PostgreSQL) -> Iterator[Database]:
    database = Database(target_of(shop, MAPPING))
    yield database
    database.close()


def target_of(server: PostgreSQL, mapping: dict[str, Any], name: str = "odd_shop") -> Target:
    config = TargetConfig.model_validate(
        {
            "target": {"name": "tried"},
            "business": {"timezone": "UTC", "go_live": date(2026, 1, 8)},
            "database": {"url": server.url(name).render_as_string(hide_password=False)},
            "mapping": mapping,
        }
    )
    return Target(config, Path("unused"), NOW)


@pytest.mark.parametrize("value", ODD)
def test_a_value_beyond_python_is_read_as_the_database_shows_it(
    shop: PostgreSQL, database: Database, value: str
) -> None:
    shop.execute(f"CREATE TABLE odd AS SELECT {value} AS value FROM generate_series(1, 2)", database="odd_shop")
    assert read_something(database) == 5
    assert len(database.rows(text("SELECT value FROM odd"))) == 2


def test_text_of_no_known_encoding_is_read(postgresql: PostgreSQL) -> None:
    postgresql.execute("CREATE DATABASE old_shop TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'")
    database = Database(target_of(postgresql, {}, "old_shop"))
    assert database.value(text("SELECT convert_from('\\xfc6d'::bytea, 'SQL_ASCII')")) == "\ufffdm"
    database.close()
    postgresql.execute("DROP DATABASE old_shop WITH (FORCE)")


def test_types_that_do_not_compare_by_themselves_are_compared(database: Database) -> None:
    sales = Sales(database.target, database)
    assert sales.finalised().where_total_differs_from_lines().of == 40
    assert sales.finalised().where_total_differs_from_lines().count == 0
    assert sales.finalised().where_a_line_differs_from_its_price().count == 0
    assert sales.any().where_final_is_incomplete().count == 0
    assert sales.any().where_state_is_strange().count == 0
    assert sales.void().count == 0
    assert sales.finalised().amount == 820


def test_a_log_that_keeps_keys_as_text_is_compared_with_uuids(database: Database) -> None:
    log = ActivityLog(database.target, database)
    assert log.records_without_trace("sale", "sale.create", LATELY).of == 40
    assert log.records_without_trace("sale", "sale.create", LATELY).count == 0
    assert log.traces_without_record("sale", "sale.create", LATELY).count == 0


def test_a_total_that_is_no_number_is_a_finding_and_spoils_no_sum(shop: PostgreSQL, database: Database) -> None:
    shop.execute("""UPDATE "Order" SET total = 'NaN' WHERE "no" = 11""", database="odd_shop")
    sales = Sales(database.target, database)
    wrong = sales.finalised().where_total_differs_from_lines()
    assert (wrong.count, wrong.of, wrong.found.money) == (1, 40, 11)
    assert sales.finalised().amount == 809


def test_a_price_that_is_no_number_is_a_finding(shop: PostgreSQL, database: Database) -> None:
    shop.execute("""UPDATE "line item" SET qty = 'NaN' WHERE amount = 5""", database="odd_shop")
    assert Sales(database.target, database).finalised().where_a_line_differs_from_its_price().count == 1


def test_without_end_is_no_date_of_the_future(shop: PostgreSQL, database: Database) -> None:
    shop.execute("""UPDATE "Order" SET billed = 'infinity', stage = 'open' WHERE "no" < 3""", database="odd_shop")
    sales = Sales(database.target, database)
    assert sales.any().where_dated_in_the_future().count == 0
    assert sales.any().where_time_runs_backwards().count == 0
    shop.execute("""UPDATE "Order" SET billed = '12026-01-01' WHERE "no" = 3""", database="odd_shop")
    assert sales.any().where_dated_in_the_future().count == 1


def test_a_key_is_found_by_its_text(database: Database) -> None:
    records = Model(database.target, database).records("sale")
    known = database.value(select(records["id"]).limit(1))
    assert database.value(select(records["number"]).where(records.holds("id", str(known)))) is not None
    assert database.rows(select(records["number"]).where(records.holds("id", "no uuid at all"))) == []


def test_what_cannot_be_compared_is_not_covered_and_named(shop: PostgreSQL) -> None:
    columns = {**MAPPING["sale"]["columns"], "total": "user"}  # type: ignore[dict-item]
    database = Database(target_of(shop, {**MAPPING, "sale": {**MAPPING["sale"], "columns": columns}}))
    with pytest.raises(NotCovered, match=r"about Order, line item: .*operator does not exist: text \* integer"):
        _ = Sales(database.target, database).finalised().where_total_differs_from_lines().count
    assert Sales(database.target, database).any().where_state_is_strange().count == 0
    database.close()


def test_one_question_that_fails_decides_for_no_other_of_the_same_snapshot(database: Database) -> None:
    with database.snapshot():
        with pytest.raises(NotCovered, match="function min"):
            database.value(text('SELECT min(id) FROM "Order"'))
        assert database.value(text('SELECT count(*) FROM "Order"')) == 40


def test_a_lock_without_end_is_a_decision_and_locks_nobody_out_by_mistake(database: Database) -> None:
    assert Users(database.target, database).locked().count == 0


def doctor_says(server: PostgreSQL, entity: str, **columns: Any) -> tuple[AttemptOutcome, str, str]:
    mapping: dict[str, Any] = {**MAPPING, entity: {**MAPPING[entity]}}
    mapping[entity]["columns"] = {**mapping[entity]["columns"], **columns}
    if entity != "sale" or not columns:
        mapping["sale"] = {**mapping["sale"], "values": {"state": {"draft": ["open"], "final": ["billed"], "void": []}}}
    target = target_of(server, mapping)
    database = Database(target)
    told = {one.name: one for one in try_database(target, database)}
    database.close()
    return told[f"entity {entity}"].outcome, told[f"entity {entity}"].says, told[f"entity {entity}"].remedy


@pytest.mark.long
@pytest.mark.parametrize("entity", ["sale", "sale_line", "activity", "user"])
def test_doctor_finds_a_shop_of_many_types_in_order(shop: PostgreSQL, entity: str) -> None:
    shop.execute("""UPDATE "Order" SET made = '12026-01-01' WHERE "no" = 3""", database="odd_shop")
    assert doctor_says(shop, entity)[0] is AttemptOutcome.WORKS


@pytest.mark.long
@pytest.mark.parametrize(
    ("entity", "columns", "says", "remedy"),
    [
        ("sale_line", {"amount": "order"}, r"amount \(its type is text\): .*operator does not exist", "order::numeric"),
        ("user", {"created_at": "id"}, r"created_at \(its type is int4\)", "id::timestamptz"),
        ("user", {"active": "login"}, "says neither yes nor no", r"values\] active"),
        ("sale", {"number": "no"}, "state is never 'cancelled': its type has only billed, open", "values"),
    ],
)
def test_doctor_asks_the_same_questions_beforehand(
    shop: PostgreSQL, entity: str, columns: dict[str, str], says: str, remedy: str
) -> None:
    ended, said, to_do = doctor_says(shop, entity, **columns)
    assert ended is AttemptOutcome.FAILS
    assert re.search(says, said) and re.search(remedy, to_do)
