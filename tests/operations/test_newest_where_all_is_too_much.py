"""Where a rule cannot be asked of all its days, it is asked of the newest, and what was not looked at is said."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from hypercare.database.database import Database
from hypercare.database.guard import Guard
from hypercare.database.trouble import TooMuchToRead
from hypercare.operations_model.model import Model
from hypercare.operations_model.violations import ViolationQuery, Violations
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target

NOW = datetime(2026, 1, 15, 17, tzinfo=UTC)
OLD, NEW = 900, 100


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "shop.sqlite"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(
            "PRAGMA journal_mode = WAL; CREATE TABLE sale (id INTEGER PRIMARY KEY, made TEXT, total INTEGER);"
            "CREATE TABLE newest (id INTEGER PRIMARY KEY)"
        )
        ages = [timedelta(days=7)] * OLD + [timedelta(hours=2)] * NEW
        rows = ((f"{NOW - age:%Y-%m-%d %H:%M:%S}", 5) for age in ages)
        connection.executemany("INSERT INTO sale (made, total) VALUES (?, ?)", rows)
    return path


class OfDaysOnly(Guard):
    """As an engine would tell with an index on the days: a week is too much, since yesterday is little."""

    def _consider(self, connection: object, statement: str, parameters: object) -> None:
        if "sale" in statement and not any("2026-01-14" in str(one) for one in parameters):  # type: ignore[attr-defined]
            raise TooMuchToRead("sale", OLD + NEW, self.most_rows, "evening")


@pytest.fixture
def database(file: Path, tmp_path: Path) -> Iterator[Database]:
    config = TargetConfig.model_validate(
        {
            "target": {"name": "tried"},
            "business": {"timezone": "UTC", "go_live": date(2026, 1, 1)},
            "database": {"url": f"sqlite:///{file}"},
            "mapping": {
                "time": "utc",
                "money": "cents",
                "sale": {"table": "sale", "columns": {"id": "id", "created_at": "made", "total": "total"}},
            },
        }
    )
    database = Database(Target(config, tmp_path, NOW), OfDaysOnly(500))
    yield database
    database.close()


def asked(database: Database, *, dated: bool = True) -> Violations:
    model = Model(database.target, database)
    sale = model.records("sale")
    return model.violations(
        ViolationQuery(
            source=sale.source,
            wrong=sale["total"] > 5,
            show={"sale": model.shown(sale, "id")},
            place=sale.place,
            dated=sale.instant("created_at") if dated else None,
        )
    )


def test_what_is_wrong_among_the_newest_is_found(database: Database, file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE sale SET total = 7 WHERE id > ?", (OLD + NEW - 3,))
    found = asked(database).found
    assert (found.count, found.of) == (3, NEW)


def test_that_nothing_is_wrong_among_the_newest_is_not_taken_for_all(database: Database) -> None:
    with pytest.raises(NotCovered) as told:
        _ = asked(database).found
    assert f"A question about sale would read about {OLD + NEW:,} rows" in told.value.reason
    assert f"Of those since yesterday, none of {NEW} is wrong." in told.value.reason


def test_what_has_no_date_is_not_asked_at_all(database: Database) -> None:
    with pytest.raises(TooMuchToRead):
        _ = asked(database, dated=False).found
