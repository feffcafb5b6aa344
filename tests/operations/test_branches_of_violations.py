"""A finding knows every branch that it touches, also those that its five rows do not show."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hypercare.database.database import Database
from hypercare.operations.sales import Sales
from hypercare.outcome.expect import expect_none
from hypercare.outcome.signals import CheckFailed
from tests.operations.checking import make_target

SCHEMA = """
CREATE TABLE branches (id INTEGER, code TEXT);
CREATE TABLE sales (id INTEGER, number TEXT, branch INTEGER, state TEXT, total NUMERIC, at TEXT);
CREATE TABLE payments (id INTEGER, sale INTEGER, amount NUMERIC);
INSERT INTO branches VALUES (1, 'north'), (2, 'south'), (3, 'west');
"""
MAPPING = {
    "branch": {"table": "branches", "columns": ["id", "code"]},
    "sale": {
        "table": "sales",
        "columns": {name: name for name in ("id", "number", "branch", "state", "total")}
        | {"created_at": "at", "finalised_at": "at"},
    },
    "payment": {"table": "payments", "columns": ["id", "sale", "amount"]},
}


@pytest.mark.parametrize(
    ("unpaid", "branches"),
    [
        ([1, 1, 1, 1, 1, 1, 1, 2], ("north", "south")),
        ([1, 2], ("north", "south")),
        ([2] * 9, ("south",)),
        ([1, 1, 1, 1, 1, None], ("north",)),
    ],
)
def test_the_branches_of_a_finding(tmp_path: Path, unpaid: list[int | None], branches: tuple[str, ...]) -> None:
    path = tmp_path / "shop.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(SCHEMA)
    rows = [(number, f"S{number}", branch, "final", 10, "2026-01-15 09:00") for number, branch in enumerate(unpaid)]
    # A past in which the rule held: without one it would doubt itself.
    paid = [(number, f"P{number}", 1, "final", 10, f"2026-01-{9 + number % 6:02} 09:00") for number in range(100, 140)]
    connection.executemany("INSERT INTO sales VALUES (?, ?, ?, ?, ?, ?)", paid + rows)
    connection.executemany("INSERT INTO payments VALUES (?, ?, 10)", [(sale[0], sale[0]) for sale in paid])
    connection.commit()
    connection.close()
    target = make_target(f"sqlite:///{path}", MAPPING, datetime(2026, 1, 15, 16, tzinfo=UTC), zone="UTC")
    wrong = Sales(target, Database(target)).finalised().where_total_differs_from_payments()
    with pytest.raises(CheckFailed) as failure:
        expect_none(wrong, lambda found: f"{found.count} of {found.of} sales are not paid.")
    assert (failure.value.finding.count, failure.value.finding.branches) == (len(unpaid), branches)
