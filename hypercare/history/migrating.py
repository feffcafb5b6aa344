"""Bringing the tables of a history up to date when it is opened."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, inspect, select

from hypercare.history import tables
from hypercare.history.engine import one_writer
from hypercare.history.problem import HistoryProblem

# The newest revision in migrations/versions/, so that an up-to-date history is known without loading Alembic.
HEAD = "0004"
# What the first version made, before it kept revisions.
_WITHOUT_REVISION = "0001"
REVISION_TABLE = "history_revision"
_revision = Table(REVISION_TABLE, MetaData(), Column("version_num", String(32), primary_key=True))


def bring_up_to_date(engine: Engine, shown: str) -> None:
    """Make the tables, or run the revisions that are missing. Of several that open at once, one does it.

    Raises:
        HistoryProblem: a newer version of this program wrote the history, or something else lies there.
        sqlalchemy.exc.DBAPIError: it cannot be opened or written.
    """
    with engine.connect().execution_options(reads=True) as connection:
        if _revision_of(connection) == HEAD:
            return
    with engine.begin() as connection:
        one_writer(connection, "the tables of the history")
        found = _revision_of(connection)
        if found == HEAD:
            return
        if found is None and not _tables_there(connection):
            tables.metadata.create_all(connection)
            _revision.create(connection)
            connection.execute(_revision.insert().values(version_num=HEAD))
            return
        if found is None:
            _check_ours(connection, shown)
        _migrate(connection, found, shown)


def _revision_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table(REVISION_TABLE):
        return None
    return connection.execute(select(_revision.c.version_num)).scalar()


def _tables_there(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) & set(tables.metadata.tables)


def _check_ours(connection: Connection, shown: str) -> None:
    looker = inspect(connection)
    there = {column["name"] for column in looker.get_columns("rounds")} if looker.has_table("rounds") else set()
    if not {"target", "round", "as_of"} <= there:
        raise HistoryProblem(
            f"the history {shown} cannot be used: tables of something else lie there; give it a database or a schema "
            "of its own"
        )


def _migrate(connection: Connection, found: str | None, shown: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    known_revisions = {revision.revision for revision in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known_revisions:
        raise HistoryProblem(
            f"the history {shown} was written by a newer version of hypercare (revision {found}; this one knows "
            f"{HEAD}); install that version here, or give this one a history of its own"
        )
    if found is None:
        command.stamp(config, _WITHOUT_REVISION)
    command.upgrade(config, "head")
