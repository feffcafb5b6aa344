"""Past months are read in an export of the database where there is one; what is wrong in it alone is no alarm."""

from __future__ import annotations

import csv
import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.seals import PastSales
from tests.operations.facts import AS_OF
from tests.seals.conftest import Change
from tests.seals.test_past_months import LIVE, OF_OLD

duckdb = pytest.importorskip("duckdb", reason="the extra duckdb is not installed")

KEYS = {"id_", "branch_", "customer_", "created_by_"}
DATED = {"created_at_", "finalised_at_"}


def export(business: Path, folder: Path, columns: str = "*", among: str = "true") -> None:
    """The sales alone, with the types that they would have."""
    folder.mkdir(exist_ok=True)
    written = folder.parent / "sales.csv"
    with closing(sqlite3.connect(business)) as source, written.open("w", newline="") as file:
        names = [str(row[1]) for row in source.execute("PRAGMA table_info(sale_rows)")]
        csv.writer(file).writerows(source.execute("SELECT * FROM sale_rows"))
    types = {name: "BIGINT" if name in KEYS else "TIMESTAMP" if name in DATED else "VARCHAR" for name in names}
    types["total_"] = "DECIMAL(12, 2)"
    rows = f"read_csv('{written}', header = false, columns = {types})"
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT {columns} FROM {rows} WHERE {among}) TO '{folder}/sale_rows.parquet'")


@dataclass
class Rounds:
    open: Callable[..., Any]
    business: Path
    folder: Path
    as_of: datetime = AS_OF
    asked: list[str] = field(default_factory=list)

    def export(self, columns: str = "*", among: str = "true") -> None:
        export(self.business, self.folder, columns, among)

    def look(self) -> Found:
        section = {"url": f"sqlite:///{self.business}", "scan_from": str(self.folder)}
        target, database, store = self.open(go_live=LIVE, as_of=self.as_of, database=section)
        self.as_of += timedelta(days=1)
        self.asked.clear()
        event.listen(database.engine, "before_cursor_execute", lambda *one: self.asked.append(one[2]))
        return PastSales(target, database, store).changed_afterwards()


@pytest.fixture
def rounds(opened_round: Callable[..., Any], business: Path, tmp_path: Path) -> Rounds:
    """The past is sealed."""
    opened = Rounds(opened_round, business, tmp_path / "export")
    opened.export()
    with pytest.raises(NotCovered, match="The past was sealed just now"):
        opened.look()
    return opened


def test_what_stays_as_it_was_is_read_in_the_export_alone(rounds: Rounds) -> None:
    for _ in range(3):
        rounds.export()
        assert rounds.look().count == 0
        assert not [one for one in rounds.asked if "hypercare_fingerprint" in one]
        assert [one for one in rounds.asked if "sum(" in one.lower()] == []


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(f"UPDATE sale_rows SET total_ = total_ + 7 WHERE id_ = ({OF_OLD})", id="another total"),
        pytest.param(f"UPDATE sale_rows SET branch_ = 2 WHERE id_ = ({OF_OLD})", id="another branch"),
        pytest.param(f"UPDATE sale_rows SET number_ = 'X' WHERE id_ = ({OF_OLD})", id="another number"),
        pytest.param(f"DELETE FROM sale_rows WHERE id_ = ({OF_OLD})", id="deleted"),
    ],
)
def test_a_change_is_told_with_the_next_export_and_until_it_is_so_again(
    rounds: Rounds, change: Change, statement: str
) -> None:
    change(statement)
    assert rounds.look().count == 0
    rounds.export()
    for _ in range(3):
        found = rounds.look()
        assert found.count == 1
        assert {row["day"] for row in found.sample} == {"2026-03-20"}


@pytest.mark.parametrize(
    "among",
    [
        pytest.param("finalised_at_ < '2026-03-20'", id="the last days"),
        pytest.param("finalised_at_ NOT BETWEEN '2026-03-20' AND '2026-03-21'", id="a day"),
        pytest.param("id_ % 2 = 0", id="every second row"),
        pytest.param("false", id="all"),
    ],
)
def test_an_export_that_lacks_sales_is_not_covered_and_no_alarm(rounds: Rounds, among: str) -> None:
    rounds.export(among=among)
    for _ in range(2):
        with pytest.raises(NotCovered, match="it is not what the database holds"):
            rounds.look()
    rounds.export()
    assert rounds.look().count == 0


def test_what_an_export_lacks_is_not_sealed(opened_round: Callable[..., Any], business: Path, tmp_path: Path) -> None:
    rounds = Rounds(opened_round, business, tmp_path / "export")
    rounds.export(among="finalised_at_ < '2026-03-20'")
    with pytest.raises(NotCovered, match="it is not what the database holds"):
        rounds.look()
    rounds.export()
    with pytest.raises(NotCovered, match="The past was sealed just now"):
        rounds.look()
    assert rounds.look().count == 0


def test_one_that_lacks_a_column_or_is_too_old_is_not_covered(rounds: Rounds) -> None:
    rounds.export(columns="* EXCLUDE (number_)")
    with pytest.raises(NotCovered, match="number_"):
        rounds.look()
    rounds.export()
    then = time.time() - 5 * 86_400
    os.utime(rounds.folder / "sale_rows.parquet", (then, then))
    with pytest.raises(NotCovered, match="is 5 days old"):
        rounds.look()
    (rounds.folder / "sale_rows.parquet").rename(rounds.folder / "sales.parquet")
    with pytest.raises(NotCovered, match="has no table sale_rows"):
        rounds.look()
