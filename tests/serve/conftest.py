"""A served shop for all tests of a file, and one that a test has for itself; passwords that cost little."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hypercare.serve import passwords
from tests.serve.served_shop import ServedShop
from tests.standins.fixtures import browser

__all__ = ["browser"]


@pytest.fixture(autouse=True, scope="session")
def _cheap_passwords() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "COST", passwords.Cost(exponent=4, lanes=1))
        yield


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedShop]:
    served = ServedShop(tmp_path_factory.mktemp("shop"))
    yield served
    served.close()


@pytest.fixture
def own_shop(tmp_path: Path) -> Iterator[ServedShop]:
    served = ServedShop(tmp_path)
    yield served
    served.close()
