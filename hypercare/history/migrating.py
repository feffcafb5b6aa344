"""Bringing the tables of a history up to date when it is opened: copied before where it is a file, and said."""

from __future__ import annotations

import logging
import shutil
import sqlite3
import sys
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, inspect, select

from hypercare.history import tables
from hypercare.history.engine import one_writer
from hypercare.history.problem import HistoryProblem

# The newest revision in migrations/versions/, so that an up-to-date history is known without loading Alembic.
HEAD = "0008"
# What the first version made, before it kept revisions.
_WITHOUT_REVISION = "0001"
REVISION_TABLE = "history_revision"
_LOG = logging.getLogger(__name__)
_revision = Table(REVISION_TABLE, MetaData(), Column("version_num", String(32), primary_key=True))


def bring_up_to_date(engine: Engine, shown: str, *, in_passing: bool = False) -> None:
    """Make the tables, or run the revisions that are missing. Of several that open at once, one does it.

    A file is copied before, and a line says what was done, unless it is a copy itself that lives `in_passing`.

    Raises:
        HistoryProblem: a newer version of this program wrote the history, something else lies there, or it cannot be
            copied.
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
        before = found or _WITHOUT_REVISION
        _migrate(connection, found, shown, copied=not in_passing)
    if not in_passing:
        _say(f"the history {shown} was brought from revision {before} to {HEAD}; {_kept_as(engine, before)}")


def copy_before(file: Path, revision: str) -> Path:
    """Where a history lies as it was before it was brought up to date from a revision."""
    return file.with_name(f"{file.stem}.{revision}{file.suffix}")


def _kept_as(engine: Engine, revision: str) -> str:
    if engine.dialect.name != "sqlite":
        return "a backup of it as it was is the matter of whoever runs that server"
    return f"as it was it lies in {copy_before(Path(str(engine.url.database)), revision)}"


def _say(line: str) -> None:
    _LOG.warning("%s", line)
    print(f"hypercare: {line}", file=sys.stderr, flush=True)


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


def _copy(file: Path, revision: str) -> None:
    """Nobody else writes meanwhile, so that the copy is what the revisions begin with."""
    place = copy_before(file, revision)
    unfinished = place.with_name(f"{place.name}.unfinished")
    try:
        unfinished.unlink(missing_ok=True)
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(unfinished)) as copy:
            source.backup(copy)
        shutil.copymode(file, unfinished)
        unfinished.replace(place)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)  # or it would take the room that is wanting
        reason = f"it is of an older version and cannot be copied to {place}: {error}"
        raise HistoryProblem(f"the history {file} is left as it is; {reason}") from None


def _migrate(connection: Connection, found: str | None, shown: str, *, copied: bool) -> None:
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
    if copied and connection.dialect.name == "sqlite":
        _copy(Path(str(connection.engine.url.database)), found or _WITHOUT_REVISION)
    if found is None:
        command.stamp(config, _WITHOUT_REVISION)
    command.upgrade(config, "head")
