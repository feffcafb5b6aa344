"""A trial's sale is looked up in its branch: each branch, and each year, may have its own sale of that number."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.dialects import postgresql

from hypercare.database.database import Database
from hypercare.operations.production import Production
from hypercare.operations.sales import Sales
from hypercare.operations_model.portable import untyped
from hypercare.trials.comparison import AmbiguousSale
from tests.operations.checking import make_target

NORTH, SOUTH = "0f8fad5b-d9cb-469f-a165-70867728950e", "7c9e6679-7425-40de-944b-e07fc1f90ae7"
SCHEMA = f"""
CREATE TABLE branches (id TEXT, code TEXT, name TEXT);
CREATE TABLE sales (id TEXT, number INTEGER, branch TEXT, total NUMERIC, at TEXT);
CREATE TABLE orders (id TEXT, number INTEGER, branch TEXT);
CREATE TABLE steps (id TEXT, part_of TEXT, name TEXT, state TEXT);
INSERT INTO branches VALUES ('{NORTH}', 'N', 'North'), ('{SOUTH}', 'S', 'South');
INSERT INTO sales VALUES
  ('a1', 17, '{NORTH}', 10, '2026-01-15 09:00'), ('b1', 17, '{SOUTH}', 20, '2026-01-15 09:00'),
  ('a0', 17, '{NORTH}', 30, '2025-01-15 09:00'), ('a2', 18, '{NORTH}', 40, '2026-01-15 09:00');
INSERT INTO orders VALUES ('o1', 5, '{NORTH}'), ('o2', 5, '{SOUTH}');
INSERT INTO steps VALUES ('1', 'o1', 'sew', 'waiting'), ('2', 'o2', 'sew', 'done');
"""
SALE = {"id": "id", "number": "number", "branch": "branch", "total": "total", "created_at": "at"}


@pytest.fixture
def target(tmp_path: Path) -> Any:
    path = tmp_path / "shop.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript(SCHEMA)
    connection.close()

    def made(*without: str) -> Any:
        columns = {field: column for field, column in SALE.items() if field not in without}
        mapping = {
            "branch": {"table": "branches", "columns": ["id", "code", "name"]},
            "sale": {"table": "sales", "columns": columns},
            "production_order": {"table": "orders", "columns": ["id", "number", "branch"]},
            "step": {
                "table": "steps",
                "columns": {"id": "id", "order": "part_of", "name": "name", "state": "state"},
                "values": {"state": {"waiting": "waiting", "done": "done"}},
            },
        }
        return make_target(f"sqlite:///{path}", mapping, datetime(2026, 1, 15, 16, tzinfo=UTC), zone="UTC")

    return made


def looked_up(target: Any, number: str, key: str = "", branch: str | None = None) -> object:
    found = Sales(target, Database(target)).by_number(number, key, branch)
    return None if found is None else found.id


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        (("17", "", "South"), "b1"),
        (("17", "", "s"), "b1"),
        (("17", "", SOUTH), "b1"),
        (("17", "17", "S"), "b1"),
        (("17", "", "N"), "a1"),
        (("17", "a0", "N"), "a0"),
        (("17", "B1", None), "b1"),
        (("18", "", None), "a2"),
        (("18", "", "N"), "a2"),
        (("18", "", "a word of the client's own"), "a2"),
        (("19", "", "S"), None),
    ],
)
def test_the_sale_of_its_own_branch_is_meant(target: Any, asked: Any, meant: str | None) -> None:
    assert looked_up(target(), *asked) == meant


@pytest.mark.parametrize(
    ("without", "asked"),
    [
        ((), ("17", "no such key", None)),
        ((), ("18", "no such key", "S")),
        (("branch",), ("17", "no such key", "S")),
        (("created_at",), ("17", "no such key", "N")),
    ],
    ids=["no branch is known", "only another branch has it", "branches are not mapped", "two of one branch"],
)
def test_where_it_cannot_be_told_none_is_compared(target: Any, without: Any, asked: Any) -> None:
    with pytest.raises(AmbiguousSale, match="which sale it is cannot be told") as gap:
        looked_up(target(*without), *asked)
    assert "[mapping.sale]" in gap.value.remedy


def test_a_key_that_is_written_otherwise_is_not_missing(tmp_path: Path, target: Any) -> None:
    sales = Sales(target(), Database(target()))
    assert sales.by_id("z9") is None
    with pytest.raises(AmbiguousSale, match="written otherwise than the ids"):
        sales.by_id(17)


@pytest.mark.parametrize(("branch", "state"), [("N", "waiting"), ("S", "done")])
def test_a_step_is_that_of_the_order_of_its_branch(target: Any, branch: str, state: str) -> None:
    assert Production(target(), Database(target())).step_state("none", "5", "sew", branch) == state


@pytest.mark.parametrize("value", ["0f8fad5b-d9cb-469f-a165-70867728950e", 17, "it's"])
def test_a_value_takes_the_type_of_the_column_it_is_compared_with(value: object) -> None:
    compiled = untyped(value, "postgresql").compile(dialect=postgresql.dialect())
    assert "::" not in str(compiled)
    assert list(compiled.params.values()) == [str(value)]
