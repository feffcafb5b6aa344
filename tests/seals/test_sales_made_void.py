"""Which sales count as made void on a day: where nothing finds them by that, those of the last weeks."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from hypercare.operations.sales import Sales
from tests.seals.conftest import Change, Round

OLD = "(SELECT min(id_) FROM sale_rows WHERE state_ = 'final')"
MADE_VOID = "UPDATE sale_rows SET state_ = 'void', voided_at_ = '2026-04-01 10:00:00' WHERE id_ ="
LONG_AGO = f"UPDATE sale_rows SET created_at_ = '2026-01-02 10:00:00' WHERE id_ = {OLD}"
INDEX = "CREATE INDEX by_voided ON sale_rows (voided_at_)"


@pytest.fixture
def business_with_index(business: Path) -> None:
    with closing(sqlite3.connect(business)) as connection, connection:
        connection.execute(INDEX)


def made_void_today(next_round: Round) -> int:
    seals = next_round()
    sales = Sales(seals.model.target, seals.model.database, seals)
    return sales.voided(seals.model.target.today).count


@pytest.mark.parametrize(
    ("statements", "counted"),
    [
        pytest.param([f"{MADE_VOID} {OLD}"], 1, id="a sale of two weeks ago"),
        pytest.param([LONG_AGO, f"{MADE_VOID} {OLD}"], 0, id="a sale of three months ago"),
    ],
)
def test_sales_made_void_are_counted_of_the_last_weeks_alone(
    next_round: Round, change: Change, statements: list[str], counted: int
) -> None:
    before = made_void_today(next_round)
    change(*statements)
    assert made_void_today(next_round) - before == counted


@pytest.mark.usefixtures("business_with_index")
def test_where_an_index_finds_them_all_are_counted(next_round: Round, change: Change) -> None:
    before = made_void_today(next_round)
    change(LONG_AGO, f"{MADE_VOID} {OLD}")
    assert made_void_today(next_round) - before == 1
