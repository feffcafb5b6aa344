"""Where somebody works over midnight it is said to which day the books count that, or nothing is judged."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hypercare.database.database import Database
from hypercare.operations.manual_records import ManualRecords
from hypercare.operations_model.model import Model
from hypercare.outcome.signals import NotCovered
from tests.operations import plain_schema
from tests.operations.checking import make_target
from tests.operations.facts import AS_OF, TODAY, healthy

DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
BAR = {"branch": "N", "days": DAYS, "opens": "18:00", "closes": "02:00"}
SHOP = {"branch": "N", "days": DAYS, "opens": "09:00", "closes": "18:00"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "business.sqlite"
    plain_schema.fill(f"sqlite:///{place}", healthy())
    return place


@pytest.fixture
def differing(file: Path) -> Iterator[Any]:
    opened: list[Database] = []

    def differing(**business: Any) -> int:
        target = make_target(f"sqlite:///{file}", plain_schema.mapping(), AS_OF, business=business)
        opened.append(Database(target))
        return ManualRecords(Model(target, opened[-1])).where_they_differ_from_the_sales().count

    yield differing
    for one in opened:
        one.close()


def test_sheets_are_not_judged_while_nobody_says_when_their_day_begins(differing: Any) -> None:
    assert differing(hours=[SHOP]) == 0
    with pytest.raises(NotCovered, match="works over midnight"):
        differing(hours=[BAR])
    assert differing(hours=[BAR], day_starts="04:00") == 0


def test_what_was_sold_after_midnight_counts_for_the_day_before(differing: Any, file: Path) -> None:
    yesterday = TODAY - timedelta(days=1)
    with closing(sqlite3.connect(file)) as connection, connection:
        moved = connection.execute(
            "UPDATE sale_rows SET finalised_at_ = ? WHERE id_ = "
            "(SELECT id_ FROM sale_rows WHERE state_ = 'final' AND date(finalised_at_) = ? LIMIT 1)",
            (f"{TODAY} 00:30:00", str(yesterday)),
        )
        assert moved.rowcount == 1
    assert differing(hours=[BAR], day_starts="04:00") == 0
    assert differing(hours=[SHOP]) == 1
