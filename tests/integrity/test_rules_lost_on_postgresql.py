"""A rule that a real PostgreSQL declares no more is missed, although every row holds it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, make_url, text

from hypercare.database.database import Database
from hypercare.history.memory import Memory
from hypercare.history.store import History
from hypercare.integrity import Integrity
from hypercare.target_file.config import DatabaseSection, TargetConfig, TargetSection
from hypercare.target_file.sections.business import BusinessSection
from hypercare.target_file.target import Target
from tests.engines.packaged_postgresql import packaged_postgresql

pytestmark = pytest.mark.engine

pgserver = packaged_postgresql()

SCHEMA = (
    "CREATE TABLE branches (id int PRIMARY KEY, code text UNIQUE)",
    "CREATE TABLE sales (id int PRIMARY KEY, branch_id int REFERENCES branches (id), total int CHECK (total >= 0),"
    " state text CONSTRAINT state_known CHECK (state IN ('draft', 'final')))",
)


@pytest.fixture(scope="module")
def url() -> Iterator[URL]:
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: the path of a socket may not be long
    running = pgserver.get_server(folder / "data")
    address = make_url(running.get_uri()).set(drivername="postgresql+psycopg")
    execute(address, *SCHEMA)
    yield address
    running.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def execute(address: URL, *statements: str) -> None:
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def lost(address: URL, history: History) -> list[str]:
    config = TargetConfig(
        target=TargetSection(name="tried"),
        business=BusinessSection(timezone="Europe/Berlin", go_live="2026-01-08"),  # type: ignore[arg-type]
        database=DatabaseSection(url=address.render_as_string(hide_password=False)),
    )
    database = Database(Target(config, Path("unused"), datetime(2026, 1, 15, 16, tzinfo=UTC)))
    try:
        return [str(row["rule"]) for row in Integrity(database, Memory(lambda: history)).no_longer_declared().sample]
    finally:
        database.close()


@pytest.mark.long
@pytest.mark.parametrize(
    ("table", "constraint", "declared", "rule"),
    [
        ("branches", "branches_code_key", "UNIQUE (code)", "branches.code must be unique"),
        ("sales", "sales_total_check", "CHECK (total >= 0)", "sales.sales_total_check"),
        ("sales", "state_known", "CHECK (state IN ('draft', 'final'))", "sales.state_known"),
        (
            "sales",
            "sales_branch_id_fkey",
            "FOREIGN KEY (branch_id) REFERENCES branches",
            "sales.branch_id → branches.id",
        ),
    ],
)
def test_a_rule_that_was_lost_is_missed_until_it_is_back(
    url: URL, tmp_path: Path, table: str, constraint: str, declared: str, rule: str
) -> None:
    history = History(tmp_path / "history.sqlite", "tried")
    assert lost(url, history) == []
    execute(url, f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
    assert lost(url, history) == [rule]
    execute(url, f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {declared}")
    assert lost(url, history) == []
    history.close()


def test_a_check_worded_anew_is_not_missed(url: URL, tmp_path: Path) -> None:
    history = History(tmp_path / "history.sqlite", "tried")
    lost(url, history)
    execute(
        url,
        "ALTER TABLE sales DROP CONSTRAINT state_known",
        "ALTER TABLE sales ADD CONSTRAINT known CHECK (state IN ('draft', 'final', 'void'))",
    )
    assert lost(url, history) == []
    execute(
        url,
        "ALTER TABLE sales DROP CONSTRAINT known",
        "ALTER TABLE sales ADD CONSTRAINT state_known CHECK (state IN ('draft', 'final'))",
    )
    history.close()
