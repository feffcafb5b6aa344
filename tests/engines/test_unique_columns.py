"""The catalogue tells by which columns no two rows of a table are the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine

from hypercare.database.schemas import TableName
from hypercare.database.table_facts import table_facts
from tests.engines.mariadb_server import MariaDB
from tests.engines.postgresql_server import PostgreSQL

STATEMENTS = (
    "CREATE TABLE bills (id integer PRIMARY KEY, no varchar(20), shop integer, year integer, note varchar(20))",
    "CREATE UNIQUE INDEX by_no ON bills (no)",
    "CREATE UNIQUE INDEX by_shop ON bills (shop, year)",
    "CREATE INDEX by_year ON bills (year)",
)
ONLY_SOME = "CREATE UNIQUE INDEX by_note ON bills (note) WHERE year > 2000"


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def connection(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Connection]:
    is_mariadb = request.param == "mariadb"
    statements = [*STATEMENTS, *([] if is_mariadb else [ONLY_SOME])]
    if request.param == "sqlite":
        file = tmp_path / "shop.sqlite"
        with closing(sqlite3.connect(file)) as made:
            made.executescript("; ".join(statements))
        engine = create_engine(f"sqlite:///{file}")
        with engine.connect() as opened:
            yield opened
        engine.dispose()
        return
    server: PostgreSQL | MariaDB = request.getfixturevalue(request.param)
    server.execute("CREATE DATABASE apart")
    server.execute(*statements, database="apart")
    engine = create_engine(server.url("apart").set(drivername="mysql+pymysql" if is_mariadb else "postgresql+psycopg"))
    with engine.connect() as opened:
        yield opened
    engine.dispose()
    server.execute("DROP DATABASE apart" + ("" if is_mariadb else " WITH (FORCE)"))


@pytest.mark.engine
def test_a_column_is_unique_by_an_index_of_its_own_over_all_rows(connection: Connection) -> None:
    facts = table_facts(connection, TableName(None, "bills"))
    assert facts is not None
    assert facts.unique - {"id"} == {"no"}
