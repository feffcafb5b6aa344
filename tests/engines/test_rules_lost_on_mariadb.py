"""A rule that a real MariaDB declares no more is missed, although every row holds it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from hypercare.database.database import Database
from hypercare.history.memory import Memory
from hypercare.history.store import History
from hypercare.integrity import Integrity
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target
from tests.engines.mariadb_server import MariaDB

SCHEMA = (
    "CREATE TABLE branches (id int PRIMARY KEY, code varchar(20) NOT NULL, UNIQUE KEY once (code))",
    "CREATE TABLE sales (id int PRIMARY KEY, branch_id int NOT NULL, total decimal(12, 2) NOT NULL,"
    " CONSTRAINT total_is_no_debt CHECK (total >= 0),"
    " CONSTRAINT of_branch FOREIGN KEY (branch_id) REFERENCES branches (id))",
)


@pytest.fixture
def shop(mariadb: MariaDB) -> Iterator[MariaDB]:
    mariadb.execute("CREATE DATABASE ruled CHARACTER SET utf8mb4")
    mariadb.execute(*SCHEMA, database="ruled")
    yield mariadb
    mariadb.execute("DROP DATABASE ruled")


def lost(server: MariaDB, history: History) -> list[str]:
    config = TargetConfig.model_validate(
        {
            "target": {"name": "tried"},
            "business": {"timezone": "Europe/Berlin", "go_live": date(2026, 1, 8)},
            "database": {"url": server.url("ruled").render_as_string(hide_password=False)},
        }
    )
    database = Database(Target(config, Path("unused"), datetime(2026, 1, 15, tzinfo=UTC)))
    try:
        return [str(row["rule"]) for row in Integrity(database, Memory(lambda: history)).no_longer_declared().sample]
    finally:
        database.close()


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("ALTER TABLE branches DROP INDEX once", "branches.code must be unique"),
        ("ALTER TABLE sales DROP CONSTRAINT total_is_no_debt", "sales.total_is_no_debt"),
        ("ALTER TABLE sales DROP FOREIGN KEY of_branch", "sales.branch_id → branches.id"),
    ],
)
def test_a_rule_that_was_lost_is_missed(shop: MariaDB, tmp_path: Path, statement: str, rule: str) -> None:
    history = History(tmp_path / "history.sqlite", "tried")
    assert lost(shop, history) == []
    shop.execute(statement, database="ruled")
    assert lost(shop, history) == [rule]
    history.close()
