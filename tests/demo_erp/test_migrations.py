"""A database made by the migrations is the one that the program is written for."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, create_engine, inspect, text

from demo_erp.database import Database
from demo_erp.schema import Base
from tests.engines.packaged_postgresql import packaged_postgresql


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory):
    """The address of an empty PostgreSQL database that is thrown away."""
    server = packaged_postgresql().get_server(tmp_path_factory.mktemp("postgresql"))
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.engine)])
def database(request, tmp_path):
    url = "sqlite:///erp.sqlite"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_server")
        with create_engine(url.replace("postgresql:", "postgresql+psycopg:")).begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    database = Database(url, tmp_path)
    database.create()
    yield database
    database.dispose()


def test_the_migrations_make_what_the_tables_declare(database):
    with database.connection() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_migrations_make_every_check_that_the_tables_declare(database):
    """Comparing metadata leaves these out."""
    found = inspect(database.engine)
    for name, table in Base.metadata.tables.items():
        declared = [check for check in table.constraints if isinstance(check, CheckConstraint)]
        made = {check["name"] for check in found.get_check_constraints(name)}
        assert made == {check.name for check in declared}


def test_running_them_again_changes_nothing(database):
    before = sorted(inspect(database.engine).get_table_names())
    database.upgrade()
    assert sorted(inspect(database.engine).get_table_names()) == before


def test_every_table_stands_in_one_module_of_the_schema():
    import demo_erp.schema as schema

    exported = {getattr(schema, name) for name in schema.__all__}
    assert {mapper.class_ for mapper in Base.registry.mappers} <= exported
    assert all(len(file.read_text().splitlines()) < 400 for file in Path(schema.__file__).parent.glob("*.py"))
