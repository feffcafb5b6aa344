"""A served business and people at their browsers, for the test modules that name this plugin."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.demo_erp.served_business import ServedBusiness, Visitor, chromium, served


@pytest.fixture(scope="session")
def served_business(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedBusiness]:
    """Two days of history, served; to be changed only in ways that no other test minds."""
    with served(tmp_path_factory.mktemp("served") / "state") as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for a module, since a process has room for one Playwright; visitors get a window of their own."""
    with chromium() as found:
        if found is None:
            pytest.skip("there is no Chromium on this machine")
        yield found


@pytest.fixture
def visitor(served_business: ServedBusiness, browser: Browser) -> Iterator[Visitor]:
    """Somebody at a desk."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield Visitor(served_business, context, context.new_page())
    context.close()


@pytest.fixture
def phone(served_business: ServedBusiness, browser: Browser) -> Iterator[Visitor]:
    """Somebody with a phone."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    yield Visitor(served_business, context, context.new_page())
    context.close()
