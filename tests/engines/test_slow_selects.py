"""A mapping by a select that takes long is explained: what its plan reads, and that no condition reaches the tables."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from hypercare.database.database import Database
from hypercare.database.trouble import TooSlow
from hypercare.doctor.records import try_database
from hypercare.doctor.slow_questions import with_its_plan
from hypercare.operations_model.model import Model
from hypercare.outcome.finding import Finding
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target
from tests.engines.mariadb_server import MariaDB
from tests.engines.postgresql_server import PostgreSQL

COLUMNS = {"id": "id", "created_at": "made", "total": "total"}
NUMBERED = "SELECT id, made, total, row_number() OVER (PARTITION BY shop ORDER BY made) AS n FROM orders"
TABLE = "CREATE TABLE orders (id integer PRIMARY KEY, shop integer, made timestamp, total numeric(12, 2))"
ROWS = "INSERT INTO orders (id, shop, made, total) VALUES " + ", ".join(
    f"({number}, {number % 3}, '2026-01-10 10:00:00', 5)" for number in range(1, 3001)
)
NEVER_ENDS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
    " SELECT o.id, o.made, o.total, max(n.i) AS top FROM orders o, n GROUP BY o.id"
)


@contextmanager
def asked(url: str, sale: dict[str, Any], timeout: str = "20s") -> Iterator[tuple[Target, Database]]:
    config = TargetConfig.model_validate(
        {
            "target": {"name": "tried"},
            "business": {"timezone": "Europe/Berlin", "go_live": date(2026, 1, 8)},
            "database": {"url": url, "timeout": timeout},
            "mapping": {"time": "utc", "money": "decimal", "sale": {"columns": COLUMNS, **sale}},
        }
    )
    target = Target(config, Path("unused"), datetime(2026, 1, 15, tzinfo=UTC))
    database = Database(target)
    try:
        yield target, database
    finally:
        database.close()


def explained(url: str, sale: dict[str, Any]) -> NotCovered:
    with asked(url, sale) as (target, database):
        model = Model(target, database)
        slow = TooSlow(Finding(sentence="The database did not answer a question within 20 seconds."), "orders")
        return with_its_plan(model, model.records("sale"), slow)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    file = tmp_path / "shop.sqlite"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(TABLE)
        connection.execute(ROWS)
        connection.execute("CREATE INDEX by_time ON orders (made)")
    return f"sqlite:///{file}"


def test_a_select_that_never_ends_is_explained_by_the_doctor(sqlite_url: str) -> None:
    with asked(sqlite_url, {"select": NEVER_ENDS}, "1s") as (target, database):
        (told,) = [one for one in try_database(target, database) if one.name == "entity sale"]
    assert "did not answer a question within 1 seconds" in told.says
    assert "it reads all of orders (about 3,000 rows)" in told.says
    assert "mapping-shapes.md" in told.remedy


def test_a_select_that_is_put_together_whole_is_told_on_sqlite(sqlite_url: str) -> None:
    gap = explained(sqlite_url, {"select": NUMBERED})
    assert (
        "reads all of orders (about 3,000 rows), since the select of [mapping.sale] is put together whole" in gap.reason
    )


def test_a_table_that_is_found_by_its_index_is_not_blamed_on_sqlite(sqlite_url: str) -> None:
    gap = explained(sqlite_url, {"table": "orders"})
    assert isinstance(gap, TooSlow)
    assert "reads all of" not in gap.reason


@pytest.fixture
def postgresql_url(postgresql: PostgreSQL) -> Iterator[str]:
    postgresql.execute("CREATE DATABASE slow")
    postgresql.execute(TABLE, ROWS, "CREATE INDEX by_time ON orders (made)", "ANALYZE orders", database="slow")
    yield postgresql.url("slow").render_as_string()
    postgresql.execute("DROP DATABASE slow WITH (FORCE)")


@pytest.fixture
def mariadb_url(mariadb: MariaDB) -> Iterator[str]:
    mariadb.execute("CREATE DATABASE slow")
    mariadb.execute(TABLE, ROWS, "CREATE INDEX by_time ON orders (made)", "ANALYZE TABLE orders", database="slow")
    yield mariadb.url("slow").render_as_string(hide_password=False)
    mariadb.execute("DROP DATABASE slow")


@pytest.mark.engine
@pytest.mark.parametrize("server", ["postgresql_url", "mariadb_url"])
def test_a_select_that_is_put_together_whole_is_told_on_servers(server: str, request: pytest.FixtureRequest) -> None:
    gap = explained(request.getfixturevalue(server), {"select": NUMBERED})
    assert re.search(r"reads all of (orders|o) \(about [23],\d{3} rows\), since the select of .* whole", gap.reason)
    assert "mapping-shapes.md" in gap.remedy


@pytest.mark.engine
@pytest.mark.parametrize("server", ["postgresql_url", "mariadb_url"])
def test_a_select_whose_condition_reaches_the_table_is_not_called_whole(
    server: str, request: pytest.FixtureRequest
) -> None:
    gap = explained(request.getfixturevalue(server), {"select": "SELECT id, made, total FROM orders"})
    assert "put together whole" not in gap.reason


def test_an_engine_that_does_not_say_is_left_at_that(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Database, "dialect", "oracle")
    with asked(sqlite_url, {"table": "orders"}) as (target, database):
        slow = TooSlow(Finding(sentence="Too slow."), "")
        model = Model(target, database)
        assert with_its_plan(model, model.records("sale"), slow) is slow
