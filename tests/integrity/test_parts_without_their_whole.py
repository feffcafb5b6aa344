"""A line without its sale is found wherever the mapping has it, and nothing is blamed that may be so by design."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from hypercare.database.database import Database
from hypercare.integrity import Integrity, mapped_references
from hypercare.outcome.intake import listening
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target

PLAIN = {
    "sale": {"table": "bill", "where": "hidden = 0", "columns": ["id", "total"]},
    "sale_line": {"table": "bill_item", "columns": {"id": "id", "sale": "bill", "amount": "amount"}},
}
LINES_BY_A_SELECT = {
    **PLAIN,
    "sale_line": {
        "select": "select id, bill as of_bill, amount from bill_item",
        "columns": {"id": "id", "sale": "of_bill", "amount": "amount"},
    },
}
SALES_BY_A_SELECT = {**PLAIN, "sale": {"select": "select * from bill where hidden = 0", "columns": ["id", "total"]}}


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "shop.sqlite"
    change(
        path,
        "CREATE TABLE bill (id INTEGER PRIMARY KEY, total REAL, hidden INTEGER)",
        "CREATE TABLE bill_item (id INTEGER PRIMARY KEY, bill INTEGER, amount REAL)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)"
        " INSERT INTO bill SELECT i, i, i % 50 = 0 FROM n",
        "INSERT INTO bill_item SELECT id, id, total FROM bill",
        "INSERT INTO bill_item VALUES (901, 0, 1), (902, NULL, 1)",
    )
    yield path


def change(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def found(file: Path, mapping: dict[str, Any]) -> tuple[int, int]:
    """How many are found, and how many references were followed."""
    config = TargetConfig.model_validate(
        {
            "target": {"name": "tried"},
            "business": {"timezone": "UTC", "go_live": date(2026, 1, 8)},
            "database": {"url": f"sqlite:///{file}"},
            "mapping": mapping,
        }
    )
    database = Database(Target(config, file.parent / "state", datetime(2026, 1, 15, tzinfo=UTC)))
    try:
        with listening() as heard:
            count = Integrity(database).parts_without_their_whole().count
        return count, next(one.understood for (_, what), one in heard.items() if what == "mapped references")
    finally:
        database.close()


@pytest.mark.parametrize("mapping", [PLAIN, LINES_BY_A_SELECT], ids=["table", "select"])
def test_a_line_without_its_sale_is_found(file: Path, mapping: dict[str, Any]) -> None:
    assert found(file, mapping) == (0, 1)
    change(file, "DELETE FROM bill WHERE id = 7")
    assert found(file, mapping) == (1, 1)


def test_where_many_point_to_none_the_column_means_something_else(file: Path) -> None:
    change(file, "DELETE FROM bill WHERE id <= 4")
    assert found(file, PLAIN) == (4, 1)
    change(file, "DELETE FROM bill WHERE id = 5")
    with pytest.raises(NotCovered, match="5 of 200 point to none"):
        found(file, PLAIN)


def test_what_a_select_leaves_out_may_be_there(file: Path) -> None:
    change(file, "DELETE FROM bill WHERE id = 7")
    with pytest.raises(NotCovered, match="sale is mapped by a select") as told:
        found(file, SALES_BY_A_SELECT)
    assert "mapping.agreed.references" in told.value.remedy


def test_very_many_records_are_not_scanned(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapped_references, "SMALL_TABLE", 100)
    with pytest.raises(NotCovered, match="more than 100 records"):
        found(file, PLAIN)


def test_what_is_agreed_on_is_asked_there(file: Path) -> None:
    agreed = {"references": [{"child": "bill_item.bill", "parent": "bill.id"}]}
    assert found(file, {**SALES_BY_A_SELECT, **PLAIN, "agreed": agreed}) == (0, 0)


def test_what_is_declared_is_asked_there(file: Path) -> None:
    change(
        file,
        "CREATE TABLE other_item (id INTEGER PRIMARY KEY, bill INTEGER REFERENCES bill (id), amount REAL)",
    )
    mapping = {**PLAIN, "sale_line": {**PLAIN["sale_line"], "table": "other_item"}}
    assert found(file, mapping) == (0, 0)
