"""A real Tryton for these tests: built from the registries once, copied for every use.

They run only when they are asked for (`make tryton`), since building it takes minutes.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from targets.tryton.engines import PostgreSQL
from targets.tryton.prepared import Prepared, prepared
from targets.tryton.run import Run, run_in
from targets.tryton.software import CACHE, Software, Unobtainable, software
from targets.tryton.system import TrytonSystem
from tests.engines.packaged_postgresql import packaged_postgresql

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
def run() -> Iterator[Run]:
    with run_in(CACHE) as run:
        yield run


@pytest.fixture(scope="session")
def tryton_software() -> Software:
    try:
        return software()
    except Unobtainable as trouble:
        pytest.skip(f"no Tryton here: {trouble}")


@pytest.fixture(scope="session")
def prepared_on(request: pytest.FixtureRequest, tryton_software: Software, run: Run) -> Prepared:
    """The Tryton to be copied, on the engine that is the fixture's parameter."""
    name = request.param
    if name == "postgresql":
        packaged_postgresql()
    engine = run.engine(name)
    if isinstance(engine, PostgreSQL) and str(engine.programs) not in os.environ["PATH"]:
        # Restores use the programs of the server's own version.
        os.environ["PATH"] = f"{engine.programs}{os.pathsep}{os.environ['PATH']}"
    return prepared(tryton_software, engine, run)


Copied = Callable[..., AbstractContextManager[TrytonSystem]]


@pytest.fixture(scope="session")
def copied(tryton_software: Software, run: Run) -> Copied:
    """A copy of a prepared Tryton for the length of a block; served, or without backups, if asked for."""

    @contextmanager
    def copied(prepared: Prepared, *, served: bool = False, backed_up: bool = True) -> Iterator[TrytonSystem]:
        system = TrytonSystem(tryton_software, prepared, run, run.folder / f"system-{next(_NUMBERS)}")
        try:
            system.lay_out(backed_up=backed_up)
            if served:
                system.start()
            yield system
        finally:
            system.remove()

    return copied
