"""Records that are JSON documents, and logs of events, get a proposal that answers; SQLite and PostgreSQL alike."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from hypercare.init.proposal import Proposal
from tests.engines.packaged_postgresql import packaged_postgresql
from tests.init.accuracy import proposal_for

STATES = ("paid", "paid", "draft", "cancelled")
EVENTS = ("OrderPlaced", "LineAdded", "OrderPaid", "NoteWritten")


def documents() -> list[tuple[str, str]]:
    found = []
    for n in range(1, 41):
        lines = [{"sku": f"S{k}", "quantity": k, "price": 2.5 * n, "amount": 2.5 * n * k} for k in (1, 2)]
        told = {
            "number": f"O-{n:04}",
            "status": STATES[n % 4],
            "total": 7.5 * n,
            "created_at": f"2026-03-{1 + n % 28:02}T10:00:00Z",
            "customer": {"id": f"C{n % 7}", "name": "it's one"},
            "lines": lines,
        }
        found.append((f"id-{n:03}", json.dumps(told)))
    return found


def events() -> list[tuple[int, str, str, str, str, str]]:
    found = []
    for n in range(1, 21):
        for at, kind in enumerate(EVENTS):
            payload = {"OrderPlaced": {"number": f"O-{n}"}, "OrderPaid": {"total": 5 * n}}.get(kind, {"text": "x"})
            when = f"2026-03-{1 + n:02} 1{at}:00:00"
            found.append((len(found) + 1, f"o{n}", "order", kind, json.dumps(payload), when))
    return found


@pytest.fixture
def on_sqlite(tmp_path: Path) -> str:
    file = tmp_path / "store.sqlite"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE orders (id TEXT PRIMARY KEY, doc TEXT NOT NULL)")
        connection.executemany("INSERT INTO orders VALUES (?, ?)", documents())
    return f"sqlite:///{file}"


@pytest.fixture
def log_on_sqlite(tmp_path: Path) -> str:
    file = tmp_path / "log.sqlite"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(
            "CREATE TABLE events (id INTEGER PRIMARY KEY, stream_id TEXT, stream_type TEXT, event_type TEXT, "
            "payload JSON, recorded_at DATETIME)"
        )
        connection.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", events())
    return f"sqlite:///{file}"


@pytest.fixture(scope="module")
def on_postgresql() -> Iterator[str]:
    server_of = packaged_postgresql()
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: the path of a socket may not be long
    server = server_of.get_server(folder / "data")
    engine = create_engine(server.get_uri().replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE orders (id TEXT PRIMARY KEY, doc JSONB NOT NULL)"))
        for key, doc in documents():
            connection.execute(text("INSERT INTO orders VALUES (:key, :doc)"), {"key": key, "doc": doc})
    yield engine.url.render_as_string(hide_password=False)
    engine.dispose()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def columns(proposal: Proposal, entity: str) -> dict[str, str | None]:
    return {name: one.column for name, one in proposal.entities[entity].fields.items() if not one.held_back}


def rows(url: str, query: str) -> list[dict[str, object]]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = [dict(row) for row in connection.execute(text(query)).mappings()]
    engine.dispose()
    return found


@pytest.mark.long
@pytest.mark.parametrize("store", ["on_sqlite", pytest.param("on_postgresql", marks=pytest.mark.engine)])
def test_a_store_of_documents_is_proposed_with_its_lines(store: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue(store)
    proposal = proposal_for(url)
    sale = columns(proposal, "sale")
    assert {name: sale[name] for name in ("id", "number", "state", "total", "created_at")} == {
        "id": "id",
        "number": "number",
        "state": "status",
        "total": "total",
        "created_at": "created_at",
    }
    assert columns(proposal, "sale_line")["sale"] == "order_id"
    made, lines = proposal.entities["sale"].select, proposal.entities["sale_line"].select
    assert made is not None
    assert lines is not None
    first = next(row for row in rows(url, made) if row["id"] == "id-002")
    assert (float(str(first["total"])), first["customer_name"]) == (15.0, "it's one")
    assert sum(float(str(row["amount"])) for row in rows(url, lines) if row["order_id"] == "id-002") == 15.0


def test_a_log_of_events_is_put_together_as_a_comment(log_on_sqlite: str) -> None:
    proposal = proposal_for(log_on_sqlite)
    made = proposal.doubtful["sale"]
    assert "put together from events" in made.why
    assert made.select is not None
    first = next(row for row in rows(log_on_sqlite, made.select) if row["id"] == "o3")
    assert (first["state"], first["number"], first["total"]) == ("OrderPaid", "O-3", 15)


def test_a_table_of_columns_that_keeps_a_document_besides_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "shop.sqlite"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, number TEXT, customer_id INTEGER, status TEXT, total REAL, "
            "created_at TEXT, paid_at TEXT, note TEXT, data JSON)"
        )
        told = [(n, f"O{n}", n % 5, "paid", n, "2026-03-01 10:00:00", None, None, '{"total": 1}') for n in range(1, 30)]
        connection.executemany(f"INSERT INTO orders VALUES ({', '.join('?' * 9)})", told)
    assert proposal_for(f"sqlite:///{file}").entities["sale"].select is None


def test_keys_that_cannot_stand_in_sql_are_left_to_a_person(tmp_path: Path) -> None:
    file = tmp_path / "shop.sqlite"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, doc TEXT)")
        told = {"total": 3, "it's": 1, 'a"b': 2, "c:d": 3, "number": "O1", "customer_id": 4, "status": "paid"}
        connection.executemany("INSERT INTO orders VALUES (?, ?)", [(n, json.dumps(told)) for n in range(1, 30)])
    proposal = proposal_for(f"sqlite:///{file}")
    made = {**proposal.doubtful, **proposal.entities}["sale"]
    assert made.select is not None
    assert rows(f"sqlite:///{file}", made.select)[0]["total"] == 3
    assert "it's" not in made.select
