"""Integrity on a real MariaDB: what the engine vouches for, what is scanned, and what damage it reports."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hypercare.database.database import Database
from hypercare.integrity import Integrity
from hypercare.outcome import evidence
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target
from tests.engines.mariadb_server import MariaDB

SCHEMA = (
    "CREATE TABLE branches (id int PRIMARY KEY, code varchar(20) NOT NULL UNIQUE)",
    "CREATE TABLE sales (id int PRIMARY KEY AUTO_INCREMENT, branch_id int NOT NULL, total decimal(12, 2) NOT NULL,"
    " state enum('open', 'done') NOT NULL DEFAULT 'open', extra json, CONSTRAINT total_is_no_debt CHECK (total >= 0),"
    " CONSTRAINT of_branch FOREIGN KEY (branch_id) REFERENCES branches (id))",
    "CREATE TABLE notes (id int PRIMARY KEY, sale int, branch varchar(20) CHARACTER SET latin1, text varchar(200))"
    " ENGINE=MyISAM",
    "INSERT INTO branches VALUES (1, 'HAR'), (2, 'OLD')",
    "INSERT INTO sales (branch_id, total, extra) SELECT 1 + seq % 2, seq, '{\"a\": 1}' FROM seq_1_to_300",
    "INSERT INTO notes SELECT seq, seq, 'HAR', REPEAT('x', 150) FROM seq_1_to_300",
)
AGREED = {
    "references": [
        {"child": "notes.sale", "parent": "sales.id"},
        {"child": "notes.branch", "parent": "branches.code"},
    ],
    "rules": [{"table": "sales", "name": "a sale is small: < 10:00 €", "holds": "total < 1000 AND '10:00' <> '%s'"}],
}
QUESTIONS = (
    "damaged",
    "not_enforced",
    "against_declared_rules",
    "against_declared_references",
    "against_agreed_rules",
    "against_agreed_references",
)


def integrity_of(server: MariaDB, *, user: str = "root", timeout: str = "20s", **mapping: Any) -> Integrity:
    config = TargetConfig.model_validate(
        {
            "target": {"name": "tried"},
            "business": {"timezone": "Europe/Berlin", "go_live": date(2026, 1, 8)},
            "database": {
                "url": server.url("sound", user=user).render_as_string(hide_password=False),
                "timeout": timeout,
            },
            "mapping": {"agreed": AGREED, **mapping},
        }
    )
    return Integrity(Database(Target(config, Path("unused"), datetime(2026, 1, 15, tzinfo=UTC))))


@pytest.fixture
def shop(mariadb: MariaDB) -> Iterator[MariaDB]:
    mariadb.execute("CREATE DATABASE sound CHARACTER SET utf8mb4")
    mariadb.execute(*SCHEMA, database="sound")
    yield mariadb
    mariadb.execute("SET foreign_key_checks = 0", "DROP DATABASE sound", "DROP USER IF EXISTS reader@'127.0.0.1'")


def seen_by(integrity: Integrity) -> set[str]:
    seen = set()
    for question in QUESTIONS:
        with suppress(NotCovered):
            seen |= {question} if getattr(integrity, question)().count else set()
    integrity._database.close()
    return seen


@pytest.mark.long
@pytest.mark.parametrize(
    ("statements", "seen"),
    [
        ((), set()),
        (
            ("SET foreign_key_checks = 0", "UPDATE sales SET branch_id = 9 WHERE id < 4"),
            {"against_declared_references"},
        ),
        (("SET foreign_key_checks = 0", "DROP TABLE branches"), {"against_declared_references"}),
        (
            ("SET check_constraint_checks = 0", "UPDATE sales SET total = -1 WHERE id = 7"),
            {"against_declared_rules"},
        ),
        (("SET sql_mode = ''", "UPDATE sales SET state = 'nonsense' WHERE id = 7"), {"against_declared_rules"}),
        (
            (
                "CREATE TABLE `line%s: x` (id int PRIMARY KEY, sale int, FOREIGN KEY (sale) REFERENCES sales (id))"
                " WITH SYSTEM VERSIONING",
                "SET foreign_key_checks = 0",
                "INSERT INTO `line%s: x` VALUES (1, 999)",
            ),
            {"against_declared_references"},
        ),
        (("INSERT INTO notes VALUES (900, 900, 'HAR', '')",), {"against_agreed_references"}),
        (("INSERT INTO notes VALUES (900, 1, 'GONE', '')",), {"against_agreed_references"}),
        (("UPDATE sales SET total = 4000 WHERE id = 7",), {"against_agreed_rules"}),
    ],
    ids=[
        "sound",
        "orphans",
        "parent-gone",
        "past-a-check",
        "no-such-value",
        "versioned-and-oddly-named",
        "agreed",
        "agreed-collation",
        "rule",
    ],
)
def test_each_break_is_seen_where_it_belongs(shop: MariaDB, statements: tuple[str, ...], seen: set[str]) -> None:
    if statements:
        shop.execute(*statements, database="sound")
    integrity = integrity_of(shop)
    if "DROP TABLE branches" in statements:
        found = integrity.against_declared_references()
        assert found.count == 300 and "a table that is gone" in str(found.sample)
        integrity._database.close()
        return
    assert seen_by(integrity) == seen


@pytest.mark.long
@pytest.mark.parametrize("name", ["foreign_key_checks", "unique_checks", "check_constraint_checks"])
def test_what_is_switched_off_for_the_server_is_seen(shop: MariaDB, name: str) -> None:
    shop.execute(f"SET GLOBAL {name} = 0")
    try:
        assert seen_by(integrity_of(shop)) == {"not_enforced"}
    finally:
        shop.execute(f"SET GLOBAL {name} = 1")


def test_a_table_of_the_business_that_fell_back_to_an_engine_without_keys_is_seen(shop: MariaDB) -> None:
    shop.execute("ALTER TABLE sales DROP FOREIGN KEY of_branch", "ALTER TABLE sales ENGINE = MyISAM", database="sound")
    assert "not_enforced" not in seen_by(integrity_of(shop, agreed={"rules": AGREED["rules"]}))
    integrity = integrity_of(
        shop, agreed={"rules": AGREED["rules"]}, sale={"table": "sales", "columns": {"id": "id", "total": "total"}}
    )
    assert [row["table"] for row in integrity.not_enforced().sample] == ["sales"]
    integrity._database.close()


def looked(integrity: Integrity) -> tuple[Any, str]:
    kept: list[evidence.Attachment] = []
    with evidence.collecting(kept.append):
        damaged = integrity.damaged()
    integrity._database.close()
    return damaged, next(str(one.body) for one in kept if one.name == "what was looked at")


def test_a_damaged_myisam_table_is_told_and_the_others_looked_at(shop: MariaDB) -> None:
    shop.execute("FLUSH TABLES", database="sound")
    file = shop.folder / "sound" / "notes.MYD"
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])
    damaged, looks = looked(integrity_of(shop))
    assert [row["table"] for row in damaged.sample] == ["notes"]
    assert "sales,checked" in looks and "branches,checked" in looks


def test_a_table_whose_file_is_gone_is_damage(shop: MariaDB) -> None:
    shop.execute("FLUSH TABLES", database="sound")
    file = shop.folder / "sound" / "notes.MYI"
    away = file.rename(file.with_suffix(".away"))
    try:
        damaged, _ = looked(integrity_of(shop))
    finally:
        away.rename(file)
    assert [row["table"] for row in damaged.sample] == ["notes"]


def test_a_damaged_page_of_innodb_is_told(shop: MariaDB) -> None:
    shop.execute(
        "CREATE TABLE papers (id int PRIMARY KEY, body varchar(500)) ENGINE=InnoDB",
        "INSERT INTO papers SELECT seq, CONCAT(seq, REPEAT('x', 400)) FROM seq_1_to_500",
        database="sound",
    )
    shop.stop()  # so that it has nothing of the table in memory
    with (shop.folder / "sound" / "papers.ibd").open("r+b") as file:
        file.seek(6 * 16384 + 2000)
        file.write(b"Z" * 400)
    shop.start()
    damaged, _ = looked(integrity_of(shop))
    assert [row["table"] for row in damaged.sample] == ["papers"]


def test_where_our_user_may_read_nothing_damage_is_not_covered(shop: MariaDB) -> None:
    shop.execute(
        "CREATE OR REPLACE USER reader@'127.0.0.1' IDENTIFIED BY 'sesame'",
        "GRANT EXECUTE ON sound.* TO reader@'127.0.0.1'",
    )
    integrity = integrity_of(shop, user="reader")
    with pytest.raises(NotCovered, match="No table could be checked"):
        integrity.damaged()
    integrity._database.close()


def test_a_check_that_takes_too_long_is_ended_and_said(shop: MariaDB) -> None:
    integrity = integrity_of(shop, timeout="1s")
    lock = integrity_of(shop)._database
    with lock.engine.connect() as holder:
        holder.exec_driver_sql("SET SESSION TRANSACTION READ WRITE")
        holder.rollback()
        holder.exec_driver_sql("LOCK TABLES notes WRITE")
        began = datetime.now(UTC)
        damaged, looks = looked(integrity)
        assert datetime.now(UTC) - began < timedelta(seconds=8)
    lock.close()
    assert damaged.count == 0
    assert "notes,took too long" in looks or "notes,was locked" in looks
