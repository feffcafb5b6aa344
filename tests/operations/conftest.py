"""The small healthy business, in which any statement may change something before a check is asked."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hypercare.database.database import Database
from hypercare.outcome.finding import Finding
from tests.operations import plain_schema
from tests.operations.checking import FILES, Asked, Ended, make_target, run
from tests.operations.facts import AS_OF, GO_LIVE, healthy

CANARY = {"branch": "T", "users": ["robot"]}


@pytest.fixture(scope="module")
def business(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("business") / "business.sqlite"
    plain_schema.fill(f"sqlite:///{file}", healthy())
    return file


@pytest.fixture
def asked(business: Path, tmp_path: Path) -> Asked:
    """How one check ends on the healthy business after these statements, each of which has to change something."""

    def asked(
        name: str,
        *statements: str,
        mapping: dict[str, Any] | None = None,
        go_live: date = GO_LIVE,
        files: tuple[str, ...] = FILES,
    ) -> Ended:
        file = tmp_path / "business.sqlite"
        shutil.copyfile(business, file)
        with closing(sqlite3.connect(file)) as connection, connection:
            for statement in statements:
                assert connection.execute(statement).rowcount, f"nothing was changed by {statement}"
        mapping = mapping or plain_schema.mapping()
        target = make_target(f"sqlite:///{file}", mapping, AS_OF, go_live=go_live, canary=CANARY)
        database = Database(target)
        try:
            return run(target, name, database, files)[name]
        finally:
            database.close()

    return asked


@pytest.fixture
def found(asked: Asked) -> Callable[..., Finding]:
    def found(name: str, *statements: str) -> Finding:
        finding = asked(name, *statements).finding
        assert finding is not None
        return finding

    return found
