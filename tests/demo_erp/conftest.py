"""What the tests of the business system share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.demo_erp.lived_business import LivedBusiness, lived, new_business
from tests.demo_erp.shop import Shop, copied, prepare


@pytest.fixture(scope="session")
def business(tmp_path_factory: pytest.TempPathFactory) -> LivedBusiness:
    """Fourteen days of history; only to be looked at."""
    return lived(tmp_path_factory.mktemp("lived") / "state")


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state folder of a business on the eve of go-live; to be copied, not to be lived in."""
    return new_business(tmp_path_factory.mktemp("opened") / "state").folder


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state folder of a small business that nobody serves; to be copied."""
    return prepare(tmp_path_factory.mktemp("prepared") / "state")


@pytest.fixture(scope="session")
def open_shop(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A small business for all tests that only look at it."""
    return copied(prepared, tmp_path_factory.mktemp("shop") / "state")


@pytest.fixture
def shop(prepared: Path, tmp_path: Path) -> Shop:
    """A small business of the test's own."""
    return copied(prepared, tmp_path / "state")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A business that lives for days, and each record asked for by strangers, are too dear for the fast tier."""
    here = Path(__file__).parent
    for item in items:
        if item.path.parent == here and item.path.stem.startswith(("test_traffic_", "test_isolation")):
            item.add_marker(pytest.mark.slow)
