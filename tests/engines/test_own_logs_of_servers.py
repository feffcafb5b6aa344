"""The logs that real servers write of themselves, in each form that they know: the errors of the application."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from hypercare.database.engine import APPLICATION, MARK
from hypercare.log_levels.gravity import Gravity
from hypercare.logs import Logs
from hypercare.logs.errors import Errors
from hypercare.sources_read.log_sources import LogSources
from hypercare.target_file.config import TargetConfig, TargetSection
from hypercare.target_file.sections.business import BusinessSection
from hypercare.target_file.sections.logs import LogSource
from hypercare.target_file.target import Target
from tests.engines.mariadb_server import MariaDB
from tests.engines.postgresql_server import PostgreSQL


def target_of(log: Path, state: Path) -> Target:
    now = datetime.now(UTC)
    config = TargetConfig(
        target=TargetSection(name="tried"),
        business=BusinessSection(timezone="UTC", go_live=now.date() - timedelta(days=3)),
        logs=(LogSource(name="database", path=log, holds="database", format="text"),),
    )
    return Target(config, state, now, previous_round=now - timedelta(hours=1))


def once_told(log: Path, state: Path, is_told: Callable[[Errors], bool]) -> Errors:
    """What stands in the log, once it is there: a server writes it when it has time."""
    for _ in range(200):
        if log.exists():
            target = target_of(log, state)
            errors = Logs(target).errors(target.since_last_round)
            if is_told(errors):
                return errors
        time.sleep(0.05)
    raise AssertionError(f"the server wrote nothing of it into {log}")


def fails(url: URL, statement: str, application: str) -> None:
    engine = create_engine(url, poolclass=NullPool, connect_args={"application_name": application})
    with engine.connect() as connection, pytest.raises(DBAPIError):
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(scope="module")
def writing(postgresql: PostgreSQL) -> Iterator[Path]:
    """Where PostgreSQL writes its log in all of its forms."""
    postgresql.execute(
        "ALTER SYSTEM SET logging_collector = on",
        "ALTER SYSTEM SET log_destination = 'stderr,csvlog,jsonlog'",
        "ALTER SYSTEM SET log_filename = 'erp.log'",
        "ALTER SYSTEM SET log_line_prefix = '%m [%p] %q%a '",
    )
    postgresql.stop()
    postgresql.start()
    yield postgresql.data / "log"
    postgresql.execute("ALTER SYSTEM RESET ALL")
    postgresql.stop()
    postgresql.start()


@pytest.mark.parametrize("name", ["erp.log", "erp.csv", "erp.json"])
def test_postgresql_tells_the_applications_errors(
    postgresql: PostgreSQL, writing: Path, tmp_path: Path, name: str
) -> None:
    table = f"nothing_of_{name.replace('.', '_')}"
    fails(postgresql.url(), f"SELECT * FROM {table}_ours", APPLICATION)
    fails(postgresql.url(), f"SELECT * FROM {table}_marked {MARK}", "erp")
    fails(postgresql.url(), f"SELECT\n  * FROM {table}", "erp")
    errors = once_told(writing / name, tmp_path, lambda found: any(table in one.sample for one in found.groups))
    errors.require_understood()
    said = [one.sample for one in errors.groups if table in one.sample]
    assert len(said) == 1 and f'relation "{table}" does not exist' in said[0]
    target = target_of(writing / name, tmp_path)
    read = LogSources(target, Logs(target)).read("database", target.since_last_round)
    assert (read.behind().count, read.sources[0].newest is not None) == (0, True)
    read.require_understood()


def test_mariadb_tells_its_errors(mariadb: MariaDB, tmp_path: Path) -> None:
    mariadb.execute("CREATE DATABASE events_of_night", "SET GLOBAL event_scheduler = ON")
    mariadb.execute(
        "CREATE EVENT tidy ON SCHEDULE AT CURRENT_TIMESTAMP DO INSERT INTO nothing VALUES (1)",
        database="events_of_night",
    )
    log = mariadb.folder.parent / "server.log"
    errors = once_told(log, tmp_path, lambda found: any("nothing" in one.sample for one in found.groups))
    errors.require_understood()
    # Others damage tables of the same server.
    of_events = [one for one in errors.groups if "Event Scheduler" in one.sample]
    assert of_events and not any(one.gravity is Gravity.CRITICAL for one in of_events)
