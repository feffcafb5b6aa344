"""An export of the database is read by DuckDB within bounds, nothing is written, and its trouble is no outage."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import literal_column, select, text

from hypercare.database.database import Database
from hypercare.database.export import Export, NotUnderstood, export_of
from hypercare.database.schemas import TableName
from hypercare.doctor.records import try_database
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target

duckdb = pytest.importorskip("duckdb", reason="the extra duckdb is not installed")
ROWS = 1_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """sales in a folder of two files, branches in one, and one of a schema of its own."""
    folder = tmp_path / "export"
    (folder / "sales" / "year=2026").mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE sales AS SELECT i AS id, 'N' || i AS number FROM range({ROWS}) r(i)")
        connection.execute(f"COPY (FROM sales WHERE id < 600) TO '{folder}/sales/first.parquet'")
        connection.execute(f"COPY (FROM sales WHERE id >= 600) TO '{folder}/sales/year=2026/second.parquet'")
        connection.execute(f"COPY (SELECT 1 AS id) TO '{folder}/branches.parquet'")
        connection.execute(f"COPY (SELECT 7 AS id) TO '{folder}/shop.orders.parquet'")
    return folder


def opened(folder: Path, **database: object) -> Database:
    config = TargetConfig.model_validate(
        {
            "target": {"name": "tried"},
            "business": {"timezone": "UTC", "go_live": date(2026, 1, 8)},
            "database": {"url": "sqlite:///unused.sqlite", "scan_from": str(folder), **database},
        }
    )
    return Database(Target(config, folder.parent, datetime(2026, 1, 15, tzinfo=UTC)))


@pytest.fixture
def export(folder: Path) -> Iterator[Export]:
    database = opened(folder)
    export = export_of(database)
    assert export is not None
    yield export
    database.close()


@pytest.mark.parametrize(
    ("table", "rows"), [("sales", ROWS), ("branches", 1), ("shop.orders", 1), ("orders", 1), ('"sales"', ROWS)]
)
def test_a_table_is_a_file_or_a_folder_of_files(export: Export, table: str, rows: int) -> None:
    assert export.value(text(f"SELECT count(*) FROM {table}")) == rows


def test_without_scan_from_there_is_none(folder: Path) -> None:
    assert export_of(opened(folder, scan_from=None)) is None


def test_one_is_opened_for_all_questions_and_closed_with_the_database(folder: Path) -> None:
    database = opened(folder)
    first = export_of(database)
    assert first is export_of(database)
    database.close()
    assert database.export is None


@pytest.mark.parametrize(
    "statement",
    [
        "COPY (SELECT 1) TO '{folder}/new.parquet'",
        "COPY (SELECT 1) TO '{folder}/branches.parquet'",
        "SELECT 1; COPY (SELECT 1) TO '{folder}/branches.parquet'",
        "CREATE TABLE mine (id INTEGER)",
        "ATTACH '{folder}/mine.duckdb'",
        "SET threads = 8",
        "SELECT * FROM read_csv('{folder}/../secret.csv')",
    ],
)
def test_nothing_is_written_and_nothing_else_is_read(export: Export, folder: Path, statement: str) -> None:
    (folder.parent / "secret.csv").write_text("a\n1\n")
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    with pytest.raises(NotCovered):
        export.rows(text(statement.format(folder=folder)))
    assert {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()} == before


def test_it_takes_one_core_and_a_bounded_part_of_the_memory(export: Export) -> None:
    settings = "SELECT name, value FROM duckdb_settings() WHERE name IN ('threads', 'memory_limit', 'TimeZone')"
    found = {row["name"]: row["value"] for row in export.rows(text(settings))}
    assert found == {"threads": "1", "memory_limit": "488.2 MiB", "TimeZone": "UTC"}


def test_a_question_that_takes_too_long_is_ended(folder: Path) -> None:
    database = opened(folder, timeout="200ms")
    export = export_of(database)
    assert export is not None
    with pytest.raises(NotCovered, match=r"(?i)interrupt"):
        export.value(text("SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range + b.range = -1"))
    database.close()


@pytest.mark.parametrize(
    ("statement", "signal"),
    [
        ("SELECT count(*) FROM nobody", NotCovered),
        ("SELECT total FROM sales", NotCovered),
        ("SELECT count(*) FROM sales WHERE unlikely(id > 3)", NotUnderstood),
        ("SELECT count(*) FROM sales WHERE id LIKE 3", NotUnderstood),
        ("SELECT count(*) FROM sales WHERE number = 3", NotUnderstood),
        ("SELECT count(*) FROM FROM sales", NotUnderstood),
    ],
)
def test_what_it_does_not_say_is_not_covered(export: Export, statement: str, signal: type[NotCovered]) -> None:
    with pytest.raises(NotCovered) as told:
        export.rows(text(statement))
    assert type(told.value) is signal
    assert str(export.address) in told.value.reason
    assert export.value(text("SELECT count(*) FROM sales")) == ROWS


def test_it_is_as_old_as_the_newest_file_of_the_oldest_table(export: Export, folder: Path) -> None:
    now = time.time()
    for file, days in (("sales/first.parquet", 400), ("sales/year=2026/second.parquet", 1), ("branches.parquet", 0.5)):
        os.utime(folder / file, (now - days * 86_400, now - days * 86_400))
    sales, branches = TableName(None, "sales"), TableName(None, "branches")
    age = datetime.now(UTC) - export.written(sales, branches)
    assert timedelta(hours=23) < age < timedelta(hours=25)


def test_one_that_is_older_than_the_target_file_allows_is_not_covered(folder: Path) -> None:
    os.utime(folder / "branches.parquet", (time.time() - 7_200,) * 2)
    database = opened(folder, export_behind="1h")
    export = export_of(database)
    assert export is not None
    with pytest.raises(NotCovered, match=r"The export of branches at .* is 120 minutes old"):
        export.written(TableName(None, "branches"))
    with pytest.raises(NotCovered, match="has no table customers"):
        export.written(TableName(None, "customers"))


@pytest.mark.parametrize("place", ["nowhere", "empty"])
def test_where_no_file_is_nothing_is_covered(tmp_path: Path, place: str) -> None:
    (tmp_path / "empty").mkdir()
    database = opened(tmp_path / place)
    export = export_of(database)
    assert export is not None
    with pytest.raises(NotCovered, match="There is no Parquet file at"):
        export.value(text("SELECT 1"))


def test_the_types_of_its_columns_are_known(export: Export) -> None:
    columns = select(literal_column("id").label("id"), literal_column("number").label("number"))
    types = export.types_of(columns.select_from(TableName(None, "sales").clause()))
    assert {name: (kind.is_whole, kind.is_text) for name, kind in types.items()} == {
        "id": (True, False),
        "number": (False, True),
    }


def test_doctor_says_what_it_has_and_of_when(folder: Path) -> None:
    sqlite3.connect(folder.parent / "shop.sqlite").close()
    os.utime(folder / "branches.parquet", (time.time() - 7_200,) * 2)
    database = opened(folder, url=f"sqlite:///{folder.parent / 'shop.sqlite'}")
    attempts = {one.name: one.says for one in try_database(database.target, database)}
    database.close()
    hour = datetime.now(UTC) - timedelta(hours=2)
    assert attempts["database export"] == f"3 tables at {folder}, the oldest of {hour:%Y-%m-%d %H:%M} UTC"


def test_an_export_in_an_object_store_is_read_there(folder: Path) -> None:
    fsspec: Any = pytest.importorskip("fsspec", reason="the extra stores is not installed")
    store = fsspec.filesystem("memory")
    store.put(str(folder), "/nightly", recursive=True)
    database = opened(folder, scan_from="memory://nightly")
    export = export_of(database)
    assert export is not None
    assert export.value(text("SELECT count(*) FROM sales")) == ROWS
    assert datetime.now(UTC) - export.written(TableName(None, "sales")) < timedelta(hours=1)
    with pytest.raises(NotCovered):
        export.rows(text("COPY (SELECT 1) TO 'memory://nightly/new.parquet'"))
    store.rm("/nightly", recursive=True)
