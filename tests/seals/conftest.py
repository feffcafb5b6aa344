"""The small healthy business with a history of its own, whose days may be changed between two rounds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hypercare.database.database import Database
from hypercare.history.store import History
from hypercare.seals import Seals, SealStore
from hypercare.target_file.target import Target
from tests.operations import plain_schema
from tests.operations.checking import make_target
from tests.operations.facts import AS_OF, GO_LIVE, healthy
from tests.operations.round_memory import CANARY

Change = Callable[..., None]
Round = Callable[..., Seals]


@pytest.fixture(scope="session")
def healthy_business(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("business") / "business.sqlite"
    plain_schema.fill(f"sqlite:///{file}", healthy())
    return file


@pytest.fixture
def business(healthy_business: Path, tmp_path: Path) -> Path:
    file = tmp_path / "business.sqlite"
    file.write_bytes(healthy_business.read_bytes())
    return file


@pytest.fixture
def change(business: Path) -> Change:
    """Run statements, each of which has to change something."""

    def change(*statements: str) -> None:
        with closing(sqlite3.connect(business)) as connection, connection:
            for statement in statements:
                assert connection.execute(statement).rowcount, f"nothing was changed by {statement}"

    return change


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    opened = History(tmp_path / "history.sqlite", "shop")
    yield opened
    opened.close()


@pytest.fixture
def opened_round(business: Path, history: History) -> Iterator[Callable[..., tuple[Target, Database, SealStore]]]:
    """What seals are made of in a new round; `sections` are of its target file."""
    databases: list[Database] = []

    def opened(
        *, rules: str = "1", only_recalls: bool = False, without_history: bool = False, **sections: Any
    ) -> tuple[Target, Database, SealStore]:
        sections = {
            "mapping": plain_schema.mapping(),
            "as_of": AS_OF,
            "go_live": GO_LIVE,
            "canary": CANARY,
            **sections,
        }
        target = make_target(f"sqlite:///{business}", **sections)
        databases.append(Database(target))
        store = SealStore(None if without_history else lambda: history, rules=rules, only_recalls=only_recalls)
        return target, databases[-1], store

    yield opened
    for one in databases:
        one.close()


@pytest.fixture
def next_round(opened_round: Callable[..., tuple[Target, Database, SealStore]]) -> Round:
    """The seals as a new round meets them; `sections` are of its target file."""
    return lambda **sections: Seals(*opened_round(**sections))
