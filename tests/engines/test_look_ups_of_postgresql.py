"""What belongs to a few sales is looked up where an index helps, and read in one go where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from hypercare.database.database import Database
from hypercare.database.query_plan import Explained
from hypercare.operations.sales import Sales
from hypercare.operations_model.look_ups import is_looked_up, sums_beside
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target
from tests.engines.postgresql_server import PostgreSQL

NAME = "long_history"
# Twenty thousand sales, of which forty are of the days that are watched.
SHOP = (
    "CREATE TABLE sale (id integer PRIMARY KEY, number text, state text, total numeric(12, 2), made timestamp)",
    "CREATE TABLE line (id integer PRIMARY KEY, sale integer, quantity integer, price numeric(12, 2))",
    "INSERT INTO sale SELECT n, 'S' || n, 'final', 7, CASE WHEN n > 19960 THEN timestamp '2026-01-14 10:00'"
    " ELSE timestamp '2025-01-01 10:00' END FROM generate_series(1, 20000) n",
    "INSERT INTO line SELECT n, 1 + n / 2, 1, 3.5 FROM generate_series(0, 39999) n",
    "UPDATE line SET price = 4.5 WHERE id = 39999",
    "CREATE INDEX ON sale (made)",
)
WITH_AN_INDEX = "CREATE INDEX ON line (sale)"
MAPPING: dict[str, Any] = {
    "sale": {
        "table": "sale",
        "columns": {
            "id": "id", "number": "number", "state": "state", "total": "total", "created_at": "made",
            "finalised_at": "made",
        },
    },
    "sale_line": {
        "table": "line", "columns": {"id": "id", "sale": "sale", "quantity": "quantity", "unit_price": "price"},
    },
}  # fmt: skip


@pytest.fixture(params=[True, False], ids=["indexed", "not indexed"])
def indexed(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def database(postgresql: PostgreSQL, indexed: bool) -> Iterator[Database]:
    postgresql.execute(f"CREATE DATABASE {NAME}")
    postgresql.execute(*SHOP, *([WITH_AN_INDEX] if indexed else []), "ANALYZE", database=NAME)
    config = TargetConfig.model_validate(
        {
            "target": {"name": "tried"},
            "business": {"timezone": "UTC", "go_live": date(2026, 1, 8)},
            "database": {"url": postgresql.url(NAME).render_as_string(hide_password=False)},
            "mapping": {"time": "utc", "money": "decimal", **MAPPING},
        }
    )
    database = Database(Target(config, Path("unused"), datetime(2026, 1, 15, tzinfo=UTC)))
    yield database
    database.close()
    postgresql.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


def rows_read(plan: Any, of: str) -> float:
    """How many rows of a table the steps of an executed plan went through."""
    own = 0.0
    if plan.get("Relation Name") == of:
        own = (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"]
    return own + sum(rows_read(part, of) for part in plan.get("Plans", ()))


def test_lines_are_looked_up_where_there_is_an_index(database: Database, indexed: bool) -> None:
    sales = Sales(database.target, database)
    assert is_looked_up(sales.model, sales.model.records("sale_line"), "sale") is indexed


def test_the_lines_of_the_days_that_are_watched_are_read_and_no_others(database: Database, indexed: bool) -> None:
    sales = Sales(database.target, database)
    model, watched = sales.model, sales.watched
    sale, line = model.records("sale"), model.records("sale_line")

    def chosen(one: Any) -> Any:
        return [one.instant("finalised_at").within(watched)]

    lines = sums_beside(model, sale, line, "sale", chosen=chosen, name="lines", value=func.sum(line["quantity"]))
    statement = select(func.sum(lines["value"]).label("sum")).select_from(lines.beside(sale.source))
    asked = statement.where(*chosen(sale))
    (executed,) = database.value(Explained(asked, "EXPLAIN (FORMAT JSON, ANALYZE)"))
    read = rows_read(executed["Plan"], "line")
    assert database.value(asked) == 80
    assert read == 80 if indexed else read >= 80


def test_answers_are_the_same_with_an_index_and_without(database: Database) -> None:
    sales = Sales(database.target, database)
    totals = sales.finalised().where_total_differs_from_lines()
    assert (totals.count, totals.of) == (1, 40)
    assert totals.sample[0]["sale"] == "S20000"
    assert sales.unusual.of_nothing().count == 0
