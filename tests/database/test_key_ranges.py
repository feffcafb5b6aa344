"""A table is gone through by ranges of its key: each record once, whatever the key, and from where it was left."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import column, func, select, table

from hypercare.database.database import Database
from hypercare.database.key_ranges import KeyRange, by_key_ranges
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target

SALE = table("sale", column("id"))
KEYS = {
    "numbers": list(range(1, 24)),
    "numbers with gaps": [-5, 0, 3, 900, 10**12, 10**15],
    "texts": ["A-9", "B-1", "a", "ä", "z" * 40],
    "UUIDs": [f"{number:032x}" for number in (1, 7, 2**100, 2**127)],
    "as many as a range": list(range(5)),
    "one": [7],
    "none": [],
}


@pytest.fixture(params=KEYS.values(), ids=KEYS.keys())
def keys(request: pytest.FixtureRequest) -> list[object]:
    return list(request.param)


@pytest.fixture
def database(keys: list[object], tmp_path: Path) -> Iterator[Database]:
    file = tmp_path / "shop.sqlite"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executescript("PRAGMA journal_mode = WAL; CREATE TABLE sale (id PRIMARY KEY)")
        connection.executemany("INSERT INTO sale VALUES (?)", ((key,) for key in keys))
    config = TargetConfig.model_validate(
        {
            "target": {"name": "tried"},
            "business": {"timezone": "UTC", "go_live": date(2026, 1, 8)},
            "database": {"url": f"sqlite:///{file}"},
        }
    )
    database = Database(Target(config, tmp_path, datetime(2026, 1, 15, tzinfo=UTC)))
    yield database
    database.close()


def found_in(database: Database, ranges: Iterator[KeyRange]) -> list[object]:
    return [
        row["id"]
        for one in ranges
        for row in database.rows(select(SALE.c.id).where(one.holds(SALE.c.id)).order_by(SALE.c.id))
    ]


@pytest.mark.parametrize("size", [1, 2, 5, 1000])
def test_each_record_is_in_one_range(database: Database, keys: list[object], size: int) -> None:
    assert found_in(database, by_key_ranges(database, SALE.c.id, SALE, size=size)) == sorted(keys)  # type: ignore[type-var]


def test_no_range_has_more_records_than_were_wanted(database: Database) -> None:
    ranges = by_key_ranges(database, SALE.c.id, SALE, size=3)
    counts = [database.value(select(func.count()).where(one.holds(SALE.c.id))) for one in ranges]
    assert max(counts) <= 3


def test_it_goes_on_from_where_it_was_left(database: Database, keys: list[object]) -> None:
    first = list(islice(by_key_ranges(database, SALE.c.id, SALE, size=2), 2))
    left_at = first[-1].until
    begun = found_in(database, iter(first))
    rest = (
        [] if left_at is None else found_in(database, by_key_ranges(database, SALE.c.id, SALE, size=2, above=left_at))
    )
    assert begun + rest == sorted(keys)  # type: ignore[type-var]
