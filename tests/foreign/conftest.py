"""Systems that nobody here wrote, for these tests: built from the registries once, copied for every use.

They run only when they are asked for (`make foreign`), since building one takes up to a quarter of an hour.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from targets.foreign.live_system import LiveSystem
from targets.ledger import system as ledger
from targets.pretix import system as pretix
from targets.tryton.engines import PostgreSQL
from targets.tryton.run import Run, run_in
from tests.engines.packaged_postgresql import packaged_postgresql

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    own = [item for item in items if _HERE in item.path.parents]
    for item in own:
        item.add_marker("foreign")
        item.add_marker(pytest.mark.timeout(3600))
    if "foreign" not in config.option.markexpr:
        items[:] = [item for item in items if item not in own]
        config.hook.pytest_deselected(items=own)


@pytest.fixture(scope="session")
def made_pretix() -> Path:
    try:
        return pretix.prepared()
    except pretix.CouldNotBeMade as trouble:
        pytest.skip(f"no pretix here: {trouble}")


@pytest.fixture(scope="module")
def live_pretix(made_pretix: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSystem]:
    system = pretix.live_system(made_pretix, tmp_path_factory.mktemp("pretix") / "system")
    yield system
    system.close()


@pytest.fixture(scope="session")
def ledger_run() -> Iterator[Run]:
    packaged_postgresql()
    with run_in(ledger.CACHE) as run:
        engine = run.engine("postgresql")
        if isinstance(engine, PostgreSQL) and str(engine.programs) not in os.environ["PATH"]:
            # Restores use the programs of the server's own version.
            os.environ["PATH"] = f"{engine.programs}{os.pathsep}{os.environ['PATH']}"
        yield run


@pytest.fixture(scope="session")
def made_ledger(ledger_run: Run) -> Path:
    try:
        return ledger.prepared(ledger_run)
    except ledger.CouldNotBeMade as trouble:
        pytest.skip(f"no django-ledger here: {trouble}")


@pytest.fixture(scope="module")
def live_ledger(made_ledger: Path, ledger_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSystem]:
    system = ledger.live_system(made_ledger, tmp_path_factory.mktemp("ledger") / "system", ledger_run)
    yield system
    system.close()
