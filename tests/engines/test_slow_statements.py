"""What engines count of statements, with the plan of one that is slow and the index that would help."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from hypercare.database.database import Database
from hypercare.outcome.signals import NotCovered
from hypercare.slow_statements.counted import counters_of, since
from hypercare.slow_statements.explaining import plan_of_statement
from hypercare.slow_statements.statement import Statement
from hypercare.target_file.config import DatabaseSection
from tests.engines.mariadb_server import WITHOUT, MariaDB, program, running
from tests.engines.postgresql_server import PostgreSQL
from tests.standins.frozen_target import frozen_target

ROWS = 20_000
QUESTION = "SELECT id FROM parts WHERE owner = 17"


@contextmanager
def database_of(url, folder: Path) -> Iterator[Database]:
    plain = url.render_as_string(hide_password=False)
    database = Database(frozen_target(folder, database=DatabaseSection(url=plain)))
    try:
        yield database
    finally:
        database.close()


def a_statement(example: str) -> Statement:
    return Statement(example, 3, 9000.0, "a test", example=example)


@pytest.fixture
def parts_of_postgresql(postgresql: PostgreSQL) -> Iterator[str]:
    postgresql.execute("CREATE DATABASE slow")
    postgresql.execute(
        "CREATE TABLE parts (id int PRIMARY KEY, owner int)",
        f"INSERT INTO parts SELECT n, n % 500 FROM generate_series(1, {ROWS}) n",
        "ANALYZE parts",
        database="slow",
    )
    yield "slow"
    postgresql.execute("DROP DATABASE slow WITH (FORCE)")


def test_postgresql_says_how_it_goes_about_a_statement(postgresql, parts_of_postgresql, tmp_path):
    with database_of(postgresql.url(parts_of_postgresql), tmp_path) as database:
        plan = plan_of_statement(database, a_statement(f"{QUESTION} AND 'a:xb' LIKE '%:x%'"))
        assert (plan.words, plan.index) == (f"reads all of parts (about {ROWS:,} rows)", "parts (owner)")
        by_key = plan_of_statement(database, a_statement("SELECT owner FROM parts WHERE id = 4"))
        assert (by_key.words, by_key.index) == ("every table by an index", "")


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        ("SELECT id FROM parts WHERE owner = $1", "parts (owner)"),
        ("SELECT id FROM parts WHERE owner = $1 ORDER BY id LIMIT $2", "parts (owner)"),
        ("SELECT owner FROM parts WHERE id = $1", ""),
    ],
)
def test_a_statement_without_its_values_is_explained_for_any(
    postgresql, parts_of_postgresql, tmp_path, statement, index
):
    with database_of(postgresql.url(parts_of_postgresql), tmp_path) as database:
        first, again = (plan_of_statement(database, a_statement(statement)) for _ in range(2))
        assert first == again
        assert first.words
        assert first.index == index
        assert database.value(text("SELECT count(*) FROM pg_prepared_statements WHERE name = 'hypercare_plan'")) == 0


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM parts", "WITH d AS (DELETE FROM parts RETURNING 1) SELECT 1 FROM d", "SELECT 1; DROP TABLE parts"],
)
def test_what_writes_is_not_even_explained(postgresql, parts_of_postgresql, tmp_path, statement):
    with database_of(postgresql.url(parts_of_postgresql), tmp_path) as database:
        assert plan_of_statement(database, a_statement(statement)).words == "only what reads is explained"
        assert database.value(text("SELECT count(*) FROM parts")) == ROWS


def test_a_statement_that_cannot_be_explained_has_no_plan_and_breaks_nothing(postgresql, parts_of_postgresql, tmp_path):
    with database_of(postgresql.url(parts_of_postgresql), tmp_path) as database, database.snapshot():
        assert plan_of_statement(database, a_statement("SELECT gone FROM nowhere")).words == ""
        assert database.value(text("SELECT count(*) FROM parts")) == ROWS


def test_where_postgresql_does_not_count_it_is_said_what_would(postgresql, parts_of_postgresql, tmp_path):
    with database_of(postgresql.url(parts_of_postgresql), tmp_path) as database:
        with pytest.raises(NotCovered) as gap:
            counters_of(database)
        assert "pg_stat_statements" in gap.value.remedy


def test_postgresql_counts_statements_of_the_application_and_not_ours(postgresql, parts_of_postgresql, tmp_path):
    postgresql.execute("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'")
    postgresql.stop()
    postgresql.start()
    try:
        postgresql.execute("CREATE EXTENSION pg_stat_statements", database=parts_of_postgresql)
        with database_of(postgresql.url(parts_of_postgresql), tmp_path) as database:
            postgresql.execute(*[QUESTION] * 4, database=parts_of_postgresql)
            database.value(text("SELECT max(owner) FROM parts"))
            source, before = counters_of(database)
            found = {one.text: one.calls for one in before}
            assert source == "pg_stat_statements"
            assert found["SELECT id FROM parts WHERE owner = ?"] == 4
            assert not any("max(owner)" in text for text in found)
            postgresql.execute(*[QUESTION] * 3, database=parts_of_postgresql)
            _, after = counters_of(database)
            grown = since(after, {one.key: (one.calls, one.total_ms) for one in before}, source)
            assert {one.text: one.calls for one in grown}["SELECT id FROM parts WHERE owner = ?"] == 3
    finally:
        postgresql.execute("ALTER SYSTEM RESET shared_preload_libraries")
        postgresql.stop()
        postgresql.start()


@pytest.fixture
def parts_of_mariadb(mariadb: MariaDB) -> Iterator[str]:
    mariadb.execute("CREATE DATABASE slow")
    mariadb.execute(
        "CREATE TABLE parts (id int PRIMARY KEY, owner int)",
        f"INSERT INTO parts SELECT seq, seq % 500 FROM seq_1_to_{ROWS}",
        "ANALYZE TABLE parts",
        database="slow",
    )
    yield "slow"
    mariadb.execute("DROP DATABASE slow")


def test_mariadb_says_how_it_goes_about_a_statement(mariadb, parts_of_mariadb, tmp_path):
    with database_of(mariadb.url(parts_of_mariadb), tmp_path) as database:
        plan = plan_of_statement(database, a_statement("SELECT p.id FROM parts p WHERE p.owner = 17 AND 'a%b' <> '%s'"))
        assert plan.words.startswith("reads all of parts (about ")
        assert plan.index == "parts (owner)"


def test_mariadb_says_what_would_have_it_count(mariadb, parts_of_mariadb, tmp_path):
    with database_of(mariadb.url(parts_of_mariadb), tmp_path) as database:
        with pytest.raises(NotCovered) as gap:
            counters_of(database)
        assert "performance_schema" in gap.value.remedy


@pytest.mark.long
def test_mariadb_counts_statements_and_what_may_be_our_own_only_where_it_is_put_often(tmp_path):
    if program() is None:
        pytest.skip(WITHOUT)
    pytest.importorskip("pymysql")
    with running(tmp_path, "--performance-schema=ON") as server:
        server.execute("CREATE DATABASE slow")
        server.execute("CREATE TABLE parts (id int, owner int)", *[QUESTION] * 40, database="slow")
        server.execute("SELECT /*!40001 SQL_NO_CACHE */ * FROM parts", "UPDATE parts SET owner = 3", database="slow")
        with database_of(server.url("slow"), tmp_path) as database:
            database.value(text("SELECT max(owner) FROM parts"))
            counted = {one.text: one.calls for one in since(counters_of(database)[1], {}, "a test")}
    assert counted == {"SELECT ID FROM `parts` WHERE OWNER = ?": 40, "UPDATE `parts` SET OWNER = ?": 1}
