"""The doctor tells how long the watched days of an entity take on the real data, and which index would help."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from hypercare.database.database import Database
from hypercare.doctor.records import try_database
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target
from tests.engines.mariadb_server import MariaDB
from tests.engines.postgresql_server import PostgreSQL

MANY = 12_000
TABLES = (
    "CREATE TABLE orders (id integer PRIMARY KEY, made timestamp, total integer)",
    "CREATE TABLE order_lines (id integer PRIMARY KEY, order_id integer, amount integer)",
)
SALE = {"table": "orders", "columns": {"id": "id", "created_at": "made", "total": "total"}}
LINE = {"table": "order_lines", "columns": {"id": "id", "sale": "order_id", "amount": "amount"}}
INDEXES = ("CREATE INDEX by_time ON orders (made)", "CREATE INDEX of_order ON order_lines (order_id)")


def told(url: str, state: Path, **sale: Any) -> dict[str, str]:
    config = TargetConfig.model_validate(
        {
            "target": {"name": "tried"},
            "business": {"timezone": "UTC", "go_live": date(2026, 1, 8)},
            "database": {"url": url},
            "mapping": {"time": "utc", "money": "decimal", "sale": {**SALE, **sale}, "sale_line": LINE},
        }
    )
    target = Target(config, state, datetime(2026, 1, 15, tzinfo=UTC))
    database = Database(target)
    try:
        return {one.name: one.says for one in try_database(target, database)}
    finally:
        database.close()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    file = tmp_path / "shop.sqlite"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executescript("PRAGMA journal_mode = WAL;" + ";".join(TABLES))
        orders = ((n, f"2026-01-{10 if n < 50 else 1:02} 10:00:00", 5) for n in range(1, MANY))
        connection.executemany("INSERT INTO orders VALUES (?, ?, ?)", orders)
        connection.executemany("INSERT INTO order_lines VALUES (?, ?, 5)", ((n, n) for n in range(1, MANY)))
    return f"sqlite:///{file}"


def with_indexes(url: str) -> str:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
        connection.executescript(";".join(INDEXES))
    return url


def test_the_index_that_is_lacking_is_named_for_days_and_for_what_belongs_to_a_sale(
    sqlite_url: str, tmp_path: Path
) -> None:
    says = told(sqlite_url, tmp_path)
    assert "the 49 of the watched days are found in" in says["entity sale"]
    assert "by reading all of orders (about 11,999 rows): an index on orders (made) would help" in says["entity sale"]
    assert "those of one sale are found by reading all of order_lines" in says["entity sale_line"]
    assert "an index on order_lines (order_id) would help" in says["entity sale_line"]


def test_what_is_found_by_an_index_is_told_with_its_time_and_the_index(sqlite_url: str, tmp_path: Path) -> None:
    says = told(with_indexes(sqlite_url), tmp_path)
    assert re.search(r"the 49 of the watched days are found in [\d.]+ s by by_time$", says["entity sale"])
    assert "reading all of" not in says["entity sale"] + says["entity sale_line"]


def test_no_index_is_asked_for_where_most_records_are_of_the_watched_days(sqlite_url: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection, connection:
        connection.execute("UPDATE orders SET made = '2026-01-10 10:00:00' WHERE id <= 6000")
    says = told(sqlite_url, tmp_path)["entity sale"]
    assert "the 6,000 of the watched days are found in" in says
    assert says.endswith("by reading all of orders (about 11,999 rows), of which they are 50%")


def test_an_entity_without_times_is_found_by_its_key(sqlite_url: str, tmp_path: Path) -> None:
    says = told(sqlite_url, tmp_path)["entity sale_line"]
    assert re.search(r"one is found by its key in [\d.]+ s by the primary key;", says)


def test_a_select_is_told_to_let_its_conditions_reach_the_table(sqlite_url: str, tmp_path: Path) -> None:
    numbered = "SELECT id, made, total, row_number() OVER (PARTITION BY total ORDER BY made) AS n FROM orders"
    says = told(with_indexes(sqlite_url), tmp_path, table=None, select=numbered)
    assert "by reading all of orders" in says["entity sale"]
    assert "see that a condition reaches the table" in says["entity sale"]


@pytest.fixture
def postgresql_url(postgresql: PostgreSQL) -> Iterator[str]:
    postgresql.execute("CREATE DATABASE looked_up")
    days = "timestamp '2026-01-01 10:00' + CASE WHEN n < 50 THEN 9 ELSE 0 END * interval '1 day'"
    numbers = f"generate_series(1, {MANY - 1}) AS n"
    fill = (
        f"INSERT INTO orders SELECT n, {days}, 5 FROM {numbers}",
        f"INSERT INTO order_lines SELECT n, n, 5 FROM {numbers}",
    )
    postgresql.execute(*TABLES, *fill, "ANALYZE", database="looked_up")
    yield postgresql.url("looked_up").render_as_string()
    postgresql.execute("DROP DATABASE looked_up WITH (FORCE)")


@pytest.fixture
def mariadb_url(mariadb: MariaDB) -> Iterator[str]:
    mariadb.execute("CREATE DATABASE looked_up")
    days = "timestamp '2026-01-01 10:00' + INTERVAL IF(seq < 50, 9, 0) DAY"
    numbers = f"seq_1_to_{MANY - 1}"
    fill = (
        f"INSERT INTO orders SELECT seq, {days}, 5 FROM {numbers}",
        f"INSERT INTO order_lines SELECT seq, seq, 5 FROM {numbers}",
    )
    mariadb.execute(*TABLES, *fill, "ANALYZE TABLE orders, order_lines", database="looked_up")
    yield mariadb.url("looked_up").render_as_string(hide_password=False)
    mariadb.execute("DROP DATABASE looked_up")


@pytest.mark.engine
@pytest.mark.parametrize("server", ["postgresql_url", "mariadb_url"])
def test_servers_are_asked_for_their_plans_too(server: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    says = told(request.getfixturevalue(server), tmp_path)
    assert "an index on orders (made) would help" in says["entity sale"]
    assert "an index on order_lines (order_id) would help" in says["entity sale_line"]


SELECTED = "SELECT o.id, o.made, o.total FROM orders o LEFT JOIN order_lines l ON l.id = o.id"


@pytest.mark.engine
@pytest.mark.parametrize("server", ["sqlite_url", "postgresql_url", "mariadb_url"])
def test_the_condition_of_a_question_reaches_the_table_behind_a_select(
    server: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Pushed down by the engine: the index of the table finds the days, and nothing is put together first."""
    url: str = request.getfixturevalue(server)
    if server == "sqlite_url":
        with_indexes(url)
    else:
        served: PostgreSQL | MariaDB = request.getfixturevalue(server.removesuffix("_url"))
        served.execute(*INDEXES, database="looked_up")
    says = told(url, tmp_path, table=None, select=SELECTED)["entity sale"]
    assert re.search(r"the 49 of the watched days are found in [\d.]+ s by by_time", says)
    assert "by reading all of" not in says
