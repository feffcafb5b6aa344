"""Since when the server of a database runs, as it tells itself."""

from datetime import UTC, datetime, timedelta

import pytest

from hypercare.database.database import Database
from hypercare.outcome.signals import NotCovered
from hypercare.stability.process_uptime import start_of_database
from hypercare.target_file.config import DatabaseSection, TargetConfig, TargetSection
from hypercare.target_file.sections.business import BusinessSection
from hypercare.target_file.target import Target
from tests.standins.frozen_target import frozen_target


def database_in_real_time(folder, url):
    config = TargetConfig(
        target=TargetSection(name="tried"),
        business=BusinessSection(timezone="Europe/Berlin", go_live="2026-01-08"),
        database=DatabaseSection(url=url),
    )
    return Database(Target(config, folder, datetime.now(UTC)))


@pytest.mark.engine
@pytest.mark.parametrize("engine", ["postgresql", "mariadb"])
def test_a_server_tells_when_it_was_started(engine, request, tmp_path):
    server = request.getfixturevalue(engine)
    database = database_in_real_time(tmp_path, server.url().render_as_string(hide_password=False))
    now = datetime.now(UTC)
    try:
        assert now - timedelta(hours=2) < start_of_database(database).at <= now + timedelta(seconds=2)
    finally:
        database.close()


def test_a_file_has_no_server(tmp_path):
    database = database_in_real_time(tmp_path, f"sqlite:///{tmp_path / 'x.sqlite'}")
    with pytest.raises(NotCovered, match="does not tell"):
        start_of_database(database)


def test_where_the_business_lives_by_another_clock_no_server_is_asked(tmp_path):
    target = frozen_target(tmp_path, database=DatabaseSection(url="postgresql://nobody@127.0.0.1:9/none"))
    with pytest.raises(NotCovered, match="real time"):
        start_of_database(Database(target))
