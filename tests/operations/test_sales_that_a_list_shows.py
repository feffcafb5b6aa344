"""A list of sales is held against the database: stale, or of other totals; one that is made otherwise is left alone."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hypercare.clients.client import SaleSeen
from hypercare.database.database import Database
from hypercare.operations.sales import Sales
from hypercare.outcome.signals import NotCovered
from tests.operations.checking import make_target

NOW = datetime.now(UTC)
SALES: list[Any] = [
    (n, f"{n}", "final" if n % 5 else "void", 100 + n, NOW - timedelta(minutes=20 * n + 10)) for n in range(60)
]


@pytest.fixture
def sales(tmp_path: Path) -> Sales:
    """Sixty sales of one branch, one every twenty minutes, the newest first; and as many of another."""
    path = tmp_path / "shop.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TABLE sales (id INTEGER, number TEXT, branch TEXT, state TEXT, total NUMERIC, at TEXT)"
        )
        for shift, branch in ((0, "N"), (1000, "S")):
            rows = [
                (n + shift, no, branch, state, total, f"{at:%Y-%m-%d %H:%M:%S}") for n, no, state, total, at in SALES
            ]
            connection.executemany("INSERT INTO sales VALUES (?, ?, ?, ?, ?, ?)", rows)
    connection.close()
    columns = {
        "id": "id",
        "number": "number",
        "branch": "branch",
        "state": "state",
        "total": "total",
        "created_at": "at",
    }
    states = {"state": {"final": "final", "void": "void", "draft": "draft"}}
    mapping: dict[str, Any] = {"sale": {"table": "sales", "columns": columns, "values": states}}
    target = make_target(f"sqlite:///{path}", mapping, NOW, zone="UTC")
    return Sales(target, Database(target))


def listed(*numbers: int, more: str = "0") -> list[SaleSeen]:
    return [SaleSeen(f"key-{n}", f"{n}", SALES[n][2], Decimal(SALES[n][3]) + Decimal(more)) for n in numbers]


@pytest.mark.parametrize(
    "numbers",
    [range(40), range(2, 40), range(4, 40), [n for n in range(40) if n % 5], [n for n in range(5, 40) if n != 9]],
    ids=["all", "a little late", "late by four", "without void ones", "with one that is missing"],
)
def test_a_list_that_is_up_to_date_is_no_trouble(sales: Sales, numbers: Any) -> None:
    beside = sales.beside(listed(*numbers), "N")
    assert beside.with_another_total().count == 0
    assert beside.newer_than_the_list().count in {0, 5}
    assert (beside.newer_than_the_list().count == 5) is (min(numbers) == 5)


def test_a_list_that_is_stale_is_told(sales: Sales) -> None:
    found = sales.beside(listed(*range(9, 40)), "N").newer_than_the_list()
    assert (found.count, found.of) == (9, 40)
    assert found.sample[0]["sale"] == "0"


@pytest.mark.parametrize(
    "numbers",
    [range(39, 8, -1), [n for n in range(9, 40) if n % 3], [20, 9, 30, 15, 25]],
    ids=["the oldest first", "of one kind only", "in no order"],
)
def test_a_list_that_is_made_otherwise_is_not_judged(sales: Sales, numbers: Any) -> None:
    with pytest.raises(NotCovered, match="not the newest first, or leaves some out"):
        sales.beside(listed(*numbers), "N").newer_than_the_list()


def test_a_total_that_differs_is_told(sales: Sales) -> None:
    shown = [*listed(1, 2, more="0.01"), *listed(*range(3, 20))]
    found = sales.beside(shown, "N").with_another_total()
    assert found.count == 2
    assert found.sample[0] == {"sale": "1", "listed": "101.01", "in the database": "101.00"}


def test_another_kind_of_total_is_no_finding(sales: Sales) -> None:
    with pytest.raises(NotCovered, match="not the same thing here"):
        sales.beside(listed(*range(20), more="19.00"), "N").with_another_total()


@pytest.mark.parametrize(
    ("shown", "branch"),
    [([], "N"), (listed(1, 2, 3), "N"), (listed(*range(20)), None)],
    ids=["nothing", "a few", "numbers of two branches"],
)
def test_what_is_not_found_in_the_database_is_not_covered(sales: Sales, shown: Any, branch: str | None) -> None:
    with pytest.raises(NotCovered, match="too few to compare"):
        sales.beside(shown, branch).with_another_total()
