"""A column of whole seconds is rounded up by its engine, and lies then a moment after one that keeps more."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, column, create_engine, select, table, text

from hypercare.operations_model.instants import Instant, TimestampFormat
from hypercare.target_file.mapping import TimeForm
from tests.engines.mariadb_server import MariaDB
from tests.engines.postgresql_server import PostgreSQL

pytestmark = pytest.mark.engine

JOB = table("rounded_job", column("id"), column("queued_at"), column("started_at"))
MADE = "CREATE TABLE rounded_job (id INTEGER PRIMARY KEY, queued_at {whole}, started_at {exact})"
# Started at once, within a second, and some seconds before it was queued.
FILLED = (
    "INSERT INTO rounded_job VALUES (1, '2026-01-15 10:30:12.6', '2026-01-15 10:30:12.7'),"
    " (2, '2026-01-15 10:30:12.6', '2026-01-15 10:30:12.1'), (3, '2026-01-15 10:30:12.6', '2026-01-15 10:30:09.7')"
)


def backwards(engine: Engine, made: str, *settings: str) -> list[int]:
    face = TimestampFormat(TimeForm.LOCAL, ZoneInfo("Europe/Berlin"))
    earlier = Instant(JOB.c.started_at, face).precedes(Instant(JOB.c.queued_at, face))
    assert earlier is not None
    with engine.begin() as connection:
        for statement in (*settings, made, FILLED):
            connection.execute(text(statement))
        found = list(connection.scalars(select(JOB.c.id).where(earlier)))
    engine.dispose()
    return found


def test_what_postgresql_rounds_up_is_no_earlier_for_that(postgresql: PostgreSQL) -> None:
    postgresql.execute("CREATE DATABASE rounded")
    made = MADE.format(whole="timestamp(0)", exact="timestamp(6)")
    assert backwards(create_engine(postgresql.url("rounded")), made) == [3]


def test_what_mariadb_rounds_up_is_no_earlier_for_that(mariadb: MariaDB) -> None:
    mariadb.execute("CREATE DATABASE rounded")
    made = MADE.format(whole="DATETIME(0)", exact="DATETIME(6)")
    rounds = "SET SESSION sql_mode = CONCAT(@@sql_mode, ',TIME_ROUND_FRACTIONAL')"
    assert backwards(create_engine(mariadb.url("rounded")), made, rounds) == [3]


# Begun in the same minute, two minutes and a quarter of an hour before it was queued; and what is no moment.
TEXTS = (
    "CREATE TABLE written_job (id INTEGER PRIMARY KEY, queued_at VARCHAR(40), started_at VARCHAR(40))",
    "INSERT INTO written_job VALUES (1, '2026-01-15T10:30:12Z', '2026-01-15T10:30:02Z'),"
    " (2, '2026-01-15T10:30:12Z', '2026-01-15T10:28:02.25Z'), (3, '2026-01-15T00:05Z', '2026-01-14T23:50Z'),"
    " (4, '2026-01-15T10:30:12Z', 'soon'), (5, '2026-01-15T10:30:12Z', '')",
)
WRITTEN = table("written_job", column("id"), column("queued_at"), column("started_at"))


def begun_by_another_clock(engine: Engine) -> list[int]:
    face = TimestampFormat(TimeForm.ISO_UTC, ZoneInfo("Europe/Berlin"))
    began, queued = Instant(WRITTEN.c.started_at, face), Instant(WRITTEN.c.queued_at, face)
    with engine.begin() as connection:
        for statement in TEXTS:
            connection.exec_driver_sql(statement)
        earlier = began.surely_precedes(queued, timedelta(minutes=2))
        found = list(connection.scalars(select(WRITTEN.c.id).where(earlier)))
    engine.dispose()
    return found


def test_text_on_postgresql_tells_what_lies_further_apart_than_two_clocks(postgresql: PostgreSQL) -> None:
    postgresql.execute("CREATE DATABASE written")
    assert begun_by_another_clock(create_engine(postgresql.url("written"))) == [3]


def test_text_on_mariadb_tells_what_lies_further_apart_than_two_clocks(mariadb: MariaDB) -> None:
    mariadb.execute("CREATE DATABASE written")
    assert begun_by_another_clock(create_engine(mariadb.url("written"))) == [3]
