"""On PostgreSQL the same days come out as on SQLite."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from demo_erp.state import State
from demo_erp.traffic import live_until
from tests.demo_erp.lived_business import copy_of, day_number, local, new_business
from tests.engines.packaged_postgresql import packaged_postgresql

pytestmark = pytest.mark.long

pgserver = packaged_postgresql()
NOON = local(day_number(2), "12:00")
UNTIL = local(day_number(2), "12:30")


@pytest.fixture(scope="module")
def on_postgresql() -> Iterator[State]:
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: the path of a socket may not be long
    server = pgserver.get_server(folder / "data")
    state = new_business(folder / "state", database_url=server.get_uri())
    live_until(state, NOON)
    for minutes in range(3, 31, 3):
        live_until(state, NOON + timedelta(minutes=minutes))
    yield state
    state.database.dispose()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory, opened: Path) -> State:
    state = copy_of(opened, tmp_path_factory.mktemp("sqlite") / "state")
    live_until(state, UNTIL)
    return state


def rows(state: State, sql: str) -> list[tuple[Any, ...]]:
    with state.database.connection() as connection:
        return [tuple(map(plain, row)) for row in connection.execute(text(sql))]


def plain(value: object) -> Decimal | str:
    """Numbers compare as such and days as text, whatever the driver made of them."""
    if isinstance(value, int | float | Decimal):
        return round(Decimal(str(value)), 2)
    return str(value)


@pytest.mark.long
@pytest.mark.parametrize(
    "sql",
    [
        pytest.param(
            "SELECT number, client_reference, state, total, created_by FROM sales ORDER BY client_reference", id="sales"
        ),
        pytest.param("SELECT number, state, progress_percent, budget FROM production_orders ORDER BY 1", id="orders"),
        pytest.param("SELECT user_id, action, trace_id FROM activity_log ORDER BY trace_id, action", id="activity"),
        pytest.param("SELECT branch_id, day, sales_counted, amount_counted FROM day_sheets ORDER BY 1, 2", id="sheets"),
        pytest.param("SELECT kind, state, count(*) FROM jobs GROUP BY 1, 2 ORDER BY 1, 2", id="jobs"),
    ],
)
def test_rows_are_the_same(on_postgresql: State, on_sqlite: State, sql: str) -> None:
    found = rows(on_postgresql, sql)
    assert found
    assert found == rows(on_sqlite, sql)


def test_truth_is_the_same(on_postgresql: State, on_sqlite: State) -> None:
    assert json.loads(on_postgresql.truth_file.read_text()) == json.loads(on_sqlite.truth_file.read_text())


def test_books_balance(on_postgresql: State) -> None:
    unbalanced = "SELECT posting_id FROM ledger_entries GROUP BY 1 HAVING sum(debit) <> sum(credit)"
    assert not rows(on_postgresql, unbalanced)


def test_sequences_are_ahead_of_the_ids_that_were_given(on_postgresql: State) -> None:
    for table in ("sales", "sale_lines", "payments", "activity_log", "production_orders", "jobs"):
        [(newest,)] = rows(on_postgresql, f"SELECT max(id) FROM {table}")
        [(following,)] = rows(on_postgresql, f"SELECT nextval(pg_get_serial_sequence('{table}', 'id'))")
        assert following > newest
