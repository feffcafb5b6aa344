"""Records of one's own on an engine that is strict about types: uuid keys, an enumeration, money, times with a zone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hypercare.database.database import Database
from hypercare.doctor.attempt import AttemptOutcome
from hypercare.doctor.records import try_database
from hypercare.integrity import Integrity
from hypercare.operations.own_records import OwnRecords
from hypercare.outcome.exceptions import looking_for
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target
from tests.engines.postgresql_server import PostgreSQL

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
SHOP = """
CREATE TYPE stage AS ENUM ('O', 'P');
CREATE TABLE shop (id uuid PRIMARY KEY, code text);
CREATE TABLE invoice (id uuid PRIMARY KEY, no int, shop text, stage stage, total money, issued timestamptz, due date, ok boolean);
INSERT INTO shop SELECT md5('s' || n)::uuid, 'S' || n FROM generate_series(1, 3) n;
INSERT INTO invoice SELECT md5(n::text)::uuid, n, (md5('s' || (n % 3 + 1))::uuid)::text,
    (CASE WHEN n % 2 = 0 THEN 'O' ELSE 'P' END)::stage, n::numeric::money, '2026-01-15 08:00+01', '2026-01-10', true
    FROM generate_series(1, 30) n;
"""  # noqa: E501 - a statement ends with its line
SETTINGS: dict[str, Any] = {
    "target": {"name": "tried"},
    "business": {"timezone": "Europe/Berlin", "go_live": date(2026, 1, 8)},
    "canary": {"branch": "S3"},
    "entities": {
        "invoice": {
            "fields": {
                "number": "text",
                "branch": "branch",
                "state": ["open", "paid", "cancelled"],
                "total": "money",
                "issued_at": "instant",
                "due_on": "day",
                "approved": "flag",
            }
        }
    },
    "mapping": {
        "time": "local",
        "branch": {"table": "shop", "columns": ["id", "code"]},
        "invoice": {
            "table": "invoice",
            "columns": {
                "id": "id",
                "number": "no",
                "branch": "shop",
                "state": "stage",
                "total": "total",
                "issued_at": "issued",
                "due_on": "due",
                "approved": "ok",
            },
            "values": {"state": {"open": "O", "paid": "P"}},
        },
    },
}


@pytest.fixture
def target(postgresql: PostgreSQL) -> Iterator[Target]:
    postgresql.execute("CREATE DATABASE own_shop")
    postgresql.execute(*(one for one in SHOP.split(";\n") if one.strip()), database="own_shop")
    url = postgresql.url("own_shop").render_as_string(hide_password=False)
    yield Target(TargetConfig.model_validate({**SETTINGS, "database": {"url": url}}), Path("unused"), NOW)
    postgresql.execute("DROP DATABASE own_shop WITH (FORCE)")


@pytest.fixture
def database(target: Target) -> Iterator[Database]:
    database = Database(target)
    yield database
    database.close()


def test_questions_are_answered_and_a_sample_is_shown(target: Target, database: Database) -> None:
    invoices = OwnRecords(target, database)("invoice").of_day("issued_at", date(2026, 1, 15))
    assert (invoices.count, invoices.by_branch()) == (20, {"S1": 10, "S2": 10})  # those of the canary's are left out
    overdue = invoices.instant("due_on").before(target.today.start)
    found = invoices.where(overdue, invoices.is_("state", "open"), invoices.flag("approved"), stake="total").found
    assert (found.count, found.of, found.money) == (10, 20, Decimal(170))
    assert invoices.dangling("branch").found.count == 0
    assert not invoices.among(invoices.has_unknown_value("state")).count


def test_a_number_that_is_no_text_can_be_agreed_upon(target: Target) -> None:
    agreed = {"name": "late", "items": "data.constraints", "entity": "invoice", "records": ["4", "none"]}
    exceptions = [{**agreed, "agreed_by": "somebody", "until": date(2026, 2, 1)}]
    url = target.config.database
    assert url is not None
    settings = {**SETTINGS, "database": {"url": url.url}, "exceptions": exceptions}
    target = Target(TargetConfig.model_validate(settings), Path("unused"), NOW)
    with closing(Database(target)) as database, looking_for(["data.constraints"]) as passed_over:
        invoices = OwnRecords(target, database)("invoice").of_day("issued_at", date(2026, 1, 15))
        found = invoices.where(invoices.is_("state", "open")).found
    assert (found.count, [one["records"] for one in passed_over.as_dicts()]) == (9, [1])


def test_the_doctor_tries_them(target: Target, database: Database) -> None:
    attempt = next(one for one in try_database(target, database) if one.name == "entity invoice")
    assert attempt.outcome is AttemptOutcome.WORKS
    assert attempt.says.startswith("invoice: 8 of 8 columns; the 30 of the watched days are found in ")


BILLS = """
CREATE TABLE bill (id uuid PRIMARY KEY, shop uuid);
CREATE TABLE paid (id uuid PRIMARY KEY, bill uuid, amount numeric);
CREATE TABLE reminder (id uuid PRIMARY KEY, bill text);
INSERT INTO bill SELECT md5('b' || n)::uuid, md5('s' || (n % 2 + 1))::uuid FROM generate_series(1, 100) n;
INSERT INTO paid SELECT md5('p' || n)::uuid, md5('b' || n)::uuid, n FROM generate_series(1, 101) n;
INSERT INTO reminder SELECT md5('r' || n)::uuid, md5('b' || n)::uuid::text FROM generate_series(1, 100) n;
"""


def test_a_reference_that_is_kept_as_text_spoils_no_built_in_question(target: Target, postgresql: PostgreSQL) -> None:
    postgresql.execute(*(one for one in BILLS.split(";\n") if one.strip()), database="own_shop")
    entities = {**SETTINGS["entities"], "reminder": {"fields": {"sale": "sale"}}}
    mapping = {
        **SETTINGS["mapping"],
        "sale": {"table": "bill", "columns": {"id": "id", "branch": "shop"}},
        "payment": {"table": "paid", "columns": {"id": "id", "sale": "bill", "amount": "amount"}},
        "reminder": {"table": "reminder", "columns": {"id": "id", "sale": "bill"}},
    }
    url = postgresql.url("own_shop").render_as_string(hide_password=False)
    settings = {**SETTINGS, "entities": entities, "mapping": mapping, "database": {"url": url}}
    database = Database(Target(TargetConfig.model_validate(settings), Path("unused"), NOW))
    broken = Integrity(database).parts_without_their_whole()
    database.close()
    assert (broken.count, [row["table"] for row in broken.sample]) == (1, ["paid"])
