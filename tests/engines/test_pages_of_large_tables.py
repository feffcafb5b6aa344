"""On servers too a large table is gone through by its primary key, whatever that is made of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, create_engine, func, select

from hypercare.database.schemas import TableName
from hypercare.database.table_facts import TableFacts, table_facts
from hypercare.integrity import rolling_scan
from hypercare.integrity.references import agreed_references, dangling_among
from hypercare.integrity.rolling_scan import RollingScan
from hypercare.integrity.rules import broken_agreements
from hypercare.target_file.mapping import AgreedReference, AgreedRule
from tests.engines.mariadb_server import MariaDB
from tests.engines.postgresql_server import PostgreSQL
from tests.operations.round_memory import Remembering

pytestmark = pytest.mark.engine
ROWS = 700
FIRST_DAY = datetime(2026, 1, 15, 9, tzinfo=UTC)
TABLES = {
    "by_uuid": "id {uuid} PRIMARY KEY, place integer, folder integer",
    "by_text": "id varchar(40) PRIMARY KEY, place integer, folder integer",
    "by_two": "folder integer, place integer, PRIMARY KEY (folder, place)",
}
ID = {
    "postgresql": "CAST(md5(CAST({number} AS text)) AS uuid)",
    "mariadb": "CAST(CONCAT(SUBSTR(MD5({number}), 1, 8), '-1111-1111-1111-', SUBSTR(MD5({number}), 9, 12)) AS CHAR)",
}


@pytest.fixture(params=["postgresql", "mariadb"])
def connection(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    server: PostgreSQL | MariaDB = request.getfixturevalue(request.param)
    is_postgresql = request.param == "postgresql"
    number, numbers = ("n", f"generate_series(1, {ROWS}) AS n") if is_postgresql else ("seq", f"seq_1_to_{ROWS}")
    server.execute("CREATE DATABASE paged")
    identifier = ID[request.param].format(number=number)
    statements = [f"CREATE TABLE {name} ({columns.format(uuid='uuid')})" for name, columns in TABLES.items()]
    for name in ("by_uuid", "by_text"):
        shown = identifier if name == "by_uuid" else f"CONCAT('N-', {identifier})"
        statements.append(f"INSERT INTO {name} SELECT {shown}, {number}, {number} % 100 FROM {numbers}")
    statements.append(f"INSERT INTO by_two SELECT {number} % 100, {number} FROM {numbers}")
    statements += ["CREATE TABLE folders (id integer PRIMARY KEY)"]
    statements.append(f"INSERT INTO folders SELECT {number} - 1 FROM {numbers} WHERE {number} <= 100")
    statements.append("ANALYZE" if is_postgresql else "ANALYZE TABLE by_uuid, by_text, by_two, folders")
    server.execute(*statements, database="paged")
    monkeypatch.setattr(rolling_scan, "READ_WHOLE_UP_TO", 100)
    url = server.url("paged").set(drivername="postgresql+psycopg" if is_postgresql else "mysql+pymysql")
    engine = create_engine(url)
    with engine.connect() as opened:
        yield opened
    engine.dispose()
    server.execute("DROP DATABASE paged WITH (FORCE)" if is_postgresql else "DROP DATABASE paged")


@pytest.mark.parametrize(("table", "order"), [("by_uuid", "id"), ("by_text", "id"), ("by_two", "folder")])
def test_a_row_that_breaks_is_found_within_a_week_and_no_day_reads_all(
    connection: Connection, table: str, order: str
) -> None:
    facts = table_facts(connection, TableName(None, table))
    assert facts is not None
    assert (facts.key, facts.order) == (None, order)
    memory = Remembering()
    rule = AgreedRule(table=table, name="A place is positive", holds="place > 0")
    reference = AgreedReference(child=f"{table}.folder", parent="folders.id")
    reads: list[int] = []
    found: list[tuple[int, int]] = []
    for day in range(10):
        if day == 2:
            connection.exec_driver_sql(f"UPDATE {table} SET place = -1 WHERE place IN (3, 350, 699)")
            connection.exec_driver_sql("DELETE FROM folders WHERE id = 50")
        now = FIRST_DAY + timedelta(days=day)
        scan = RollingScan(memory, now, now.date())
        source = TableName(None, table)
        portion = scan.portion(connection, "reading", source)
        counted = f"SELECT count(*) FROM {table}" if portion.rows is None else ""
        reads.append(int(connection.exec_driver_sql(counted).scalar_one()) if counted else _read(connection, portion))
        scan.answered(portion)
        broken = broken_agreements(connection, [rule], scan)
        dangling = dangling_among(connection, agreed_references([reference]), scan)
        found.append((sum(one.count for one in broken), sum(one.count for one in dangling)))
        scan.keep(table)
    assert reads[0] == ROWS
    assert max(reads[1:]) <= ROWS / 7 + 15
    assert sum(reads[1:8]) >= ROWS
    assert found[9] == (3, 7)
    assert found == sorted(found)


def _read(connection: Connection, portion: rolling_scan.Portion) -> int:
    table = TableName(None, portion.question.partition(":")[0])
    return int(
        connection.execute(select(func.count()).select_from(table.clause()).where(*portion.among())).scalar_one()
    )


def test_a_key_that_grows_is_gone_through_by_its_range(connection: Connection) -> None:
    facts = table_facts(connection, TableName(None, "folders"))
    assert isinstance(facts, TableFacts)
    assert (facts.key, facts.order) == ("id", None)
