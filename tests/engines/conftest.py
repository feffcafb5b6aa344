"""The servers of real engines; a test that needs one that cannot be had here is skipped and says so."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines import mariadb_server, postgresql_server


@pytest.fixture(scope="session")
def mariadb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[mariadb_server.MariaDB]:
    if mariadb_server.program() is None:
        pytest.skip(mariadb_server.WITHOUT)
    pytest.importorskip("pymysql")
    with mariadb_server.running(tmp_path_factory.mktemp("m")) as server:
        yield server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[postgresql_server.PostgreSQL]:
    if postgresql_server.programs() is None:
        pytest.skip(postgresql_server.WITHOUT)
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: the path of a socket may not be long
    with postgresql_server.running(folder) as server:
        yield server
    shutil.rmtree(folder, ignore_errors=True)
