"""Histories on both engines, a PostgreSQL for the session that uses it, and processes of their own that write."""

from __future__ import annotations

import multiprocessing
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import URL

from hypercare.history.store import History
from tests.engines.packaged_postgresql import packaged_postgresql


@pytest.fixture(scope="session")
def server() -> Iterator[URL]:
    pgserver = packaged_postgresql()
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: the path of a socket may not be long
    running = pgserver.get_server(folder / "data")
    address = make_url(running.get_uri()).set(drivername="postgresql+psycopg")
    _execute(address, "CREATE DATABASE remembered")
    yield address
    running.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgresql(server: URL) -> Iterator[URL]:
    """An empty database."""
    address = server.set(database="remembered")
    yield address
    _execute(address, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[History]:
    """A history in a file."""
    opened = History(tmp_path / "history.sqlite", "shop")
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.engine)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> URL:
    """Where a history may lie, on either engine; nothing is there yet."""
    if request.param == "sqlite":
        return URL.create("sqlite", database=str(tmp_path / "history.sqlite"))
    address: URL = request.getfixturevalue("postgresql")
    return address


@pytest.fixture
def history(place: URL) -> Iterator[History]:
    opened = History(place, "shop")
    yield opened
    opened.close()


@pytest.fixture
def at_once() -> Callable[..., None]:
    """Call a function in several processes at once, each with arguments of its own."""

    def run(what: Callable[..., Any], arguments: Sequence[Sequence[Any]]) -> None:
        kind = multiprocessing.get_context("fork")
        started = [kind.Process(target=what, args=tuple(words)) for words in arguments]
        for process in started:
            process.start()
        for process in started:
            process.join(timeout=600)
        assert [process.exitcode for process in started] == [0] * len(started)

    return run


def _execute(address: URL, *statements: str) -> None:
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
