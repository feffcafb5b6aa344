"""Sales on account, sales not posted yet, and a log that keeps silent: what a check must leave alone."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hypercare.database.database import Database
from hypercare.operations.activity import ActivityLog
from hypercare.operations.sales import Sales
from hypercare.outcome.signals import NotCovered
from tests.operations.checking import make_target

SCHEMA = """
CREATE TABLE sales (id TEXT, number TEXT, branch TEXT, state TEXT, total NUMERIC, at TEXT, at_once TEXT, posted TEXT);
CREATE TABLE payments (id INTEGER, sale TEXT, amount NUMERIC);
CREATE TABLE entries (id INTEGER, sale TEXT, account TEXT, debit NUMERIC, credit NUMERIC);
CREATE TABLE log (id INTEGER, did TEXT, thing TEXT, at TEXT);
INSERT INTO sales VALUES ('paid', '1', 'N', 'final', 10, '2026-01-15 09:00', 'yes', 'yes');
INSERT INTO sales VALUES ('on account', '1', 'S', 'final', 20, '2026-01-15 09:00', 'no', 'no');
INSERT INTO payments VALUES (1, 'paid', 10);
INSERT INTO entries VALUES (1, 'paid', 'money', 10, 0), (2, 'paid', 'revenue', 0, 10);
"""
COLUMNS = ["id", "number", "branch", "state", "total"]
TIMES = {"created_at": "at", "finalised_at": "at"}
FLAGS = {"pays_at_once": "at_once", "is_posted": "posted"}


@pytest.fixture
def asked(tmp_path: Path) -> Any:
    path = tmp_path / "shop.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(SCHEMA)
    connection.close()

    def asked(flags: dict[str, str]) -> Any:
        mapping = {
            "sale": {
                "table": "sales",
                "columns": {**{name: name for name in COLUMNS}, **TIMES, **flags},
                "values": {flag: {"yes": "yes", "no": "no"} for flag in flags},
            },
            "payment": {"table": "payments", "columns": ["id", "sale", "amount"]},
            "ledger_entry": {"table": "entries", "columns": ["id", "sale", "account", "debit", "credit"]},
            "activity": {
                "table": "log",
                "columns": {"id": "id", "action": "did", "entity_id": "thing", "at": "at"},
                "values": {"action": {"step.update": "moved"}},
            },
        }
        return make_target(f"sqlite:///{path}", mapping, datetime(2026, 1, 15, 16, tzinfo=UTC), zone="UTC")

    return asked


@pytest.mark.parametrize(("flags", "count", "of"), [({}, 1, 2), (FLAGS, 0, 1)])
def test_only_what_is_to_be_paid_and_posted_is_compared(asked: Any, flags: dict[str, str], count: int, of: int) -> None:
    target = asked(flags)
    sales = Sales(target, Database(target)).finalised()
    for found in (sales.where_total_differs_from_payments(), sales.where_total_differs_from_ledger()):
        assert (found.count, found.of) == (count, of)
    assert sales.where_payments_differ_from_ledger().of == of


def test_of_sales_with_one_number_the_key_tells_which(asked: Any) -> None:
    target = asked({})
    sales = Sales(target, Database(target))
    assert [sales.by_number("1", key).id for key in ("paid", "on account")] == ["paid", "on account"]


def test_a_log_that_does_not_tell_of_sales_is_no_witness(asked: Any) -> None:
    target = asked({})
    log = ActivityLog(target, Database(target))
    with pytest.raises(NotCovered, match=r"does not tell of 'sale\.create'"):
        log.records_without_trace("sale", "sale.create", log.unseen)
