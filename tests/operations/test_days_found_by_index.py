"""On SQLite, final sales are found by their days and not by their state, which nearly all there ever were share."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from hypercare.database.database import Database
from hypercare.operations.sales import Sales
from tests.operations import plain_schema
from tests.operations.checking import make_target
from tests.operations.facts import AS_OF, GO_LIVE, healthy

QUESTIONS: dict[str, Callable[[Sales], Any]] = {
    "lines": lambda sales: sales.finalised().where_total_differs_from_lines().found,
    "prices": lambda sales: sales.finalised().where_a_line_differs_from_its_price().found,
    "payments": lambda sales: sales.finalised().where_total_differs_from_payments().found,
    "ledger": lambda sales: sales.finalised().where_payments_differ_from_ledger().found,
    "of nothing": lambda sales: sales.unusual.of_nothing().found,
}


@pytest.fixture
def business(tmp_path: Path) -> Path:
    file = tmp_path / "business.sqlite"
    plain_schema.fill(f"sqlite:///{file}", healthy())
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE INDEX by_state ON sale_rows (state_)")
    return file


@pytest.mark.parametrize("name", QUESTIONS)
def test_sales_are_found_by_their_days(name: str, business: Path) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "looked_at" in statement:
            asked.append((statement, parameters))

    target = make_target(f"sqlite:///{business}", plain_schema.mapping(), AS_OF, go_live=GO_LIVE)
    database = Database(target)
    event.listen(Engine, "before_cursor_execute", note)
    QUESTIONS[name](Sales(target, database))
    event.remove(Engine, "before_cursor_execute", note)
    database.close()
    with closing(sqlite3.connect(business)) as connection:
        steps = [
            row[3]
            for one, values in asked
            for row in connection.execute(f"EXPLAIN QUERY PLAN {one}", values).fetchall()
        ]
    of_sales = [step for step in steps if "sale_rows" in step]
    assert of_sales
    assert all("finalised_at_" in step for step in of_sales), steps
    assert not any(step.startswith("SCAN") and "_rows" in step for step in steps), steps
