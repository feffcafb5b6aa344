"""What the tests of the ways in share."""

from collections.abc import Iterator

import pytest

from hypercare.browser.browser import Browser
from hypercare.outcome.signals import NotCovered
from tests.target.http_standin import Standin


@pytest.fixture
def standin() -> Iterator[Standin]:
    server = Standin()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for all tests of a file; they are skipped, and say so, where there is none."""
    shared = Browser()
    try:
        shared.context().close()
    except NotCovered as gap:
        pytest.skip(str(gap))
    yield shared
    shared.close()
