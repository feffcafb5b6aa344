"""What a schema declared and declares no more is missed, whatever its rows are; what a release takes along is not."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hypercare.database.database import Database
from hypercare.history.memory import Memory
from hypercare.history.store import History
from hypercare.integrity import Integrity
from hypercare.integrity.lost_rules import Rule, Schema, no_longer_declared
from hypercare.target_file.config import DatabaseSection, TargetConfig, TargetSection
from hypercare.target_file.mapping import Agreed, MappingConfig
from hypercare.target_file.sections.business import BusinessSection
from hypercare.target_file.target import Target

BRANCHES = "CREATE TABLE branches (id INTEGER PRIMARY KEY, code TEXT)"
SALES = (
    "CREATE TABLE sales (id INTEGER PRIMARY KEY, number TEXT UNIQUE, branch_id INTEGER REFERENCES branches (id),"
    " state TEXT CONSTRAINT state_known CHECK (state IN ('draft', 'final')), total INTEGER CHECK (total >= 0))"
)


class Shop:
    """A database that is made anew with each schema, and looked at by suites that share one history."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "shop.sqlite"
        self.history = History(folder / "history.sqlite", "tried")

    def has(self, *statements: str) -> None:
        self.file.unlink(missing_ok=True)
        connection = sqlite3.connect(self.file)
        for statement in statements:
            connection.execute(statement)
        connection.close()

    def lost(self, *given_up: str) -> list[str]:
        config = TargetConfig(
            target=TargetSection(name="tried"),
            business=BusinessSection(timezone="Europe/Berlin", go_live="2026-01-08"),  # type: ignore[arg-type]
            database=DatabaseSection(url=f"sqlite:///{self.file}"),
            mapping=MappingConfig(agreed=Agreed(given_up=given_up)),
        )
        target = Target(config, self.file.parent / "state", datetime(2026, 1, 15, 16, tzinfo=UTC))
        database = Database(target)
        try:
            found = Integrity(database, Memory(lambda: self.history)).no_longer_declared()
        finally:
            database.close()
        assert found.count == len(found.sample)
        return [str(row["rule"]) for row in found.sample]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    made.has(BRANCHES, SALES)
    yield made
    made.history.close()


def test_the_first_look_misses_nothing(shop: Shop) -> None:
    assert shop.lost() == []


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (" UNIQUE", "", "sales.number must be unique"),
        ("(id INTEGER PRIMARY KEY", "(id INTEGER", "sales.id must be unique"),
        (" REFERENCES branches (id)", "", "sales.branch_id → branches.id"),
        (" CONSTRAINT state_known CHECK (state IN ('draft', 'final'))", "", "sales.state_known"),
        (" CHECK (total >= 0)", "", "sales.(total >= 0)"),
    ],
)
def test_a_rule_that_was_lost_is_missed_until_it_is_back(shop: Shop, old: str, new: str, rule: str) -> None:
    shop.lost()
    shop.has(BRANCHES, SALES.replace(old, new))
    assert shop.lost() == [rule]
    assert shop.lost() == [rule]
    shop.has(BRANCHES, SALES)
    assert shop.lost() == []


def test_one_of_two_references_to_the_same_table_is_missed(shop: Shop) -> None:
    moved = "CREATE TABLE moves (id INTEGER PRIMARY KEY, left_id INTEGER REFERENCES branches (id), came_to INTEGER{})"
    shop.has(BRANCHES, moved.format(" REFERENCES branches (id)"))
    shop.lost()
    shop.has(BRANCHES, moved.format(""))
    assert shop.lost() == ["moves.came_to → branches.id"]


def test_a_rule_over_all_columns_of_a_table_is_missed(shop: Shop) -> None:
    ties = "CREATE TABLE ties (sale INTEGER, branch INTEGER{})"
    shop.has(BRANCHES, ties.format(", UNIQUE (sale, branch)"))
    shop.lost()
    shop.has(BRANCHES, ties.format(""))
    assert shop.lost() == ["ties.branch+sale must be unique"]


def test_one_that_was_given_up_is_not_missed(shop: Shop) -> None:
    shop.lost()
    shop.has(BRANCHES, SALES.replace(" UNIQUE", ""))
    assert shop.lost("sales.number must be unique") == []


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param((BRANCHES,), id="the table is gone"),
        pytest.param((SALES,), id="the parent is gone"),
        pytest.param((BRANCHES, SALES.replace("number TEXT UNIQUE, ", "")), id="the column is gone"),
        pytest.param((BRANCHES, SALES.replace("'final')", "'final', 'void')")), id="a check was worded anew"),
        pytest.param((BRANCHES, SALES.replace("state_known", "known_state")), id="a check has another name"),
        pytest.param(
            (BRANCHES, SALES.replace(" UNIQUE", ""), "CREATE UNIQUE INDEX once ON sales (number)"),
            id="an index keeps the rows apart",
        ),
        pytest.param((BRANCHES, SALES, "CREATE TABLE notes (id INTEGER PRIMARY KEY)"), id="a table was added"),
    ],
)
def test_what_a_release_takes_along_is_not_missed(shop: Shop, statements: tuple[str, ...]) -> None:
    shop.lost()
    shop.has(*statements)
    assert shop.lost() == []


def test_an_index_of_some_rows_is_no_rule_for_all(shop: Shop) -> None:
    shop.lost()
    some = "CREATE UNIQUE INDEX once ON sales (number) WHERE total > 0"
    shop.has(BRANCHES, SALES.replace(" UNIQUE", ""), some)
    assert shop.lost() == ["sales.number must be unique"]


def test_one_of_two_checks_without_a_name_is_missed() -> None:
    kept, gone = Rule("sales", "check", (), "total >= 0"), Rule("sales", "check", (), "total < 100")
    schema = Schema({kept}, {"sales": {"total"}})
    assert no_longer_declared(schema, [kept, gone], ()) == [gone]
