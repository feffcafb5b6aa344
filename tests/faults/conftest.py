"""What the proofs of the checks share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from faultlab.fault import Fault
from faultlab.proving.one import prove as prove_one
from faultlab.proving.prepared_day import PreparedDay


@pytest.fixture(scope="session")
def day(tmp_path_factory: pytest.TempPathFactory) -> PreparedDay:
    """Shared by the workers of a session."""
    own = tmp_path_factory.getbasetemp()
    return PreparedDay((own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "prepared-day")


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    """A place for a state folder, which is some 40 MB; gone after the test."""
    yield tmp_path / "state"
    shutil.rmtree(tmp_path / "state", ignore_errors=True)


@pytest.fixture
def prove(day: PreparedDay, tmp_path: Path) -> Iterator[Callable[[Fault], None]]:
    """Put a fault into a fresh copy that nobody serves: the right ones notice it, and it can be taken out again."""

    def proved(fault: Fault) -> None:
        proof = prove_one(fault, (), day, tmp_path)
        assert proof.right, f"{fault.happens} {proof.trouble or proof.verdict['words']}"

    yield proved
    shutil.rmtree(tmp_path / "state", ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Lives of many days are lived only when they are asked for: `make weeks`."""
    if "life" not in config.option.markexpr:
        lives = [item for item in items if item.get_closest_marker("life")]
        items[:] = [item for item in items if item not in lives]
        config.hook.pytest_deselected(items=lives)
